import { describe, expect, it } from 'vitest'
import { ChatError, type ChatErrorKind } from './chat-error.ts'
import {
  firstOf,
  isListBehind,
  isListLoading,
  type ListEffect,
  type ListEvent,
  type ListState,
  reduceList,
  startList,
} from './paged-list.ts'
import type { Appointment } from './records.ts'
import { openedAt } from './testing/room-samples.ts'

const { appointment } = openedAt({ lastSeq: 1 })
const appointmentsFrom = (first: number, last: number): Appointment[] =>
  Array.from({ length: last - first + 1 }, (_, index) => ({ ...appointment, id: `a${first + index}` }))
const page = (first: number, last: number, hasMore: boolean) => ({
  rows: appointmentsFrom(first, last),
  hasMore,
})

const base = { page: page(1, 2, true), isCached: false, error: null }
const states = {
  idle: { ...base, fetch: { is: 'idle' } },
  'all there': { page: page(1, 2, false), isCached: false, error: null, fetch: { is: 'idle' } },
  scheduled: { ...base, fetch: { is: 'scheduled' } },
  get first(): ListState<Appointment> {
    return startList<Appointment>().state
  },
  reloading: { ...base, fetch: { is: 'reloading', fresh: [], wanted: 50, isAgain: false } },
  'reloading, again': { ...base, fetch: { is: 'reloading', fresh: [], wanted: 50, isAgain: true } },
  growing: { ...base, fetch: { is: 'growing', isAgain: false } },
  'cached, reloading': {
    ...base,
    isCached: true,
    fetch: { is: 'reloading', fresh: [], wanted: 50, isAgain: false },
  },
  'cached, idle': { ...base, isCached: true, fetch: { is: 'idle' } },
  'cached, scheduled': { ...base, isCached: true, fetch: { is: 'scheduled' } },
} as const satisfies Record<string, ListState<Appointment>>

const events = {
  found: { is: 'found', page: page(5, 6, true) },
  'reload-asked': { is: 'reload-asked' },
  'more-asked': { is: 'more-asked' },
  changed: { is: 'changed' },
  due: { is: 'due' },
  loaded: { is: 'loaded', page: page(2, 4, false) },
  failed: { is: 'failed', error: new ChatError('unavailable') },
} as const satisfies Record<ListEvent<Appointment>['is'], ListEvent<Appointment>>

type Row = Record<keyof typeof events, string>
const reload = 'a1 a2 reloading | load first 50'
const table: Record<keyof typeof states, Row> = {
  idle: {
    found: '=',
    'reload-asked': reload,
    'more-asked': 'a1 a2 growing | load a2 50',
    changed: 'a1 a2 scheduled | set-timer',
    due: '=',
    loaded: '=',
    failed: '=',
  },
  'all there': {
    found: '=',
    'reload-asked': reload,
    'more-asked': '=',
    changed: 'a1 a2 scheduled | set-timer',
    due: '=',
    loaded: '=',
    failed: '=',
  },
  scheduled: {
    found: '=',
    'reload-asked': 'a1 a2 reloading | clear-timer, load first 50',
    'more-asked': 'a1 a2 growing again | clear-timer, load a2 50',
    changed: '=',
    due: reload,
    loaded: '=',
    failed: '=',
  },
  first: {
    found: 'a5 a6 reloading cached',
    'reload-asked': '- reloading again',
    'more-asked': '=',
    changed: '- reloading again',
    due: '=',
    loaded: 'a2 a3 a4 idle',
    failed: '- idle unavailable',
  },
  reloading: {
    found: '=',
    'reload-asked': 'a1 a2 reloading again',
    'more-asked': '=',
    changed: 'a1 a2 reloading again',
    due: '=',
    loaded: 'a2 a3 a4 idle',
    failed: 'a1 a2 idle unavailable',
  },
  'reloading, again': {
    found: '=',
    'reload-asked': '=',
    'more-asked': '=',
    changed: '=',
    due: '=',
    loaded: 'a2 a3 a4 reloading | load first 50',
    failed: 'a1 a2 idle unavailable',
  },
  growing: {
    found: '=',
    'reload-asked': 'a1 a2 growing again',
    'more-asked': '=',
    changed: 'a1 a2 growing again',
    due: '=',
    loaded: 'a1 a2 a3 a4 idle',
    failed: 'a1 a2 idle unavailable',
  },
  'cached, reloading': {
    found: '=',
    'reload-asked': 'a1 a2 reloading again cached',
    'more-asked': '=',
    changed: 'a1 a2 reloading again cached',
    due: '=',
    loaded: 'a2 a3 a4 idle',
    failed: 'a1 a2 idle unavailable cached',
  },
  'cached, idle': {
    found: '=',
    'reload-asked': 'a1 a2 reloading cached | load first 50',
    'more-asked': 'a1 a2 reloading cached | load first 50',
    changed: 'a1 a2 scheduled cached | set-timer',
    due: '=',
    loaded: '=',
    failed: '=',
  },
  'cached, scheduled': {
    found: '=',
    'reload-asked': 'a1 a2 reloading cached | clear-timer, load first 50',
    'more-asked': 'a1 a2 reloading cached | clear-timer, load first 50',
    changed: '=',
    due: 'a1 a2 reloading cached | load first 50',
    loaded: '=',
    failed: '=',
  },
}

function told(
  before: ListState<Appointment>,
  after: ListState<Appointment>,
  effects: readonly ListEffect<Appointment>[],
): string {
  if (before === after) return effects.length === 0 ? '=' : 'the same state with effects'
  const rows = after.page?.rows.map(each => each.id).join(' ') ?? '-'
  const again = 'isAgain' in after.fetch && after.fetch.isAgain ? ' again' : ''
  const error = after.error ? ` ${after.error.kind}` : ''
  const state = `${rows} ${after.fetch.is}${again}${error}${after.isCached ? ' cached' : ''}`
  const list = effects.map(each =>
    each.do === 'load' ? `load ${each.after?.id ?? 'first'} ${each.pageSize}` : each.do,
  )
  return list.length > 0 ? `${state} | ${list.join(', ')}` : state
}

describe('C9: every event in every state of a list of appointments', () => {
  for (const [name, row] of Object.entries(table) as [keyof typeof states, Row][]) {
    for (const [event, expected] of Object.entries(row) as [keyof typeof events, string][]) {
      it(`${name} × ${event}: ${expected}`, () => {
        const before = states[name]
        const { state, effects } = reduceList(before, events[event])
        expect(told(before, state, effects)).toBe(expected)
      })
    }
  }
})

describe('C10: a list that has grown', () => {
  it('is reloaded as far as it had grown, page by page', () => {
    const grown: ListState<Appointment> = {
      page: page(1, 150, true),
      isCached: false,
      error: null,
      fetch: { is: 'idle' },
    }
    const first = reduceList(grown, { is: 'reload-asked' })
    expect(first.effects).toEqual([{ do: 'load', after: null, pageSize: 100 }])
    const second = reduceList(first.state, { is: 'loaded', page: page(1, 100, true) })
    expect(second.effects).toMatchObject([{ do: 'load', after: { id: 'a100' }, pageSize: 50 }])
    expect(isListLoading(second.state)).toBe(true)
    expect(second.state.page).toBe(grown.page)
    const third = reduceList(second.state, { is: 'loaded', page: page(101, 150, true) })
    expect(third.effects).toEqual([])
    expect(third.state.page).toEqual(grown.page)
  })

  it('does not ask for ever when the server claims more and brings nothing', () => {
    const empty: ListEvent<Appointment> = { is: 'loaded', page: { rows: [], hasMore: true } }
    expect(reduceList(states.reloading, empty).effects).toEqual([])
    const first = reduceList(states.reloading, { is: 'loaded', page: page(1, 20, true) })
    expect(first.effects).toMatchObject([{ do: 'load', after: { id: 'a20' }, pageSize: 30 }])
    expect(reduceList(first.state, empty).effects).toEqual([])
  })

  it('grows from its last row', () => {
    const three: ListState<Appointment> = { ...states.idle, page: page(1, 3, true) }
    expect(reduceList(three, { is: 'more-asked' }).effects).toMatchObject([{ after: { id: 'a3' } }])
  })

  it('says whether it is being loaded, and whether another try is worth it', () => {
    const after = (kind: ChatErrorKind) =>
      reduceList(states.reloading, { is: 'failed', error: new ChatError(kind) }).state
    expect([states.idle, states.scheduled, states.reloading, states.growing].map(isListLoading)).toEqual([
      false,
      false,
      true,
      true,
    ])
    expect([states.idle, after('unavailable'), after('forbidden')].map(isListBehind)).toEqual([
      false,
      true,
      false,
    ])
  })
})

describe('CC2: what is kept of a list', () => {
  it('is one page of it, and says so where there is more', () => {
    expect(firstOf(page(1, 49, true))).toEqual(page(1, 49, true))
    expect(firstOf(page(1, 50, false))).toEqual(page(1, 50, false))
    expect(firstOf(page(1, 51, false))).toEqual(page(1, 50, true))
  })
})
