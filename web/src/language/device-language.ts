/** The language that was chosen on this device by who is not signed in. It says nothing about them. */
import { createStore, type Store } from '@bedside/core'

const KEY = 'bedside-language'

/** BCP 47; null: none was chosen. */
export interface DeviceLanguage extends Store<string | null> {
  set(locale: string): void
}

export function createDeviceLanguage(): DeviceLanguage {
  const store = createStore(kept())
  return {
    get current() {
      return store.current
    },
    subscribe: store.subscribe,
    set(locale) {
      store.set(locale)
      try {
        localStorage.setItem(KEY, locale)
      } catch {
        // Where nothing is kept it holds for as long as the page is open.
      }
    },
  }
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}
