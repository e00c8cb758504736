import { useSession } from '@bedside/react'
import { Outlet } from '@tanstack/react-router'
import { useMemo } from 'react'
import { SignedInContext, useApp } from '../app-context.tsx'
import { IdleGuard } from '../idle/idle-guard.tsx'
import { Splash } from './splash.tsx'

/** Everything behind the sign-in. Signed out, it shows nothing of it, whatever the router still has on the screen. */
export function SignedInLayout() {
  const { session } = useApp()
  const state = useSession(session)
  const profile = state.is === 'signed-in' ? state.profile : null
  const chat = state.is === 'signed-in' ? state.chat : null
  const signedIn = useMemo(() => (profile && chat ? { profile, chat } : null), [profile, chat])
  if (signedIn === null) return <Splash />
  return (
    <SignedInContext value={signedIn}>
      <IdleGuard profile={signedIn.profile}>
        <Outlet />
      </IdleGuard>
    </SignedInContext>
  )
}
