import type { Session } from '@bedside/core'
import { deviceTimeZone, useSession } from '@bedside/react'
import { type RouterHistory, RouterProvider } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { AppContext } from './app-context.tsx'
import type { Config } from './config.ts'
import { createActivity } from './idle/activity.ts'
import { Localized } from './layout/localized.tsx'
import { Splash } from './layout/splash.tsx'
import type { AppVersion } from './pwa/app-version.ts'
import { UpdateNotice } from './pwa/update-notice.tsx'
import { createAppRouter } from './router.tsx'

export interface AppProps {
  session: Session
  config: Config
  /** For examples and tests; the browser's own otherwise. */
  history?: RouterHistory
  /** null: there is never a newer one. */
  version?: AppVersion | null
}

export function App({ session, config, history, version = null }: AppProps) {
  const state = useSession(session)
  const [activity] = useState(() => createActivity(Date.now()))
  const [router] = useState(() => createAppRouter(session, activity, history))
  const app = useMemo(() => ({ session, config, activity }), [session, config, activity])

  const profile = state.is === 'signed-in' ? state.profile : null
  const locales = profile ? [profile.locale, ...navigator.languages] : navigator.languages

  // The guards run again whenever somebody signs in or out, wherever that came from.
  const who = state.is === 'signed-in' ? state.profile.id : state.is
  useEffect(() => {
    if (who !== 'loading') void router.invalidate()
  }, [router, who])

  return (
    <Localized locales={locales} timeZone={profile?.timeZone ?? deviceTimeZone()}>
      <AppContext value={app}>
        {version && <UpdateNotice version={version} />}
        {state.is === 'loading' ? <Splash /> : <RouterProvider router={router} />}
      </AppContext>
    </Localized>
  )
}
