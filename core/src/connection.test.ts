import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  connectionOf,
  type LinkEffect,
  type LinkEvent,
  type LinkState,
  RETRY,
  reduceLink,
  STABLE_AFTER_MS,
  startLink,
} from './connection.ts'

const AT = 1_000_000
const states = {
  'first try': { is: 'joining', attempt: 0, pauses: [] },
  joining: { is: 'joining', attempt: 2, pauses: [] },
  joined: { is: 'joined', attempt: 2, since: AT - STABLE_AFTER_MS, pauses: [] },
  'just joined': { is: 'joined', attempt: 2, since: AT - 1, pauses: [] },
  'joined hidden': { is: 'joined', attempt: 2, since: AT - STABLE_AFTER_MS, pauses: ['hidden'] },
  waiting: { is: 'waiting', attempt: 2, tryAt: AT, because: 'server-gone', isOrdered: false, pauses: [] },
  'waiting as asked': {
    is: 'waiting',
    attempt: 2,
    tryAt: AT,
    because: 'server-gone',
    isOrdered: true,
    pauses: [],
  },
  refused: { is: 'waiting', attempt: 2, tryAt: AT, because: 'refused', isOrdered: false, pauses: [] },
  'joining offline': { is: 'joining', attempt: 2, pauses: ['offline'] },
  'joined offline': { is: 'joined', attempt: 0, since: AT - STABLE_AFTER_MS, pauses: ['offline'] },
  'waiting offline': {
    is: 'waiting',
    attempt: 2,
    tryAt: AT,
    because: 'server-gone',
    isOrdered: false,
    pauses: ['offline'],
  },
  'waiting hidden, offline': {
    is: 'waiting',
    attempt: 2,
    tryAt: AT,
    because: 'server-gone',
    isOrdered: false,
    pauses: ['hidden', 'offline'],
  },
  closed: { is: 'closed' },
} as const satisfies Record<string, LinkState>

const events = {
  joined: { is: 'joined', at: AT },
  lost: { is: 'lost', at: AT, random: 1, retryAfterMs: null, isRefusal: false },
  refused: { is: 'lost', at: AT, random: 1, retryAfterMs: null, isRefusal: true },
  'try-due': { is: 'try-due' },
  'try-asked': { is: 'try-asked' },
  'server-reached': { is: 'server-reached' },
  paused: { is: 'paused', reason: 'offline' },
  resumed: { is: 'resumed', reason: 'offline' },
  'paused: hidden': { is: 'paused', reason: 'hidden' },
  'resumed: hidden': { is: 'resumed', reason: 'hidden' },
  closed: { is: 'closed' },
} as const satisfies Record<LinkEvent['is'] | 'refused' | 'paused: hidden' | 'resumed: hidden', LinkEvent>

// "=": the same object. Otherwise the next state and what is to be done.
const table: Record<keyof typeof states, Record<keyof typeof events, string>> = {
  'first try': {
    joined: 'joined 0',
    lost: 'waiting 1 | set-timer 1000',
    refused: 'refused 1 | set-timer 1000',
    'try-due': '=',
    'try-asked': '=',
    'server-reached': '=',
    paused: 'joining 0 offline',
    resumed: '=',
    'paused: hidden': 'joining 0 hidden',
    'resumed: hidden': '=',
    closed: 'closed | leave',
  },
  joining: {
    joined: 'joined 2',
    lost: 'waiting 3 | set-timer 3000',
    refused: 'refused 3 | set-timer 30000',
    'try-due': '=',
    'try-asked': '=',
    'server-reached': '=',
    paused: 'joining 2 offline',
    resumed: '=',
    'paused: hidden': 'joining 2 hidden',
    'resumed: hidden': '=',
    closed: 'closed | leave',
  },
  joined: {
    joined: '=',
    lost: 'waiting 1 | set-timer 1000',
    refused: 'refused 1 | set-timer 1000',
    'try-due': '=',
    'try-asked': '=',
    'server-reached': '=',
    paused: 'joined 2 offline',
    resumed: '=',
    'paused: hidden': 'joined 2 hidden',
    'resumed: hidden': '=',
    closed: 'closed | leave',
  },
  'just joined': {
    joined: '=',
    lost: 'waiting 3 | set-timer 3000',
    refused: 'refused 3 | set-timer 30000',
    'try-due': '=',
    'try-asked': '=',
    'server-reached': '=',
    paused: 'joined 2 offline',
    resumed: '=',
    'paused: hidden': 'joined 2 hidden',
    'resumed: hidden': '=',
    closed: 'closed | leave',
  },
  'joined hidden': {
    joined: '=',
    lost: 'waiting 1 hidden | set-timer 30000',
    refused: 'refused 1 hidden | set-timer 30000',
    'try-due': '=',
    'try-asked': '=',
    'server-reached': '=',
    paused: 'joined 2 hidden, offline',
    resumed: '=',
    'paused: hidden': '=',
    'resumed: hidden': 'joined 2',
    closed: 'closed | leave',
  },
  waiting: {
    joined: '=',
    lost: '=',
    refused: '=',
    'try-due': 'joining 2 | join',
    'try-asked': 'joining 2 | clear-timer, join',
    'server-reached': 'joining 2 | clear-timer, join',
    paused: 'waiting 2 offline',
    resumed: '=',
    'paused: hidden': 'waiting 2 hidden',
    'resumed: hidden': '=',
    closed: 'closed | clear-timer',
  },
  'waiting as asked': {
    joined: '=',
    lost: '=',
    refused: '=',
    'try-due': 'joining 2 | join',
    'try-asked': 'joining 2 | clear-timer, join',
    'server-reached': '=',
    paused: 'waiting 2 offline',
    resumed: '=',
    'paused: hidden': 'waiting 2 hidden',
    'resumed: hidden': '=',
    closed: 'closed | clear-timer',
  },
  refused: {
    joined: '=',
    lost: '=',
    refused: '=',
    'try-due': 'joining 2 | join',
    'try-asked': 'joining 2 | clear-timer, join',
    'server-reached': '=',
    paused: 'refused 2 offline',
    resumed: '=',
    'paused: hidden': 'refused 2 hidden',
    'resumed: hidden': '=',
    closed: 'closed | clear-timer',
  },
  'joined offline': {
    joined: '=',
    lost: 'waiting 1 offline | set-timer 30000',
    refused: 'refused 1 offline | set-timer 30000',
    'try-due': '=',
    'try-asked': '=',
    'server-reached': '=',
    paused: '=',
    resumed: 'joined 0',
    'paused: hidden': 'joined 0 offline, hidden',
    'resumed: hidden': '=',
    closed: 'closed | leave',
  },
  'waiting offline': {
    joined: '=',
    lost: '=',
    refused: '=',
    'try-due': 'joining 2 offline | join',
    'try-asked': 'joining 2 offline | clear-timer, join',
    'server-reached': 'joining 2 offline | clear-timer, join',
    paused: '=',
    resumed: 'joining 2 | clear-timer, join',
    'paused: hidden': 'waiting 2 offline, hidden',
    'resumed: hidden': '=',
    closed: 'closed | clear-timer',
  },
  'waiting hidden, offline': {
    joined: '=',
    lost: '=',
    refused: '=',
    'try-due': 'joining 2 hidden, offline | join',
    'try-asked': 'joining 2 hidden, offline | clear-timer, join',
    'server-reached': 'joining 2 hidden, offline | clear-timer, join',
    paused: '=',
    resumed: 'joining 2 hidden | clear-timer, join',
    'paused: hidden': '=',
    'resumed: hidden': 'joining 2 offline | clear-timer, join',
    closed: 'closed | clear-timer',
  },
  'joining offline': {
    joined: 'joined 2',
    lost: 'waiting 3 offline | set-timer 30000',
    refused: 'refused 3 offline | set-timer 30000',
    'try-due': '=',
    'try-asked': '=',
    'server-reached': '=',
    paused: '=',
    resumed: 'joining 2',
    'paused: hidden': 'joining 2 offline, hidden',
    'resumed: hidden': '=',
    closed: 'closed | leave',
  },
  closed: {
    joined: '=',
    lost: '=',
    refused: '=',
    'try-due': '=',
    'try-asked': '=',
    'server-reached': '=',
    paused: '=',
    resumed: '=',
    'paused: hidden': '=',
    'resumed: hidden': '=',
    closed: '=',
  },
}

function told(before: LinkState, after: LinkState, effects: readonly LinkEffect[]): string {
  if (before === after) return effects.length === 0 ? '=' : 'the same state with effects'
  const list = effects.map(each => (each.do === 'set-timer' ? `set-timer ${each.ms}` : each.do))
  return list.length > 0 ? `${inShort(after)} | ${list.join(', ')}` : inShort(after)
}

function inShort(state: LinkState): string {
  if (state.is === 'closed') return state.is
  const name = state.is === 'waiting' && state.because === 'refused' ? 'refused' : state.is
  return `${name} ${state.attempt} ${state.pauses.join(', ')}`.trim()
}

describe('C6: every event in every state of a topic', () => {
  for (const [name, row] of Object.entries(table) as [
    keyof typeof states,
    Record<keyof typeof events, string>,
  ][]) {
    for (const [event, expected] of Object.entries(row) as [keyof typeof events, string][]) {
      it(`${name} × ${event}: ${expected}`, () => {
        const { state, effects } = reduceLink(states[name], events[event])
        expect(told(states[name], state, effects)).toBe(expected)
      })
    }
  }
})

const anyEvent: fc.Arbitrary<LinkEvent> = fc.oneof(
  fc.record({ is: fc.constant('joined' as const), at: fc.nat() }),
  fc.record({
    is: fc.constant('lost' as const),
    at: fc.nat(),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    retryAfterMs: fc.option(fc.nat(120_000)),
    isRefusal: fc.boolean(),
  }),
  fc.constantFrom<LinkEvent>(
    { is: 'try-due' },
    { is: 'try-asked' },
    { is: 'server-reached' },
    { is: 'closed' },
  ),
  fc.record({
    is: fc.constantFrom('paused' as const, 'resumed' as const),
    reason: fc.constantFrom('offline' as const, 'hidden' as const),
  }),
)

describe('C7: whatever happens to a topic', () => {
  it('a timer runs exactly while waiting, and a membership exists exactly while joining or joined', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60, size: 'max' }), happened => {
        let { state, effects } = startLink([])
        let hasTimer = false
        let hasMembership = false
        const apply = (list: readonly LinkEffect[]) => {
          for (const effect of list) {
            if (effect.do === 'join') {
              expect(hasMembership).toBe(false)
              hasMembership = true
            }
            if (effect.do === 'leave') hasMembership = false
            if (effect.do === 'set-timer') hasTimer = true
            if (effect.do === 'clear-timer') hasTimer = false
          }
        }
        apply(effects)
        for (const event of happened) {
          // What cannot be: a membership that is not there neither begins nor ends, and a timer that does not run is not due.
          if ((event.is === 'joined' || event.is === 'lost') && !hasMembership) continue
          if (event.is === 'try-due' && !hasTimer) continue
          if (event.is === 'lost') hasMembership = false
          if (event.is === 'try-due') hasTimer = false
          ;({ state, effects } = reduceLink(state, event))
          apply(effects)
          expect(hasTimer).toBe(state.is === 'waiting')
          expect(hasMembership).toBe(state.is === 'joining' || state.is === 'joined')
        }
      }),
    )
  })

  it('a wait is never shorter than the server asked for, and never longer than the longest otherwise', () => {
    fc.assert(
      fc.property(
        fc.nat(40),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.option(fc.nat(90_000)),
        (n, random, ms) => {
          const { effects } = reduceLink(
            { is: 'joining', attempt: n, pauses: [] },
            { is: 'lost', at: 0, random, retryAfterMs: ms, isRefusal: false },
          )
          const wait = effects[0]?.do === 'set-timer' ? effects[0].ms : Number.NaN
          expect(wait).toBeGreaterThanOrEqual(Math.max(RETRY.baseMs / 2, ms ?? 0))
          expect(wait).toBeLessThanOrEqual(Math.max(RETRY.maxMs, ms ?? 0))
        },
      ),
    )
  })
})

describe('C7: a topic', () => {
  it('is joined at once, whatever stands against it', () => {
    const begun = startLink(['offline'])
    expect(begun).toEqual({
      state: { is: 'joining', attempt: 0, pauses: ['offline'] },
      effects: [{ do: 'join' }],
    })
  })
})

describe('C7: a wait that the server asked for', () => {
  it('is kept where it is longer, its end is known, and no other topic cuts it short', () => {
    const lost = { ...events.lost, retryAfterMs: 7_000 }
    const { state, effects } = reduceLink(states.joining, lost)
    expect(effects).toEqual([{ do: 'set-timer', ms: 7_000 }])
    expect(state).toMatchObject({ is: 'waiting', tryAt: AT + 7_000, isOrdered: true })
    expect(reduceLink(state, { is: 'server-reached' }).state).toBe(state)
    expect(reduceLink(states.joining, events.lost).state).toMatchObject({ isOrdered: false })
  })
})

describe('C29: after a long outage', () => {
  it('somebody who looks waits three seconds at most, and in between nobody waits for less than half of it', () => {
    for (const attempt of [3, 5, 10, 100])
      for (const [random, ms] of [
        [0, 1_500],
        [1, 3_000],
      ] as const) {
        const lost = { is: 'lost', at: 0, random, retryAfterMs: null, isRefusal: false } as const
        const { effects } = reduceLink({ is: 'joining', attempt, pauses: [] }, lost)
        expect(effects).toEqual([{ do: 'set-timer', ms }])
      }
  })
})

describe('C8: what the person is told', () => {
  it.each([
    ['first try', { is: 'connecting' }],
    ['joining', { is: 'reconnecting', attempt: 2, nextTryAt: null }],
    ['joined', { is: 'live' }],
    ['waiting', { is: 'reconnecting', attempt: 2, nextTryAt: new Date(AT).toISOString() }],
    ['refused', { is: 'reconnecting', attempt: 2, nextTryAt: new Date(AT).toISOString() }],
    ['joined hidden', { is: 'live' }],
    ['closed', { is: 'connecting' }],
    ['joined offline', { is: 'offline' }],
    ['waiting offline', { is: 'offline' }],
  ] as const)('%s', (name, expected) => {
    expect(connectionOf(states[name])).toEqual(expected)
  })

  it('a refusal is believed the third time, and a server that is gone is no refusal', () => {
    const nextTryAt = new Date(AT).toISOString()
    expect(connectionOf({ ...states.refused, attempt: 3 })).toEqual({ is: 'blocked', nextTryAt })
    const gone = { is: 'reconnecting', attempt: 3, nextTryAt }
    expect(connectionOf({ ...states.waiting, attempt: 3 })).toEqual(gone)
  })
})
