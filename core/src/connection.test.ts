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
  'first try': { is: 'joining', attempt: 0, isOnline: true },
  joining: { is: 'joining', attempt: 2, isOnline: true },
  joined: { is: 'joined', attempt: 2, since: AT - STABLE_AFTER_MS, isOnline: true },
  'just joined': { is: 'joined', attempt: 2, since: AT - 1, isOnline: true },
  waiting: { is: 'waiting', attempt: 2, tryAt: AT, isOnline: true },
  'joined offline': { is: 'joined', attempt: 0, since: AT - STABLE_AFTER_MS, isOnline: false },
  'waiting offline': { is: 'waiting', attempt: 2, tryAt: AT, isOnline: false },
  closed: { is: 'closed' },
} as const satisfies Record<string, LinkState>

const events = {
  joined: { is: 'joined', at: AT },
  lost: { is: 'lost', at: AT, random: 1, retryAfterMs: null },
  'try-due': { is: 'try-due' },
  'try-asked': { is: 'try-asked' },
  'online-changed': { is: 'online-changed', isOnline: true },
  'went offline': { is: 'online-changed', isOnline: false },
  closed: { is: 'closed' },
} as const satisfies Record<LinkEvent['is'] | 'went offline', LinkEvent>

// "=": the same object. Otherwise the next state and what is to be done.
const table: Record<keyof typeof states, Record<keyof typeof events, string>> = {
  'first try': {
    joined: 'joined 0',
    lost: 'waiting 1 | set-timer 1000',
    'try-due': '=',
    'try-asked': '=',
    'online-changed': '=',
    'went offline': 'joining 0 offline',
    closed: 'closed | leave',
  },
  joining: {
    joined: 'joined 2',
    lost: 'waiting 3 | set-timer 4000',
    'try-due': '=',
    'try-asked': '=',
    'online-changed': '=',
    'went offline': 'joining 2 offline',
    closed: 'closed | leave',
  },
  joined: {
    joined: '=',
    lost: 'waiting 1 | set-timer 1000',
    'try-due': '=',
    'try-asked': '=',
    'online-changed': '=',
    'went offline': 'joined 2 offline',
    closed: 'closed | leave',
  },
  'just joined': {
    joined: '=',
    lost: 'waiting 3 | set-timer 4000',
    'try-due': '=',
    'try-asked': '=',
    'online-changed': '=',
    'went offline': 'joined 2 offline',
    closed: 'closed | leave',
  },
  waiting: {
    joined: '=',
    lost: '=',
    'try-due': 'joining 2 | join',
    'try-asked': 'joining 2 | clear-timer, join',
    'online-changed': '=',
    'went offline': 'waiting 2 offline',
    closed: 'closed | clear-timer',
  },
  'joined offline': {
    joined: '=',
    lost: 'waiting 1 offline | set-timer 30000',
    'try-due': '=',
    'try-asked': '=',
    'online-changed': 'joined 0',
    'went offline': '=',
    closed: 'closed | leave',
  },
  'waiting offline': {
    joined: '=',
    lost: '=',
    'try-due': 'joining 2 offline | join',
    'try-asked': 'joining 2 offline | clear-timer, join',
    'online-changed': 'joining 2 | clear-timer, join',
    'went offline': '=',
    closed: 'closed | clear-timer',
  },
  closed: {
    joined: '=',
    lost: '=',
    'try-due': '=',
    'try-asked': '=',
    'online-changed': '=',
    'went offline': '=',
    closed: '=',
  },
}

function told(before: LinkState, after: LinkState, effects: readonly LinkEffect[]): string {
  if (before === after) return effects.length === 0 ? '=' : 'the same state with effects'
  const state =
    after.is === 'closed' ? 'closed' : `${after.is} ${after.attempt}${after.isOnline ? '' : ' offline'}`
  const list = effects.map(each => (each.do === 'set-timer' ? `set-timer ${each.ms}` : each.do))
  return list.length > 0 ? `${state} | ${list.join(', ')}` : state
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
  }),
  fc.constantFrom<LinkEvent>({ is: 'try-due' }, { is: 'try-asked' }, { is: 'closed' }),
  fc.record({ is: fc.constant('online-changed' as const), isOnline: fc.boolean() }),
)

describe('C7: whatever happens to a topic', () => {
  it('a timer runs exactly while waiting, and a membership exists exactly while joining or joined', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(anyEvent, { maxLength: 60, size: 'max' }), (isOnline, happened) => {
        let { state, effects } = startLink(isOnline)
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
            { is: 'joining', attempt: n, isOnline: true },
            { is: 'lost', at: 0, random, retryAfterMs: ms },
          )
          const wait = effects[0]?.do === 'set-timer' ? effects[0].ms : Number.NaN
          expect(wait).toBeGreaterThanOrEqual(Math.max(RETRY.baseMs / 2, ms ?? 0))
          expect(wait).toBeLessThanOrEqual(Math.max(RETRY.maxMs, ms ?? 0))
        },
      ),
    )
  })
})

describe('C8: what the person is told', () => {
  it.each([
    ['first try', { is: 'connecting' }],
    ['joining', { is: 'reconnecting', attempt: 2, nextTryAt: null }],
    ['joined', { is: 'live' }],
    ['waiting', { is: 'reconnecting', attempt: 2, nextTryAt: new Date(AT).toISOString() }],
    ['joined offline', { is: 'offline' }],
    ['waiting offline', { is: 'offline' }],
  ] as const)('%s', (name, expected) => {
    expect(connectionOf(states[name])).toEqual(expected)
  })
})
