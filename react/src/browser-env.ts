/**
 * The browser's side of core's `env`: IndexedDB for unsent messages, drafts and the cache, localStorage for the session's
 * tokens, Web Locks between tabs, and the page's own clock, network and visibility.
 *
 * Must never happen: a page that cannot start because the browser withholds storage. It then works for as long as it
 * is open.
 */
import { createStore, type Env, type TabLead, type TokenStorage } from '@bedside/core'
import {
  createMemoryCache,
  createMemoryDrafts,
  createMemoryOutbox,
  createSingleTab,
} from '@bedside/core/memory'
import { v7 as uuidv7 } from 'uuid'
import { createBrowserTabs } from './browser-tabs.ts'
import { createIndexedDbStorage } from './indexed-db-storage.ts'

export interface BrowserEnv extends Env {
  /** Takes the page's listeners away again. */
  close(): void
}

/**
 * `heartbeatWorkerUrl`: where `heartbeat-worker.js` is served (see `NetworkEnv`). Without one the page's own timers
 * keep the socket alive, which a browser slows down in a hidden tab.
 */
export function createBrowserEnv(options: { heartbeatWorkerUrl?: string } = {}): BrowserEnv {
  // On the same machine the network does not matter: only what the browser tells us from now on does.
  const online = createStore(navigator.onLine || isLoopback(location.hostname))
  const visible = createStore(document.visibilityState === 'visible')
  const undo = [
    listen(window, 'online', () => online.set(true)),
    listen(window, 'offline', () => online.set(false)),
    listen(document, 'visibilitychange', () => visible.set(document.visibilityState === 'visible')),
  ]
  return {
    now: () => Date.now(),
    setTimer(run, ms) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    randomId: () => uuidv7(),
    random: () => Math.random(),
    ...storageWithFallback(),
    online,
    visible,
    network: {
      fetch: (url, request) => fetch(url, request as RequestInit),
      WebSocket,
      heartbeatWorkerUrl: typeof Worker === 'function' ? (options.heartbeatWorkerUrl ?? null) : null,
      tokens: tokenStorage(),
    },
    close() {
      for (const each of undo) each()
    },
  }
}

function listen(target: EventTarget, type: string, listener: () => void): () => void {
  target.addEventListener(type, listener)
  return () => target.removeEventListener(type, listener)
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}

/**
 * Private windows of some browsers have an IndexedDB that cannot be opened. What a tab then keeps in its own memory no
 * other tab can send: each one leads.
 */
function storageWithFallback(): Pick<Env, 'storage' | 'drafts' | 'cache' | 'tabs'> {
  const tabs = createBrowserTabs()
  const opened = createIndexedDbStorage().then(
    storage => ({ ...storage, tabs }),
    () => ({
      outbox: createMemoryOutbox(),
      drafts: createMemoryDrafts(),
      cache: createMemoryCache(),
      tabs: createSingleTab(),
    }),
  )
  return {
    storage: {
      put: async message => (await opened).outbox.put(message),
      remove: async (...key) => (await opened).outbox.remove(...key),
      list: async (...key) => (await opened).outbox.list(...key),
      rooms: async userId => (await opened).outbox.rooms(userId),
    },
    drafts: {
      put: async draft => (await opened).drafts.put(draft),
      get: async (...key) => (await opened).drafts.get(...key),
      remove: async (...key) => (await opened).drafts.remove(...key),
    },
    cache: {
      begin: async owner => (await opened).cache.begin(owner),
      end: async key => (await opened).cache.end(key),
      empty: async () => (await opened).cache.empty(),
      get: async (...key) => (await opened).cache.get(...key),
      list: async key => (await opened).cache.list(key),
      update: async (...change) => (await opened).cache.update(...change),
    },
    tabs: {
      join: tabs.join,
      lead(name, on) {
        let isOver = false
        let lead: TabLead | null = null
        opened.then(storage => {
          if (!isOver) lead = storage.tabs.lead(name, on)
        })
        return {
          take: () => lead?.take(),
          leave() {
            isOver = true
            lead?.leave()
          },
        }
      },
    },
  }
}

function tokenStorage(): TokenStorage {
  try {
    const probe = 'bedside-probe'
    localStorage.setItem(probe, probe)
    localStorage.removeItem(probe)
    return localStorage
  } catch {
    const tokens = new Map<string, string>()
    return {
      getItem: key => tokens.get(key) ?? null,
      setItem: (key, value) => {
        tokens.set(key, value)
      },
      removeItem: key => {
        tokens.delete(key)
      },
    }
  }
}
