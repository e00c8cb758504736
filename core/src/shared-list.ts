/** The shell around `appointment-list.ts`. */
import type { AppointmentListState, AppointmentScope, Store } from './api.ts'
import {
  isListBehind,
  type ListEffect,
  type ListEvent,
  type ListState,
  listStateOf,
  reduceList,
  startList,
} from './appointment-list.ts'
import type { ChatError } from './chat-error.ts'
import type { Env } from './env.ts'
import { createMachine } from './machine.ts'
import { createStore } from './store.ts'
import type { Transport } from './transport.ts'

export interface SharedList extends Store<AppointmentListState> {
  readonly isBehind: boolean
  dispatch(event: ListEvent & { is: 'changed' | 'reload-asked' | 'more-asked' }): void
  /** Resolves when nothing is being fetched any more. */
  settled(): Promise<void>
  close(): void
}

export function openSharedList(
  { env, transport }: { env: Env; transport: Transport },
  scope: AppointmentScope,
  onChange: () => void,
): SharedList {
  let isClosed = false
  let clearTimer = () => {}
  let waiters: (() => void)[] = []
  const store = createStore(listStateOf(startList.state))

  const perform = (effect: ListEffect) => {
    switch (effect.do) {
      case 'load':
        transport.listAppointments({ scope, after: effect.after, pageSize: effect.pageSize }).then(
          page => dispatch({ is: 'loaded', page }),
          (error: ChatError) => dispatch({ is: 'failed', error }),
        )
        return
      case 'set-timer':
        clearTimer = env.setTimer(() => dispatch({ is: 'due' }), effect.ms)
        return
      case 'clear-timer':
        clearTimer()
        return
    }
  }
  const wake = () => {
    const woken = waiters
    waiters = []
    for (const each of woken) each()
  }
  const machine = createMachine<ListState, ListEvent, ListEffect>({
    initial: startList.state,
    reduce: reduceList,
    perform,
    onChange() {
      const next = listStateOf(machine.state)
      const { current } = store
      const isSame =
        next.page === current.page && next.error === current.error && next.isLoading === current.isLoading
      if (!isSame) store.set(next)
      if (!next.isLoading) wake()
      onChange()
    },
  })
  const dispatch = (event: ListEvent) => {
    if (!isClosed) machine.dispatch(event)
  }
  for (const effect of startList.effects) perform(effect)

  return {
    get current() {
      return store.current
    },
    get isBehind() {
      return isListBehind(machine.state)
    },
    subscribe: store.subscribe,
    dispatch,
    settled() {
      if (isClosed || !store.current.isLoading) return Promise.resolve()
      return new Promise(resolve => waiters.push(resolve))
    },
    close() {
      if (isClosed) return
      isClosed = true
      clearTimer()
      wake()
    },
  }
}
