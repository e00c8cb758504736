/**
 * Something that is open while the component is on the screen. It is opened by subscribing and closed by
 * unsubscribing, so that whatever React does with a component (StrictMode's rehearsal, a render thrown away), every
 * opening has its closing.
 */
import type { Store } from '@bedside/core'
import { useMemo, useSyncExternalStore } from 'react'
import { subscribePerFrame } from './use-store.ts'

interface Holder<State, Opened> {
  subscribe(listener: () => void): () => void
  read(): State
  /** null: not open at the moment. */
  opened(): Opened | null
}

export function useOpened<State, Opened extends Store<State> & { close(): void }>(
  /** Must stay the same function for as long as the same thing is meant. */
  open: () => Opened,
  before: State,
): { state: State; opened(): Opened | null } {
  const holder = useMemo<Holder<State, Opened>>(() => {
    let opened: Opened | null = null
    return {
      subscribe(listener) {
        const mine = open()
        opened = mine
        const unsubscribe = subscribePerFrame(mine, listener)
        return () => {
          unsubscribe()
          mine.close()
          if (opened === mine) opened = null
        }
      },
      read: () => opened?.current ?? before,
      opened: () => opened,
    }
  }, [open, before])
  const state = useSyncExternalStore(holder.subscribe, holder.read, holder.read)
  return { state, opened: holder.opened }
}
