/** An `Env` whose clock stands still until a test moves it. Chance is seeded; ids ascend. */
import type { Env } from '../env.ts'
import { createMemoryCache } from '../memory-cache.ts'
import { createMemoryDrafts } from '../memory-drafts.ts'
import { createMemoryOutbox } from '../memory-outbox.ts'
import { createSingleTab } from '../single-tab.ts'
import { createStore, type WritableStore } from '../store.ts'

export interface VirtualEnv extends Env {
  online: WritableStore<boolean>
  visible: WritableStore<boolean>
  /** Runs everything that is due within the next `ms` milliseconds, in order, promises included. */
  advance(ms: number): Promise<void>
  /** Advances until nothing is planned any more, or `limitMs` is over. */
  settle(limitMs?: number): Promise<void>
  readonly timerCount: number
  /** Who listens to `online` and `visible`. */
  readonly listenerCount: number
}

const START_MS = Date.UTC(2026, 0, 15, 9)
/** Deeper than any chain of promises between two timers in core. */
const MICROTASK_ROUNDS = 200

export async function flushPromises(): Promise<void> {
  for (let round = 0; round < MICROTASK_ROUNDS; round++) await Promise.resolve()
}

/** Several environments may share one clock: pass the first one's. */
export function createVirtualEnv(seed = 1, clock: VirtualClock = createVirtualClock()): VirtualEnv {
  const random = seededRandom(seed)
  let ids = 0
  const listeners = { count: 0 }
  return {
    now: clock.now,
    setTimer: clock.setTimer,
    randomId: () => {
      const count = (++ids).toString(16).padStart(12, '0')
      return `01900000-0000-7000-${(0x8000 + seed).toString(16)}-${count}`
    },
    random,
    storage: createMemoryOutbox(),
    cache: createMemoryCache(),
    drafts: createMemoryDrafts(),
    tabs: createSingleTab(),
    online: countedStore(true, listeners),
    visible: countedStore(true, listeners),
    network: {
      fetch: () => Promise.reject(new Error('no network in a virtual environment')),
      WebSocket: class {
        constructor() {
          throw new Error('no network in a virtual environment')
        }
        addEventListener() {}
      },
      heartbeatWorkerUrl: null,
      tokens: { getItem: () => null, setItem() {}, removeItem() {} },
    },
    advance: clock.advance,
    settle: clock.settle,
    get timerCount() {
      return clock.timerCount()
    },
    get listenerCount() {
      return listeners.count
    },
  }
}

function countedStore<T>(initial: T, listeners: { count: number }): WritableStore<T> {
  const store = createStore(initial)
  return {
    get current() {
      return store.current
    },
    set: store.set,
    subscribe(listener) {
      const unsubscribe = store.subscribe(listener)
      listeners.count++
      let isOver = false
      return () => {
        if (!isOver) listeners.count--
        isOver = true
        unsubscribe()
      }
    },
  }
}

export interface VirtualClock {
  now(): number
  setTimer(run: () => void, ms: number): () => void
  advance(ms: number): Promise<void>
  settle(limitMs?: number): Promise<void>
  timerCount(): number
}

export function createVirtualClock(): VirtualClock {
  interface Timer {
    at: number
    order: number
    run(): void
  }
  let now = START_MS
  let orders = 0
  const timers = new Set<Timer>()
  const nextDue = (until: number) =>
    [...timers]
      .filter(timer => timer.at <= until)
      .sort((a, b) => a.at - b.at || a.order - b.order)
      .at(0)

  async function advance(ms: number): Promise<void> {
    const until = now + ms
    await flushPromises()
    for (let due = nextDue(until); due; due = nextDue(until)) {
      timers.delete(due)
      now = Math.max(now, due.at)
      due.run()
      await flushPromises()
    }
    now = until
  }
  return {
    now: () => now,
    setTimer(run, ms) {
      const timer = { at: now + Math.max(0, ms), order: ++orders, run }
      timers.add(timer)
      return () => {
        timers.delete(timer)
      }
    },
    advance,
    async settle(limitMs = 600_000) {
      const until = now + limitMs
      await flushPromises()
      for (let due = nextDue(until); due; due = nextDue(until)) await advance(due.at - now)
    },
    timerCount: () => timers.size,
  }
}

/** mulberry32 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
