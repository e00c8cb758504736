/**
 * Every page in every state, with a made-up clinic and no server: `npx vite web`, then `/gallery.html`. Served in
 * development only: the build starts from `index.html` and never sees it.
 */
import { createStore } from '@bedside/core'
import { createMemoryHistory } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { App } from '../app.tsx'
import { Localized } from '../layout/localized.tsx'
import { StartFailed } from '../layout/start-failed.tsx'
import { createFakeSession } from './fake-session.ts'
import { type Scene, scenes } from './scenes.ts'

const element = document.getElementById('root')
if (element === null) throw new Error('gallery.html has no #root')
const search = new URLSearchParams(location.search)
const name = search.get('scene')
const scene = name === null ? undefined : scenes()[name]
// One scene may have left somebody idle in this tab.
localStorage.setItem('bedside-active-at', String(Date.now() - (scene?.idleMs ?? 0)))
createRoot(element).render(name === 'start-failed' ? <Failed /> : scene ? <Stage scene={scene} /> : <Index />)

/** `&locale=` shows who is signed in the scene in another language. */
function Stage({ scene }: { scene: Scene }) {
  const locale = search.get('locale')
  const who = scene.signedInAs && locale ? { ...scene.signedInAs, locale } : scene.signedInAs
  return (
    <App
      session={createFakeSession(scene.clinic, who)}
      version={scene.isNewerReady ? { isNewerReady: createStore(true), takeOver() {} } : null}
      config={{
        url: location.origin,
        key: '',
        demoAccounts: scene.demoAccounts ?? [],
        passwordReset: true,
        idle: {},
      }}
      history={createMemoryHistory({ initialEntries: [scene.path] })}
    />
  )
}

function Failed() {
  return (
    <Localized locales={navigator.languages} timeZone="UTC">
      <StartFailed />
    </Localized>
  )
}

function Index() {
  return (
    <ul>
      {[...Object.keys(scenes()), 'start-failed'].map(each => (
        <li key={each}>
          <a href={`?scene=${each}`}>{each}</a>
        </li>
      ))}
    </ul>
  )
}
