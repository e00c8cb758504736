import type { Store } from '@bedside/core'
import { useCallback, useSyncExternalStore } from 'react'
import { perFrame } from './per-frame.ts'

/** The store's value now, and again when it has changed, at most once a frame. */
export function useStore<T>(store: Store<T>): T {
  const subscribe = useCallback((listener: () => void) => subscribePerFrame(store, listener), [store])
  const read = () => store.current
  return useSyncExternalStore(subscribe, read, read)
}

export function subscribePerFrame(store: Store<unknown>, listener: () => void): () => void {
  const frames = perFrame(listener)
  const unsubscribe = store.subscribe(frames.changed)
  return () => {
    unsubscribe()
    frames.stop()
  }
}
