import { describe, expect, it } from 'vitest'
import type { HttpResponse } from '../env.ts'
import { createVirtualEnv } from '../testing/index.ts'
import { createRefreshFetch, REFRESH_FOR_MS, REFRESH_RETRY } from './refresh-fetch.ts'

const TOKEN = 'https://clinic.example/auth/v1/token?grant_type='

function setUp() {
  const env = createVirtualEnv()
  const asked: number[] = []
  const began = env.now()
  let status = 503
  const refresh = createRefreshFetch(env, async () => {
    asked.push(env.now() - began)
    return { status } as HttpResponse
  })
  let answered: number | null = null
  const ask = (grant = 'refresh_token') =>
    void refresh.fetch(TOKEN + grant).then(answer => {
      answered = answer.status
    })
  return {
    env,
    refresh,
    asked,
    ask,
    serve: (next: number) => {
      status = next
    },
    answered: () => answered,
  }
}

describe('C33: a fresh token that cannot be had', () => {
  it('is there soon after the outage, however long that was', async () => {
    for (const outageMs of [100, 2_000, 7_000, 14_000]) {
      const { env, asked, ask, serve, answered } = setUp()
      ask()
      await env.advance(outageMs)
      expect(answered()).toBeNull()
      serve(200)
      await env.advance(REFRESH_RETRY.maxMs)
      expect(answered()).toBe(200)
      expect(asked.length).toBeLessThan(3 + outageMs / 700)
    }
  })

  it('is asked for at once when the device is online again', async () => {
    const { env, ask, serve, answered } = setUp()
    ask()
    env.online.set(false)
    await env.advance(5_000)
    serve(200)
    env.online.set(true)
    await env.advance(0)
    expect(answered()).toBe(200)
  })

  it('is given up in the end, which is for auth-js to hear', async () => {
    const { env, ask, answered } = setUp()
    ask()
    await env.advance(REFRESH_FOR_MS - 1)
    expect(answered()).toBeNull()
    await env.advance(REFRESH_RETRY.maxMs + 1)
    expect(answered()).toBe(503)
    expect(env.timerCount).toBe(0)
  })

  it('is not asked for again where it was refused, or where somebody signs in', async () => {
    const refused = setUp()
    refused.serve(400)
    refused.ask()
    const signingIn = setUp()
    signingIn.ask('password')
    await refused.env.advance(60_000)
    await signingIn.env.advance(60_000)
    expect([refused.asked, refused.answered()]).toEqual([[0], 400])
    expect([signingIn.asked, signingIn.answered()]).toEqual([[0], 503])
  })

  it('is asked for no more by a session that was closed', async () => {
    const { env, refresh, asked, ask, answered } = setUp()
    ask()
    await env.advance(0)
    refresh.close()
    await env.advance(60_000)
    expect([asked.length, answered(), env.timerCount, env.listenerCount]).toEqual([1, 503, 0, 0])
  })
})
