/**
 * Fetching on a timer. Fast (3 s, growing to 15 s) while nothing better tells of news; slow while the socket does:
 * Realtime drops what is over its limits without a word. From 1 s to 3 s where the socket is live and what it told us to
 * fetch could not be had: that is about to change. Paused while the screen is hidden.
 */
import type { Env } from './env.ts'

export const POLL_FIRST_MS = { fast: 3_000, behind: 1_000 }
export const POLL_MAX_MS = { fast: 15_000, behind: 3_000 }
export const POLL_SLOW_MS = 60_000
const POLL_GROWTH = 1.5

export type Pace = 'off' | 'slow' | 'fast' | 'behind'

export interface Poller {
  /** Another pace starts with its own first wait; the same one goes on. */
  setPace(pace: Pace): void
  close(): void
}

export function createPoller(env: Env, tick: () => void): Poller {
  let pace: Pace = 'off'
  let waitMs = 0
  let clearTimer: (() => void) | null = null

  const stop = () => {
    clearTimer?.()
    clearTimer = null
    waitMs = 0
  }
  const run = () => {
    if (clearTimer || pace === 'off' || !env.visible.current) return
    const wait = pace === 'slow' ? POLL_SLOW_MS : waitMs || POLL_FIRST_MS[pace]
    clearTimer = env.setTimer(() => {
      clearTimer = null
      waitMs = pace === 'off' || pace === 'slow' ? 0 : Math.min(POLL_MAX_MS[pace], wait * POLL_GROWTH)
      tick()
      run()
    }, wait)
  }
  const unsubscribe = env.visible.subscribe(() => {
    if (env.visible.current) run()
    else stop()
  })
  return {
    setPace(next) {
      if (next === pace) return
      stop()
      pace = next
      run()
    },
    close() {
      unsubscribe()
      stop()
      pace = 'off'
    },
  }
}
