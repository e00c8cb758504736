/** The shell around `paged-list.ts`: a list that several screens may show, of whatever `source` brings. */
import type { Freshness, Store } from './api.ts'
import type { ChatError } from './chat-error.ts'
import type { Env } from './env.ts'
import { createMachine } from './machine.ts'
import {
  firstOf,
  isListBehind,
  isListLoading,
  type ListEffect,
  type ListEvent,
  type ListState,
  type Page,
  type Row,
  reduceList,
  startList,
} from './paged-list.ts'
import { createStore } from './store.ts'

/** At most so long waits who hears of changes all the time. */
const BUSY_MS = 1_000

export interface ListSource<R extends Row, Shown> {
  load(after: R | null, pageSize: number): Promise<Page<R>>
  /** The page in the words of who shows it. */
  show(page: Page<R>): Shown
  /** What was shown last. */
  cached: { read(): Promise<Page<R> | null>; keep(page: Page<R>): void }
}

export interface ShownList<Shown> {
  /** null until the first page arrived, or was found on this device. */
  page: Shown | null
  freshness: Freshness
  isLoading: boolean
  error: ChatError | null
}

export interface SharedList<Shown> extends Store<ShownList<Shown>> {
  readonly isBehind: boolean
  dispatch(event: { is: 'changed' | 'reload-asked' | 'more-asked' }): void
  /** Resolves when nothing is being fetched any more. */
  settled(): Promise<void>
  close(): void
}

export function openSharedList<R extends Row, Shown>(
  env: Env,
  source: ListSource<R, Shown>,
  onChange: () => void,
): SharedList<Shown> {
  let isClosed = false
  let clearTimer = () => {}
  let waiters: (() => void)[] = []
  /** While something was being fetched. */
  let hasChanged = false
  /** The last fetch. Who is slow to answer is asked less often. */
  let tookMs = 0
  const start = startList<R>()
  const store = createStore<ShownList<Shown>>({ page: null, freshness: 'live', isLoading: true, error: null })
  let shownPage: Page<R> | null = null

  const perform = (effect: ListEffect<R>) => {
    switch (effect.do) {
      case 'load': {
        const from = env.now()
        source.load(effect.after, effect.pageSize).then(
          page => {
            tookMs = env.now() - from
            dispatch({ is: 'loaded', page })
          },
          (error: ChatError) => dispatch({ is: 'failed', error }),
        )
        return
      }
      case 'set-timer':
        clearTimer = env.setTimer(
          () => dispatch({ is: 'due' }),
          Math.max(effect.ms, Math.min(2 * tookMs, BUSY_MS)),
        )
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
  const publish = () => {
    const { page, error, isCached } = machine.state
    const isLoading = isListLoading(machine.state)
    const { current } = store
    if (page !== shownPage || error !== current.error || isLoading !== current.isLoading) {
      const shown = page === shownPage ? current.page : page && source.show(page)
      if (page !== null && page !== shownPage && !isCached) source.cached.keep(firstOf(page))
      shownPage = page
      store.set({ page: shown, freshness: isCached ? 'cached' : 'live', isLoading, error })
    }
  }
  const machine = createMachine<ListState<R>, ListEvent<R>, ListEffect<R>>({
    initial: start.state,
    reduce: reduceList,
    perform,
    onChange() {
      publish()
      if (!store.current.isLoading) {
        wake()
        if (hasChanged) {
          hasChanged = false
          dispatch({ is: 'changed' })
        }
      }
      onChange()
    },
  })
  const dispatch = (event: ListEvent<R>) => {
    if (isClosed) return
    if (event.is === 'changed' && store.current.isLoading) hasChanged = true
    else machine.dispatch(event)
  }
  for (const effect of start.effects) perform(effect)
  source.cached.read().then(page => {
    if (page) dispatch({ is: 'found', page })
  })

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
