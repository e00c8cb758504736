import { useEffect, useState } from 'react'
import type { Activity } from './activity.ts'
import { type Idle, type IdleLimits, idleAt, nextLookMs } from './idle.ts'

/**
 * What people do, and no page does of itself: a list that scrolls to a new message is nobody. Not the mouse's moving: a
 * desk that is bumped is nobody either.
 */
const INPUT = ['pointerdown', 'keydown', 'wheel', 'touchstart', 'input'] as const
/** The machine may have slept. */
const WAKING = ['focus', 'pageshow', 'visibilitychange', 'resume'] as const

/** Must be known at the first render: what has lapsed is never shown. */
export function useIdle(activity: Activity, limits: IdleLimits): Idle {
  const [idle, setIdle] = useState<Idle>(() => idleAt(Date.now(), activity.at, limits))
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      clearTimeout(timer)
      const now = Date.now()
      const seen = idleAt(now, activity.at, limits)
      setIdle(before => (isSame(before, seen) ? before : seen))
      if (seen.is !== 'over') timer = setTimeout(look, nextLookMs(now, activity.at, limits))
    }
    const onInput = () => {
      const now = Date.now()
      // Once there is a warning it asks for an answer: a key that was on its way is none.
      if (idleAt(now, activity.at, limits).is === 'active') activity.mark(now)
      else look()
    }
    look()
    const unsubscribe = activity.subscribe(look)
    for (const type of INPUT) addEventListener(type, onInput, { capture: true, passive: true })
    for (const type of WAKING) {
      addEventListener(type, look)
      document.addEventListener(type, look)
    }
    return () => {
      clearTimeout(timer)
      unsubscribe()
      for (const type of INPUT) removeEventListener(type, onInput, { capture: true })
      for (const type of WAKING) {
        removeEventListener(type, look)
        document.removeEventListener(type, look)
      }
    }
  }, [activity, limits])
  return idle
}

function isSame(a: Idle, b: Idle): boolean {
  return a.is === b.is && (a.is !== 'warning' || (b.is === 'warning' && a.secondsLeft === b.secondsLeft))
}
