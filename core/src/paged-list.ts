/**
 * A list of appointments or of rooms as a pure state machine: pages that grow downwards, and reloads of all that is
 * loaded. Events come in bursts (one per message in any room): they are answered together, and never two reloads at
 * once. A page of an earlier visit is shown until the first one comes.
 *
 * Must never happen: a row twice; a list that shrinks to its first page because something in it changed.
 */
import { type ChatError, reactionTo } from './chat-error.ts'
import { type Step, unchanged } from './machine.ts'

export const PAGE_SIZE = 50
/** The server's limit of one page. */
const PAGE_MAX = 100
export const COALESCE_MS = 300

export interface Row {
  readonly id: string
}

export interface Page<R extends Row> {
  readonly rows: readonly R[]
  readonly hasMore: boolean
}

export interface ListState<R extends Row> {
  readonly page: Page<R> | null
  /** It is of an earlier visit. */
  readonly isCached: boolean
  readonly error: ChatError | null
  readonly fetch:
    | { is: 'idle' }
    /** An event was heard; a reload follows when the burst is over. */
    | { is: 'scheduled' }
    /** `fresh`: what has arrived so far of the `wanted` rows that the list had. `isAgain`: once more afterwards. */
    | { is: 'reloading'; fresh: readonly R[]; wanted: number; isAgain: boolean }
    | { is: 'growing'; isAgain: boolean }
}

export type ListEvent<R extends Row> =
  /** On this device. */
  | { is: 'found'; page: Page<R> }
  | { is: 'reload-asked' }
  | { is: 'more-asked' }
  | { is: 'changed' }
  | { is: 'due' }
  | { is: 'loaded'; page: Page<R> }
  | { is: 'failed'; error: ChatError }

export type ListEffect<R extends Row> =
  /** `after`: the row that the page begins after; null: from the first. */
  { do: 'load'; after: R | null; pageSize: number } | { do: 'set-timer'; ms: number } | { do: 'clear-timer' }

type ListStep<R extends Row> = Step<ListState<R>, ListEffect<R>>

export function startList<R extends Row>(): ListStep<R> {
  return reload<R>({ page: null, isCached: false, error: null, fetch: { is: 'idle' } }, [])
}

export function reduceList<R extends Row>(state: ListState<R>, event: ListEvent<R>): ListStep<R> {
  const { fetch } = state
  switch (event.is) {
    case 'found':
      return state.page === null
        ? { state: { ...state, page: event.page, isCached: true }, effects: [] }
        : unchanged(state)
    case 'reload-asked':
      if (fetch.is === 'scheduled') return reload(state, [{ do: 'clear-timer' }])
      return fetch.is === 'idle' ? reload(state, []) : again(state)
    case 'changed':
      if (fetch.is !== 'idle') return again(state)
      return {
        state: { ...state, fetch: { is: 'scheduled' } },
        effects: [{ do: 'set-timer', ms: COALESCE_MS }],
      }
    case 'due':
      return fetch.is === 'scheduled' ? reload(state, []) : unchanged(state)
    case 'more-asked': {
      const last = rowsOf(state).at(-1)
      if (!state.page?.hasMore || !last) return unchanged(state)
      if (fetch.is !== 'idle' && fetch.is !== 'scheduled') return unchanged(state)
      const effects: ListEffect<R>[] = fetch.is === 'scheduled' ? [{ do: 'clear-timer' }] : []
      // Its last row may not be the last any more.
      if (state.isCached) return reload(state, effects)
      return {
        state: { ...state, error: null, fetch: { is: 'growing', isAgain: fetch.is === 'scheduled' } },
        effects: [...effects, { do: 'load', after: last, pageSize: PAGE_SIZE }],
      }
    }
    case 'loaded':
      return loaded(state, event.page)
    case 'failed':
      if (fetch.is !== 'reloading' && fetch.is !== 'growing') return unchanged(state)
      return { state: { ...state, error: event.error, fetch: { is: 'idle' } }, effects: [] }
  }
}

/** As much of a page as one call brings. */
export function firstOf<R extends Row>({ rows, hasMore }: Page<R>): Page<R> {
  return rows.length <= PAGE_SIZE ? { rows, hasMore } : { rows: rows.slice(0, PAGE_SIZE), hasMore: true }
}

/** Whether a later try is worth it. */
export function isListBehind({ error }: ListState<Row>): boolean {
  return error !== null && reactionTo(error.kind) === 'retry'
}

export function isListLoading({ fetch }: ListState<Row>): boolean {
  return fetch.is === 'reloading' || fetch.is === 'growing'
}

function rowsOf<R extends Row>({ page }: ListState<R>): readonly R[] {
  return page?.rows ?? []
}

function loaded<R extends Row>(state: ListState<R>, page: Page<R>): ListStep<R> {
  const { fetch } = state
  if (fetch.is === 'growing') {
    const grown = { rows: merged(rowsOf(state), page.rows), hasMore: page.hasMore }
    return settle({ ...state, page: grown, error: null }, fetch.isAgain)
  }
  if (fetch.is !== 'reloading') return unchanged(state)
  const fresh = merged(fetch.fresh, page.rows)
  const last = fresh.at(-1)
  if (page.hasMore && last && fresh.length > fetch.fresh.length && fresh.length < fetch.wanted) {
    return {
      state: { ...state, fetch: { ...fetch, fresh } },
      effects: [{ do: 'load', after: last, pageSize: sizeFor(fetch.wanted - fresh.length) }],
    }
  }
  const whole = { rows: fresh, hasMore: page.hasMore }
  return settle({ ...state, page: whole, isCached: false, error: null }, fetch.isAgain)
}

function settle<R extends Row>(state: ListState<R>, isAgain: boolean): ListStep<R> {
  const idle: ListState<R> = { ...state, fetch: { is: 'idle' } }
  return isAgain ? reload(idle, []) : { state: idle, effects: [] }
}

function reload<R extends Row>(state: ListState<R>, before: ListEffect<R>[]): ListStep<R> {
  const wanted = Math.max(PAGE_SIZE, rowsOf(state).length)
  return {
    state: { ...state, fetch: { is: 'reloading', fresh: [], wanted, isAgain: false } },
    effects: [...before, { do: 'load', after: null, pageSize: sizeFor(wanted) }],
  }
}

function again<R extends Row>(state: ListState<R>): ListStep<R> {
  const { fetch } = state
  if ((fetch.is !== 'reloading' && fetch.is !== 'growing') || fetch.isAgain) return unchanged(state)
  return { state: { ...state, fetch: { ...fetch, isAgain: true } }, effects: [] }
}

function sizeFor(rows: number): number {
  return Math.min(PAGE_MAX, Math.max(1, rows))
}

function merged<R extends Row>(before: readonly R[], page: readonly R[]): R[] {
  const known = new Set(before.map(each => each.id))
  return [...before, ...page.filter(each => !known.has(each.id))]
}
