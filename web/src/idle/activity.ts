/** When somebody last did something, in any tab of this browser; kept, so that a page that is opened again knows. */
export interface Activity {
  /** Milliseconds since 1970; 0: they were signed off for doing nothing, and nobody signed in since. */
  readonly at: number
  mark(now: number): void
  lapse(): void
  subscribe(listener: () => void): () => void
}

const KEY = 'bedside-active-at'
/** Keystrokes come faster than it matters. */
const MARK_EVERY_MS = 1_000

export function createActivity(now: number): Activity {
  const storage = storageOf()
  const listeners = new Set<() => void>()
  let at = stored(storage) ?? now
  const set = (value: number) => {
    at = value
    storage?.setItem(KEY, String(value))
    for (const listener of [...listeners]) listener()
  }
  const onStorage = (event: StorageEvent) => {
    if (event.key !== KEY) return
    at = stored(storage) ?? at
    for (const listener of [...listeners]) listener()
  }
  return {
    get at() {
      return at
    },
    mark(moment) {
      if (Math.abs(moment - at) >= MARK_EVERY_MS) set(moment)
    },
    lapse() {
      if (at !== 0) set(0)
    },
    subscribe(listener) {
      if (listeners.size === 0) addEventListener('storage', onStorage)
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) removeEventListener('storage', onStorage)
      }
    },
  }
}

/** A browser may withhold it: then each tab knows of itself only. */
function storageOf(): Storage | null {
  try {
    return localStorage
  } catch {
    return null
  }
}

function stored(storage: Storage | null): number | null {
  const text = storage?.getItem(KEY) ?? null
  const value = Number(text)
  return text !== null && Number.isSafeInteger(value) && value >= 0 ? value : null
}
