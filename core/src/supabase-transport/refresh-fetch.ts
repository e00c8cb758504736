/**
 * auth-js asks again for a fresh token when nobody answers, but each time after twice as long: after an outage all that
 * needs the token could wait for as long as the outage was. Here it is asked for at a steady pace, and at once when the
 * device is online again, before auth-js hears of the failure.
 */
import { type Backoff, backoffMs } from '../backoff.ts'
import type { Env } from '../env.ts'
import type { BoundedFetch } from './bounded-fetch.ts'

export const REFRESH_RETRY: Backoff = { baseMs: 500, maxMs: 1_500 }
/** auth-js lets one refresh last half a minute. */
export const REFRESH_FOR_MS = 15_000

export function createRefreshFetch(env: Env, fetch: BoundedFetch): { fetch: BoundedFetch; close(): void } {
  const wakers = new Set<() => void>()
  let isClosed = false

  const pause = (ms: number) =>
    new Promise<void>(resolve => {
      const wake = () => {
        wakers.delete(wake)
        clearTimer()
        resolve()
      }
      const clearTimer = env.setTimer(wake, ms)
      wakers.add(wake)
    })
  const wakeAll = () => {
    for (const wake of [...wakers]) wake()
  }
  const unwatch = env.online.subscribe(() => {
    if (env.online.current) wakeAll()
  })

  return {
    async fetch(input, init) {
      const isRefresh = String(input).endsWith('grant_type=refresh_token')
      const until = env.now() + REFRESH_FOR_MS
      for (let attempt = 1; ; attempt++) {
        const answer = await fetch(input, init)
        if (!isRefresh || answer.status < 500 || isClosed || env.now() >= until) return answer
        await pause(backoffMs(attempt, env.random(), REFRESH_RETRY))
        if (isClosed) return answer
      }
    },
    close() {
      isClosed = true
      unwatch()
      wakeAll()
    },
  }
}
