import type { Profile } from '@bedside/core'
import { type ReactNode, useEffect, useMemo } from 'react'
import { useApp } from '../app-context.tsx'
import { Splash } from '../layout/splash.tsx'
import { limitsFor } from './idle.ts'
import { IdleWarning } from './idle-warning.tsx'
import { useIdle } from './use-idle.ts'

/**
 * Leaving a room sends what was typed last on its way; it may take as long as this. What does not get through in time
 * stays on the device for the same person.
 */
const ON_ITS_WAY_MS = 1_500

/** What is behind the sign-in, for as long as somebody is there. */
export function IdleGuard({ profile, children }: { profile: Profile; children: ReactNode }) {
  const { session, config, activity } = useApp()
  const limits = useMemo(
    () => limitsFor(profile.role, matchMedia('(display-mode: standalone)').matches, config.idle),
    [profile.role, config.idle],
  )
  const idle = useIdle(activity, limits)
  const isOver = idle.is === 'over'
  useEffect(() => {
    if (!isOver) return
    // All tabs know by it, and the sign-in page why.
    activity.lapse()
    const timer = setTimeout(() => session.signOut().catch(error => reportError(error)), ON_ITS_WAY_MS)
    return () => clearTimeout(timer)
  }, [isOver, activity, session])
  if (isOver) return <Splash />
  return (
    <>
      {children}
      {idle.is === 'warning' && (
        <IdleWarning
          secondsLeft={idle.secondsLeft}
          onStay={() => activity.mark(Date.now())}
          onLeave={() => session.signOut().catch(error => reportError(error))}
        />
      )}
    </>
  )
}
