/** What stays of a device when its tab is killed: tokens, drafts and unsent messages. It may be full. */

import { setImmediate as turn } from 'node:timers/promises'
import type { CacheStorage, DraftStorage, OutboxStorage, TokenStorage } from '@bedside/core'
import { createMemoryCache, createMemoryDrafts, createMemoryOutbox } from '@bedside/core'
import { type Browser, openBrowser } from './browser.ts'

export interface Disk {
  /** Messages that lie in it were written before anything else could happen to them. */
  readonly saved: ReadonlySet<string>
  /** Ids that the server has spoken of to any of its tabs. */
  readonly heard: Set<string>
  isFull: boolean
  readonly tokens: Map<string, string>
  readonly browser: Browser
  readonly cache: CacheStorage
  /** For one tab, until `isCut`. */
  mount(isCut: () => boolean): { storage: OutboxStorage; drafts: DraftStorage; tokens: TokenStorage }
}

export function makeDisk(): Disk {
  const outbox = createMemoryOutbox()
  const drafts = createMemoryDrafts()
  const tokens = new Map<string, string>()
  const saved = new Set<string>()
  const disk: Disk = {
    saved,
    heard: new Set(),
    isFull: false,
    tokens,
    browser: openBrowser(),
    cache: createMemoryCache(),
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
          ...outbox,
          put: message =>
            write(async () => {
              await outbox.put(message)
              saved.add(message.id)
            }),
          // Removing needs no room.
          remove: (...key) => read(() => outbox.remove(...key)),
          list: (...owner) => read(() => outbox.list(...owner)),
        },
        drafts: {
          put: draft => write(() => drafts.put(draft)),
          get: (...owner) => read(() => drafts.get(...owner)),
          remove: (...key) => read(() => drafts.remove(...key)),
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
