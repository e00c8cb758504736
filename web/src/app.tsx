import type { Session } from '@bedside/core'
import { deviceTimeZone, useSession, useStore } from '@bedside/react'
import { type RouterHistory, RouterProvider } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { AppContext } from './app-context.tsx'
import type { Config } from './config.ts'
import { createActivity } from './idle/activity.ts'
import { createDeviceLanguage } from './language/device-language.ts'
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
  const [deviceLanguage] = useState(createDeviceLanguage)
  const chosen = useStore(deviceLanguage)
  const app = useMemo(
    () => ({ session, config, activity, deviceLanguage }),
    [session, config, activity, deviceLanguage],
  )

  const profile = state.is === 'signed-in' ? state.profile : null
  const locales = [profile?.locale, chosen, ...navigator.languages].flatMap(locale => locale ?? [])

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
