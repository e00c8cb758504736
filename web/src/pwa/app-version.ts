/**
 * The build that this page runs, and whether a newer one waits. It never takes over by itself while a page is open:
 * nobody's typing is cut off by a reload.
 */
import { createStore, type Store } from '@bedside/core'

export interface AppVersion {
  /** Whether a newer version is on the device and waits to be asked. */
  readonly isNewerReady: Store<boolean>
  /** Lets it take over, and loads the page anew. */
  takeOver(): void
}

/** A page that stays open asks now and then, when somebody looks at it. */
const ASK_EVERY_MS = 30 * 60_000

/** Registers `sw.js`. Where a browser has no workers the app needs the network to open, and nothing else changes. */
export function watchAppVersion(container: ServiceWorkerContainer): AppVersion {
  const isNewerReady = createStore(false)
  let registration: ServiceWorkerRegistration | null = null
  let isTakingOver = false
  let askedAt = Date.now()

  const look = () => isNewerReady.set(registration?.waiting != null && container.controller !== null)
  const watch = (worker: ServiceWorker | null) => worker?.addEventListener('statechange', look)

  container.addEventListener('controllerchange', () => {
    if (isTakingOver) location.reload()
  })
  container.register('/sw.js', { updateViaCache: 'none' }).then(
    (found: ServiceWorkerRegistration | undefined) => {
      // Where they are blocked, some browsers answer all the same.
      if (!found) return
      registration = found
      look()
      watch(found.installing)
      found.addEventListener('updatefound', () => watch(found.installing))
    },
    error => reportError(error),
  )
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - askedAt < ASK_EVERY_MS) return
    askedAt = Date.now()
    // Without a network there is nothing newer.
    registration?.update().catch(() => {})
  })
  return {
    isNewerReady,
    takeOver() {
      // Another tab has let it take over already.
      if (!registration?.waiting) return location.reload()
      isTakingOver = true
      registration.waiting.postMessage('take-over')
    },
  }
}
