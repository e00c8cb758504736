/**
 * One person's browser with several tabs on a virtual clock: they share storage, a lock and channels, each has its own
 * life. A tab can be killed at any moment, also between a request and its answer: what its promises still go on to do
 * reaches nobody. And it can be frozen: then nothing in it runs until it is thawed, and everything that came meanwhile
 * comes in order.
 */

import type { CacheStorage, DraftStorage, OutboxStorage, TabMessage, Tabs } from '../env.ts'
import { createMemoryCache } from '../memory-cache.ts'
import { createMemoryDrafts } from '../memory-drafts.ts'
import { createMemoryOutbox } from '../memory-outbox.ts'
import type { MembershipHandlers, Transport } from '../transport.ts'
import type { FakeClinic } from './fake-clinic.ts'
import { createFakeTransport, type FakeTransport } from './fake-transport.ts'
import { createVirtualEnv, type VirtualEnv } from './virtual-env.ts'

/** How long storage takes to begin, and to answer; a lock to be granted; a message to the next tab. */
const STEP_MS = 1

export interface VirtualTab {
  readonly env: VirtualEnv
  readonly transport: Transport
  /** Without the tab's life between: for what the server or the test do. */
  readonly bare: FakeTransport
  readonly is: 'running' | 'frozen' | 'dead'
  /** Whether it has the lead of anything. */
  readonly leads: boolean
  kill(): void
  freeze(): void
  thaw(): void
  /** Its storage fails from now on: a newer version of the page in another tab has taken it. */
  loseStorage(): void
  regainStorage(): void
}

export interface VirtualBrowser {
  readonly outbox: OutboxStorage
  readonly drafts: DraftStorage
  readonly cache: CacheStorage
  /** Whatever lies in the cache, whoever may read it. */
  readonly cacheRecords: ReadonlyMap<string, string>
  readonly tabs: readonly VirtualTab[]
  open(userId: string | null): VirtualTab
}

interface Life {
  is: VirtualTab['is']
  hasStorage: boolean
  run(task: () => unknown): void
}

interface Claim {
  life: Life
  on: { onWon(): unknown; onLost(): unknown }
}

interface Ear {
  life: Life
  name: string
  hear(told: TabMessage): void
}

export function createVirtualBrowser(clinic: FakeClinic): VirtualBrowser {
  const { clock } = clinic
  const outbox = createMemoryOutbox()
  const drafts = createMemoryDrafts()
  const cacheRecords = new Map<string, string>()
  const cache = createMemoryCache(cacheRecords)
  const locks = new Map<string, { holder: Claim | null; waiting: Claim[] }>()
  const ears = new Set<Ear>()
  const tabs: VirtualTab[] = []
  const soon = (task: () => void) => clock.setTimer(task, STEP_MS)

  const lockOf = (name: string) => {
    const lock = locks.get(name) ?? { holder: null, waiting: [] }
    locks.set(name, lock)
    return lock
  }
  function grant(name: string): void {
    const lock = lockOf(name)
    if (lock.holder) return
    const next = lock.waiting.shift()
    if (!next) return
    lock.holder = next
    soon(() => {
      if (lock.holder === next) next.life.run(next.on.onWon)
    })
  }
  function giveUp(name: string, claim: Claim): void {
    const lock = lockOf(name)
    lock.waiting = lock.waiting.filter(each => each !== claim)
    if (lock.holder === claim) lock.holder = null
    grant(name)
  }

  function tabsOf(life: Life): Tabs {
    return {
      lead(name, on) {
        if (life.is === 'dead') return { take() {}, leave() {} }
        let isOver = false
        const claim: Claim = {
          life,
          on: { onWon: () => !isOver && on.onWon(), onLost: () => !isOver && on.onLost() },
        }
        lockOf(name).waiting.push(claim)
        grant(name)
        return {
          take() {
            const lock = lockOf(name)
            const robbed = lock.holder
            if (isOver || life.is === 'dead' || robbed === claim) return
            lock.waiting = lock.waiting.filter(each => each !== claim)
            lock.holder = claim
            if (robbed) {
              lock.waiting.push(robbed)
              robbed.life.run(robbed.on.onLost)
            }
            soon(() => {
              if (lock.holder === claim) life.run(claim.on.onWon)
            })
          },
          leave() {
            isOver = true
            giveUp(name, claim)
          },
        }
      },
      join(name, hear) {
        const ear: Ear = { life, name, hear }
        ears.add(ear)
        return {
          tell(message) {
            if (life.is === 'dead') return
            const told = JSON.stringify(message)
            for (const each of ears) {
              if (each === ear || each.name !== name) continue
              soon(() => {
                each.life.run(() => ears.has(each) && each.hear(JSON.parse(told)))
              })
            }
          },
          leave: () => ears.delete(ear),
        }
      },
    }
  }

  return {
    outbox,
    drafts,
    cache,
    cacheRecords,
    tabs,
    open(userId) {
      let held: (() => unknown)[] = []
      const life: Life = {
        is: 'running',
        hasStorage: true,
        run(task) {
          if (life.is === 'running') task()
          else if (life.is === 'frozen') held.push(task)
        },
      }
      const bareEnv = createVirtualEnv(tabs.length + 1, clock)
      const env: VirtualEnv = Object.create(bareEnv, {
        setTimer: {
          value: (run: () => void, ms: number) => {
            let isOver = false
            const clear = clock.setTimer(() => life.run(() => !isOver && run()), ms)
            return () => {
              isOver = true
              clear()
            }
          },
        },
        storage: { value: storageOf(outbox, life) },
        drafts: { value: storageOf(drafts, life) },
        cache: { value: storageOf(cache, life) },
        tabs: { value: tabsOf(life) },
      })
      const bare = createFakeTransport(clinic, env, userId)
      const leaves = new Set<() => void>()
      const tab: VirtualTab = {
        env,
        bare,
        transport: livingTransport(bare, life, leaves),
        get is() {
          return life.is
        },
        get leads() {
          return [...locks.values()].some(({ holder }) => holder?.life === life)
        },
        kill() {
          life.is = 'dead'
          held = []
          for (const leave of leaves) leave()
          for (const ear of ears) if (ear.life === life) ears.delete(ear)
          for (const [name, { holder, waiting }] of locks) {
            for (const claim of [...waiting, ...(holder ? [holder] : [])]) {
              if (claim.life === life) giveUp(name, claim)
            }
          }
        },
        freeze() {
          if (life.is === 'running') life.is = 'frozen'
        },
        loseStorage() {
          life.hasStorage = false
        },
        regainStorage() {
          life.hasStorage = true
        },
        thaw() {
          if (life.is !== 'frozen') return
          life.is = 'running'
          const tasks = held
          held = []
          for (const task of tasks) life.run(task)
        },
      }
      tabs.push(tab)
      return tab
    },
  }

  /** What was begun is done although its tab is frozen, and not done if it was killed before. */
  function storageOf<Storage extends object>(storage: Storage, life: Life): Storage {
    return mapped(storage, (method, args) => {
      return new Promise((resolve, reject) => {
        soon(() => {
          if (life.is === 'dead') return
          const result = life.hasStorage ? method(...args) : Promise.reject(new Error('another version'))
          Promise.resolve(result).then(
            value => soon(() => life.run(() => resolve(value))),
            cause => soon(() => life.run(() => reject(cause))),
          )
        })
      })
    })
  }
}

type Method = (...args: unknown[]) => unknown

function mapped<T extends object>(object: T, call: (method: Method, args: unknown[]) => unknown): T {
  return new Proxy(object, {
    get(target, name) {
      const value = Reflect.get(target, name)
      return typeof value === 'function'
        ? (...args: unknown[]) => call((...given) => value.apply(target, given), args)
        : value
    },
  })
}

function livingTransport(bare: FakeTransport, life: Life, leaves: Set<() => void>): Transport {
  const gated = (method: Method, args: unknown[]) => {
    if (life.is === 'dead') return new Promise(() => {})
    const result = method(...args)
    if (!(result instanceof Promise)) return result
    return new Promise((resolve, reject) => {
      result.then(
        value => life.run(() => resolve(value)),
        cause => life.run(() => reject(cause)),
      )
    })
  }
  const living = <Handlers extends MembershipHandlers & { onEvent(event: never): void }>(on: Handlers) => ({
    ...on,
    onJoined: () => life.run(on.onJoined),
    onLost: (error: Parameters<Handlers['onLost']>[0]) => life.run(() => on.onLost(error)),
    onEvent: (event: Parameters<Handlers['onEvent']>[0]) => life.run(() => on.onEvent(event)),
  })
  const kept = (leave: () => void) => {
    if (life.is === 'dead') leave()
    leaves.add(leave)
    return () => {
      leaves.delete(leave)
      leave()
    }
  }
  const transport = mapped<Transport>(bare, gated)
  return new Proxy(transport, {
    get(target, name) {
      if (name === 'auth') return mapped(bare.auth, gated)
      if (name === 'join') {
        const join: Transport['join'] = (topic, handlers) => kept(bare.join(topic, living(handlers)))
        return join
      }
      if (name === 'joinLive') {
        const joinLive: Transport['joinLive'] = (topic, handlers) => {
          const membership = bare.joinLive(topic, living(handlers))
          return { ...membership, leave: kept(membership.leave) }
        }
        return joinLive
      }
      return Reflect.get(target, name)
    },
  })
}
