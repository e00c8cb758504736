/**
 * The browser's side of core's `env`: IndexedDB for unsent messages and drafts, localStorage for the session's tokens, and the
 * page's own clock, network and visibility.
 *
 * Must never happen: a page that cannot start because the browser withholds storage. It then works for as long as it
 * is open.
 */
import {
  createMemoryDrafts,
  createMemoryOutbox,
  createStore,
  type DraftStorage,
  type Env,
  type OutboxStorage,
  type TokenStorage,
} from '@bedside/core'
import { v7 as uuidv7 } from 'uuid'
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

/** Private windows of some browsers have an IndexedDB that cannot be opened. */
function storageWithFallback(): { storage: OutboxStorage; drafts: DraftStorage } {
  const opened = createIndexedDbStorage().catch(() => ({
    outbox: createMemoryOutbox(),
    drafts: createMemoryDrafts(),
  }))
  return {
    storage: {
      put: async message => (await opened).outbox.put(message),
      remove: async (...key) => (await opened).outbox.remove(...key),
      list: async (...key) => (await opened).outbox.list(...key),
    },
    drafts: {
      put: async draft => (await opened).drafts.put(draft),
      get: async (...key) => (await opened).drafts.get(...key),
      remove: async (...key) => (await opened).drafts.remove(...key),
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
