import type { Store } from '@bedside/core'
import { useCallback, useSyncExternalStore } from 'react'

/** The store's value now, and again whenever it changes. */
export function useStore<T>(store: Store<T>): T {
  const subscribe = useCallback((listener: () => void) => store.subscribe(listener), [store])
  const read = () => store.current
  return useSyncExternalStore(subscribe, read, read)
}
