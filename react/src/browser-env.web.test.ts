// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type BrowserEnv, createBrowserEnv } from './browser-env.ts'

let env: BrowserEnv
afterEach(() => {
  env.close()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const message = { userId: 'u', roomId: 'r', body: 'x', replyTo: null, queuedAt: '', refusal: null }

describe('C22: the browser as an environment', () => {
  it('works for as long as the page is open when the browser withholds its storage', async () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError')
    })
    // happy-dom has no IndexedDB at all.
    env = createBrowserEnv()
    await env.storage.put({ ...message, id: 'b', position: 2 })
    await env.storage.put({ ...message, id: 'a', position: 1 })
    expect((await env.storage.list('u', 'r')).map(each => each.id)).toEqual(['a', 'b'])
    await env.storage.remove('u', 'r', 'a')
    expect(await env.storage.list('u', 'other')).toEqual([])
    const draft = { userId: 'u', roomId: 'r', body: 'hel', replyTo: null, mark: '1' }
    await env.drafts.put(draft)
    await env.drafts.remove('u', 'r', 'of another one')
    expect(await env.drafts.get('u', 'r')).toEqual(draft)
    await env.drafts.remove('u', 'r', '1')
    expect(await env.drafts.get('u', 'r')).toBeNull()
    await env.network.tokens.setItem('k', 'v')
    expect(await env.network.tokens.getItem('k')).toBe('v')
  })

  it('follows the network and the screen until it is closed', () => {
    env = createBrowserEnv()
    window.dispatchEvent(new Event('offline'))
    expect(env.online.current).toBe(false)
    window.dispatchEvent(new Event('online'))
    expect(env.online.current).toBe(true)
    env.close()
    window.dispatchEvent(new Event('offline'))
    expect(env.online.current).toBe(true)
  })

  it('believes a page of the same machine rather than the network card', () => {
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
    env = createBrowserEnv()
    expect(location.hostname).toBe('localhost')
    expect(env.online.current).toBe(true)
  })

  it('uses a web worker only where the page serves one and the browser has them', () => {
    vi.stubGlobal('Worker', class {})
    env = createBrowserEnv()
    expect(env.network.heartbeatWorkerUrl).toBeNull()
    env.close()
    env = createBrowserEnv({ heartbeatWorkerUrl: '/heartbeat-worker.js' })
    expect(env.network.heartbeatWorkerUrl).toBe('/heartbeat-worker.js')
    env.close()
    vi.stubGlobal('Worker', undefined)
    env = createBrowserEnv({ heartbeatWorkerUrl: '/heartbeat-worker.js' })
    expect(env.network.heartbeatWorkerUrl).toBeNull()
  })

  it('makes ids in ascending order', () => {
    env = createBrowserEnv()
    const ids = Array.from({ length: 100 }, () => env.randomId())
    expect([...ids].sort()).toEqual(ids)
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/)
  })
})
