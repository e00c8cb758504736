/**
 * One run of the real client: core over unmodified supabase-js and `ws`, through this device's line. Killed, nothing of
 * it runs on: no timer, no callback, no write. What was on its way may have arrived or not.
 */
import {
  createSession,
  createStore,
  type Env,
  type HttpRequest,
  type HttpResponse,
  type NetworkEnv,
} from '@bedside/core'
import { v7 as uuidv7 } from 'uuid'
import { WebSocket } from 'ws'
import { type Disk, never } from './disk.ts'

export interface Tab {
  readonly session: ReturnType<typeof createSession>
  kill(): void
  close(): void
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g

export function openTab(options: {
  port: number
  publishableKey: string
  disk: Disk
  /** Whether the way to fresh tokens is blocked. */
  isRefreshBlocked(): boolean
  random(): number
}): Tab {
  let isCut = false
  const { heard } = options.disk
  const sockets = new Set<WebSocket>()
  const timers = new Set<NodeJS.Timeout>()
  const hear = (text: string) => {
    for (const [id] of text.matchAll(UUID)) heard.add(id)
  }

  async function fetchUntilCut(url: string, request: HttpRequest): Promise<HttpResponse> {
    if (isCut) return never()
    if (options.isRefreshBlocked() && url.includes('/auth/v1/token')) throw new TypeError('fetch failed')
    const answer = fetch(url, request as RequestInit).then(async response => {
      const text = await response.text()
      if (!isCut) hear(text)
      return {
        ok: response.ok,
        status: response.status,
        headers: response.headers,
        text: async () => text,
        json: async () => JSON.parse(text) as unknown,
      }
    })
    const settled = await answer.then(
      value => ({ value }),
      (error: unknown) => ({ error }),
    )
    if (isCut) return never()
    if ('error' in settled) throw settled.error
    return settled.value
  }

  class TabSocket extends WebSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols)
      sockets.add(this)
      // realtime-js asks for ArrayBuffers.
      this.on('message', data => hear(Buffer.from(data as ArrayBuffer).toString()))
      this.on('close', () => sockets.delete(this))
    }
    override emit(event: string | symbol, ...args: unknown[]): boolean {
      return isCut && event !== 'error' ? false : super.emit(event, ...args)
    }
  }

  const { storage, drafts, cache, tokens } = options.disk.mount(() => isCut)
  const browser = options.disk.browser.tabs(() => isCut)
  const env: Env = {
    now: () => Date.now(),
    setTimer(run, ms) {
      if (isCut) return () => {}
      const timer = setTimeout(() => {
        timers.delete(timer)
        run()
      }, ms)
      timers.add(timer)
      return () => {
        clearTimeout(timer)
        timers.delete(timer)
      }
    },
    randomId: () => uuidv7(),
    random: options.random,
    online: createStore(true),
    visible: createStore(true),
    storage,
    drafts,
    cache,
    tabs: browser.tabs,
    network: {
      fetch: fetchUntilCut,
      WebSocket: TabSocket as unknown as NetworkEnv['WebSocket'],
      heartbeatWorkerUrl: null,
      tokens,
    },
  }
  const session = createSession({ url: `http://127.0.0.1:${options.port}`, key: options.publishableKey, env })
  return {
    session,
    kill() {
      isCut = true
      for (const timer of timers) clearTimeout(timer)
      for (const socket of sockets) {
        socket.on('error', () => {})
        socket.terminate()
      }
      // What supabase-js has on the clock by itself is ended as well; with everything cut it reaches nobody.
      session.close()
      browser.gone()
    },
    close: () => session.close(),
  }
}
