/** Starts the page: the server's configuration, the session, the first screen. */
import { createSession } from '@bedside/core'
import { createBrowserEnv, deviceTimeZone } from '@bedside/react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { loadConfig } from './config.ts'
import { createDeviceLanguage } from './language/device-language.ts'
import { Localized } from './layout/localized.tsx'
import { StartFailed } from './layout/start-failed.tsx'
import { watchAppVersion } from './pwa/app-version.ts'

const element = document.getElementById('root')
if (element === null) throw new Error('index.html has no #root')
const root = createRoot(element)

try {
  const config = await loadConfig()
  const env = createBrowserEnv({ heartbeatWorkerUrl: '/heartbeat-worker.js' })
  const session = createSession({ url: config.url, key: config.key, env })
  // In development there is no worker, and every reload is the newest version.
  const version =
    import.meta.env.PROD && 'serviceWorker' in navigator ? watchAppVersion(navigator.serviceWorker) : null
  root.render(<App session={session} config={config} version={version} />)
} catch (error) {
  reportError(error)
  const chosen = createDeviceLanguage().current
  root.render(
    <Localized
      locales={chosen === null ? navigator.languages : [chosen, ...navigator.languages]}
      timeZone={deviceTimeZone()}
    >
      <StartFailed />
    </Localized>,
  )
}
