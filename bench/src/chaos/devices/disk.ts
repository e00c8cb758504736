/** What stays of a device when its tab is killed: tokens, drafts, unsent messages, what was shown last. It may be full. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Env, TokenStorage } from '@bedside/core'
import { createMemoryCache, createMemoryDrafts, createMemoryOutbox } from '@bedside/core/memory'
import { type Browser, openBrowser } from './browser.ts'

export interface Disk {
  /** Messages that lie in it were written before anything else could happen to them. */
  readonly saved: ReadonlySet<string>
  /** Ids that the server has spoken of to any of its tabs. */
  readonly heard: Set<string>
  isFull: boolean
  readonly tokens: Map<string, string>
  readonly browser: Browser
  /** For one tab, until `isCut`. */
  mount(isCut: () => boolean): Pick<Env, 'storage' | 'drafts' | 'cache'> & { tokens: TokenStorage }
}

export function makeDisk(): Disk {
  const outbox = createMemoryOutbox()
  const drafts = createMemoryDrafts()
  const cache = createMemoryCache()
  const tokens = new Map<string, string>()
  const saved = new Set<string>()
  const disk: Disk = {
    saved,
    heard: new Set(),
    isFull: false,
    tokens,
    browser: openBrowser(),
    mount(isCut) {
      /** A write takes a moment, in which its tab may die. */
      const write = async (run: () => Promise<void>): Promise<void> => {
        await turn()
        if (isCut()) return never()
        if (disk.isFull) throw Object.assign(new Error('full'), { name: 'QuotaExceededError' })
        await run()
      }
      const read = async <T>(run: () => Promise<T>): Promise<T> => {
        await turn()
        return isCut() ? never() : await run()
      }
      return {
        storage: {
          put: message =>
            write(async () => {
              await outbox.put(message)
              saved.add(message.id)
            }),
          // Removing needs no room.
          remove: (...key) => read(() => outbox.remove(...key)),
          list: (...owner) => read(() => outbox.list(...owner)),
          rooms: userId => read(() => outbox.rooms(userId)),
        },
        drafts: {
          put: draft => write(() => drafts.put(draft)),
          get: (...owner) => read(() => drafts.get(...owner)),
          remove: (...key) => read(() => drafts.remove(...key)),
        },
        cache: {
          begin: owner => read(() => cache.begin(owner)),
          end: (...owner) => read(() => cache.end(...owner)),
          empty: () => read(() => cache.empty()),
          get: (...key) => read(() => cache.get(...key)),
          list: key => read(() => cache.list(key)),
          update: (...change) => write(() => cache.update(...change)),
        },
        tokens: {
          getItem: key => tokens.get(key) ?? null,
          setItem(key, value) {
            if (!isCut()) tokens.set(key, value)
          },
          removeItem(key) {
            if (!isCut()) tokens.delete(key)
          },
        },
      }
    },
  }
  return disk
}

/** What a dead tab waits for. */
export function never<T>(): Promise<T> {
  return new Promise(() => {})
}
