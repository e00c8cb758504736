/**
 * The one socket, opened on demand. realtime-js would reconnect and rejoin by itself, with the token it happens to
 * have; here it is told when. Nothing is ever joined before the socket is open: what realtime-js buffers meanwhile it
 * sends in one burst afterwards.
 */
import type { RealtimeClient } from '@supabase/supabase-js'
import { ChatError } from '../chat-error.ts'
import type { Env, NetworkEnv } from '../env.ts'

export const OPEN_TIMEOUT_MS = 10_000

export interface Socket {
  /** Resolves once open. @throws ChatError `unavailable`, `offline`. */
  open(): Promise<void>
  /** Closes it; `open` waits until that is done. */
  drop(): void
}

export interface SocketWatch {
  /** To be given to realtime-js in place of the host's. */
  readonly WebSocket: NetworkEnv['WebSocket']
  onChange(listener: (isOpen: boolean) => void): () => void
}

export function watchSockets(Original: NetworkEnv['WebSocket']): SocketWatch {
  const listeners = new Set<(isOpen: boolean) => void>()
  let newest = 0
  // A socket that was thrown away may close long after the next one was opened.
  const tell = (which: number, isOpen: boolean) => {
    if (which === newest) for (const listener of [...listeners]) listener(isOpen)
  }
  return {
    WebSocket: new Proxy(Original, {
      construct(target, [url, protocols]: [string, (string | string[])?]) {
        const socket = new target(url, protocols)
        const which = ++newest
        socket.addEventListener('open', () => tell(which, true))
        socket.addEventListener('close', () => tell(which, false))
        // Without a listener Node's sockets throw. What follows an error is always a close.
        socket.addEventListener('error', () => {})
        return socket
      },
    }),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export function createSocket(env: Env, realtime: RealtimeClient, watch: SocketWatch): Socket {
  let opening: Promise<void> | null = null
  let closing: Promise<unknown> = Promise.resolve()
  let isFirst = true

  function drop(): void {
    closing = realtime.disconnect()
  }

  async function openAnew(): Promise<void> {
    await closing
    if (realtime.isConnected()) return
    // A socket that is gone still stands in the way of a new one, and so does realtime-js's own timer.
    if (!isFirst && !realtime.isConnecting()) await realtime.disconnect()
    isFirst = false
    await new Promise<void>((resolve, reject) => {
      const end = (run: () => void) => {
        unsubscribe()
        clearTimer()
        run()
      }
      const fail = () =>
        reject(new ChatError(env.online.current ? 'unavailable' : 'offline', { detail: 'socket' }))
      const unsubscribe = watch.onChange(isOpen => end(isOpen ? resolve : fail))
      const clearTimer = env.setTimer(() => {
        drop()
        end(fail)
      }, OPEN_TIMEOUT_MS)
      try {
        if (!realtime.isConnecting()) realtime.connect()
      } catch {
        end(fail)
      }
    })
  }

  return {
    open() {
      opening ??= openAnew().finally(() => {
        opening = null
      })
      return opening
    },
    drop,
  }
}
