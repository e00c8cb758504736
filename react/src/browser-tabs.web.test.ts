// @vitest-environment happy-dom
import type { TabMessage } from '@bedside/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type BrowserEnv, createBrowserEnv } from './browser-env.ts'
import { createBrowserTabs } from './browser-tabs.ts'

afterEach(() => vi.unstubAllGlobals())

/** Somebody else has the lock, and keeps it. */
const taken = { request: () => new Promise(() => {}) }
const won = () => new Promise<string>(resolve => setTimeout(() => resolve('still waiting'), 20))

describe('TB9: a tab that cannot agree with others', () => {
  let env: BrowserEnv | null = null
  afterEach(() => env?.close())

  it.each(['locks', 'BroadcastChannel'])('leads at once: a browser without %s', async missing => {
    vi.stubGlobal('navigator', missing === 'locks' ? { onLine: true } : { onLine: true, locks: taken })
    if (missing === 'BroadcastChannel') vi.stubGlobal('BroadcastChannel', undefined)
    const tabs = createBrowserTabs()
    const leading = new Promise(resolve =>
      tabs.lead('x', { onWon: () => resolve('leads'), onLost: () => resolve('lost') }),
    )
    expect(await Promise.race([leading, won()])).toBe('leads')
  })

  it('leads at once where nothing can be kept that another one could send', async () => {
    vi.stubGlobal('navigator', { onLine: true, locks: taken })
    // happy-dom has no IndexedDB at all.
    env = createBrowserEnv()
    const { tabs } = env
    const leading = new Promise(resolve =>
      tabs.lead('x', { onWon: () => resolve('leads'), onLost: () => resolve('lost') }),
    )
    expect(await Promise.race([leading, won()])).toBe('leads')
  })

  it('waits for the lock where tabs can agree, and hears what they tell', async () => {
    vi.stubGlobal('navigator', { onLine: true, locks: taken })
    const tabs = createBrowserTabs()
    const leading = new Promise<string>(resolve =>
      tabs.lead('x', { onWon: () => resolve('leads'), onLost: () => resolve('lost') }),
    )
    expect(await Promise.race([leading, won()])).toBe('still waiting')
    const heard = new Promise<TabMessage>(resolve => {
      const ear = tabs.join('y', told => {
        resolve(told)
        ear.leave()
      })
    })
    const mouth = tabs.join('y', () => {})
    mouth.tell({ is: 'outbox-changed', roomId: 'r' })
    expect(await heard).toEqual({ is: 'outbox-changed', roomId: 'r' })
    mouth.leave()
  })
})
