import type { Session } from '@bedside/core'
import { deviceTimeZone, directionOf, StringsProvider, shownLocale, useSession } from '@bedside/react'
import { type RouterHistory, RouterProvider } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { AppContext } from './app-context.tsx'
import type { Config } from './config.ts'
import { Splash } from './layout/splash.tsx'
import { createAppRouter } from './router.tsx'

export interface AppProps {
  session: Session
  config: Config
  /** For examples and tests; the browser's own otherwise. */
  history?: RouterHistory
}

export function App({ session, config, history }: AppProps) {
  const state = useSession(session)
  const [router] = useState(() => createAppRouter(session, history))
  const app = useMemo(() => ({ session, config }), [session, config])

  const locale = shownLocale(state.is === 'signed-in' ? state.profile.locale : navigator.language)
  const timeZone = state.is === 'signed-in' ? state.profile.timeZone : deviceTimeZone()
  useEffect(() => {
    document.documentElement.lang = locale
    document.documentElement.dir = directionOf(locale)
  }, [locale])

  // The guards run again whenever somebody signs in or out, wherever that came from.
  const who = state.is === 'signed-in' ? state.profile.id : state.is
  useEffect(() => {
    if (who !== 'loading') void router.invalidate()
  }, [router, who])

  return (
    <StringsProvider locale={locale} timeZone={timeZone}>
      <AppContext value={app}>
        {state.is === 'loading' ? <Splash /> : <RouterProvider router={router} />}
      </AppContext>
    </StringsProvider>
  )
}
