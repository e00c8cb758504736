import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  FORGET_AFTER_MS,
  nobodyTypes,
  notTyping,
  type OwnTyping,
  type OwnTypingEvent,
  reduceOwnTyping,
  reduceTypists,
  TELL_EVERY_MS,
  type Typists,
  type TypistsEvent,
  typistsOf,
} from './typing.ts'

const NOW = 100_000

describe('CT1: every event in every state of one’s own typing', () => {
  const states = {
    'not joined': notTyping,
    quiet: { isJoined: true, toldAt: null },
    'just told': { isJoined: true, toldAt: NOW - TELL_EVERY_MS + 1 },
    'told a while ago': { isJoined: true, toldAt: NOW - TELL_EVERY_MS },
    'told long ago': { isJoined: true, toldAt: NOW - FORGET_AFTER_MS },
  } as const satisfies Record<string, OwnTyping>
  const events = {
    typed: { is: 'typed', at: NOW },
    stopped: { is: 'stopped', at: NOW },
    joined: { is: 'joined' },
    lost: { is: 'lost' },
  } as const satisfies Record<OwnTypingEvent['is'], OwnTypingEvent>
  const table: Record<keyof typeof states, Record<keyof typeof events, string>> = {
    'not joined': { typed: '=', stopped: '=', joined: 'joined', lost: '=' },
    quiet: { typed: 'joined now | typing', stopped: '=', joined: 'joined', lost: 'away' },
    'just told': { typed: '=', stopped: 'joined | stopped', joined: 'joined', lost: 'away' },
    'told a while ago': {
      typed: 'joined now | typing',
      stopped: 'joined | stopped',
      joined: 'joined',
      lost: 'away',
    },
    // They have forgotten it themselves.
    'told long ago': { typed: 'joined now | typing', stopped: 'joined', joined: 'joined', lost: 'away' },
  }
  for (const [name, row] of Object.entries(table) as [keyof typeof states, Record<string, string>][]) {
    for (const [event, expected] of Object.entries(row) as [keyof typeof events, string][]) {
      it(`${name} × ${event}: ${expected}`, () => {
        const { state, effects } = reduceOwnTyping(states[name], events[event])
        const said = effects.map(({ isTyping }) => (isTyping ? ' | typing' : ' | stopped')).join('')
        const shape = `${state.isJoined ? 'joined' : 'away'}${state.toldAt === NOW ? ' now' : ''}`
        expect(state === states[name] ? '=' : `${shape}${said}`).toBe(expected)
      })
    }
  }

  it('the first keystroke is told whatever the clock says', () => {
    const { effects } = reduceOwnTyping(states.quiet, { is: 'typed', at: 0 })
    expect(effects).toEqual([{ do: 'tell-typing', isTyping: true }])
  })

  it('whatever is typed, the others are told at most every three seconds, and never that one stopped twice', () => {
    const anyEvent = fc.record({
      is: fc.constantFrom('typed' as const, 'typed' as const, 'stopped' as const),
      wait: fc.integer({ min: 0, max: 4_000 }),
    })
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 100, size: 'max' }), steps => {
        let state = reduceOwnTyping(notTyping, { is: 'joined' }).state
        let at = NOW
        let told: { isTyping: boolean; at: number } | null = null
        for (const { is, wait } of steps) {
          at += wait
          const step = reduceOwnTyping(state, { is, at })
          state = step.state
          for (const { isTyping } of step.effects) {
            if (isTyping && told?.isTyping) expect(at - told.at).toBeGreaterThanOrEqual(TELL_EVERY_MS)
            if (!isTyping) expect(told?.isTyping).toBe(true)
            told = { isTyping, at }
          }
          // Who goes on typing is not forgotten by the others.
          if (is === 'typed') expect(told?.isTyping && at - told.at < TELL_EVERY_MS).toBe(true)
        }
      }),
    )
  })
})

describe('CT2: every event in every state of the others’ typing', () => {
  const others = ['ann', 'bob']
  const states = {
    nobody: { others, typing: [] },
    ann: { others, typing: [{ userId: 'ann', until: NOW + 1_000 }] },
    both: {
      others,
      typing: [
        { userId: 'ann', until: NOW },
        { userId: 'bob', until: NOW + 2_000 },
      ],
    },
  } as const satisfies Record<string, Typists>
  const events = {
    'others-changed': { is: 'others-changed', others: ['bob'] },
    told: { is: 'told', userId: 'bob', isTyping: true, at: NOW },
    'told again': { is: 'told', userId: 'ann', isTyping: true, at: NOW },
    'told of a stop': { is: 'told', userId: 'ann', isTyping: false, at: NOW },
    'told of a stranger': { is: 'told', userId: 'eve', isTyping: true, at: NOW },
    wrote: { is: 'wrote', userId: 'ann' },
    due: { is: 'due', at: NOW },
    lost: { is: 'lost' },
  } as const satisfies Record<TypistsEvent['is'] | (string & {}), TypistsEvent>
  const table: Record<keyof typeof states, Record<keyof typeof events, string>> = {
    nobody: {
      'others-changed': '-',
      told: 'bob+6000 | set-timer 6000',
      'told again': 'ann+6000 | set-timer 6000',
      'told of a stop': '=',
      'told of a stranger': '=',
      wrote: '=',
      due: '=',
      lost: '=',
    },
    ann: {
      'others-changed': '- | clear-timer',
      told: 'ann+1000 bob+6000 | set-timer 1000',
      'told again': 'ann+6000 | set-timer 6000',
      'told of a stop': '- | clear-timer',
      'told of a stranger': '=',
      wrote: '- | clear-timer',
      due: '= | set-timer 1000',
      lost: '- | clear-timer',
    },
    both: {
      'others-changed': 'bob+2000',
      told: 'ann+0 bob+6000 | set-timer 0',
      'told again': 'ann+6000 bob+2000 | set-timer 2000',
      'told of a stop': 'bob+2000',
      'told of a stranger': '=',
      wrote: 'bob+2000',
      due: 'bob+2000 | set-timer 2000',
      lost: '- | clear-timer',
    },
  }
  for (const [name, row] of Object.entries(table) as [keyof typeof states, Record<string, string>][]) {
    for (const [event, expected] of Object.entries(row) as [keyof typeof events, string][]) {
      it(`${name} × ${event}: ${expected}`, () => {
        const { state, effects } = reduceTypists(states[name], events[event])
        const list = state.typing.map(({ userId, until }) => `${userId}+${until - NOW}`).join(' ')
        const done = effects.map(each => (each.do === 'set-timer' ? `set-timer ${each.ms}` : each.do))
        const shape = state === states[name] ? '=' : list === '' ? '-' : list
        expect([shape, ...done].join(' | ')).toBe(expected)
      })
    }
  }

  it('they are shown in the order in which they began', () => {
    expect(typistsOf(states.both)).toEqual(['ann', 'bob'])
  })

  it('whatever comes in whatever order, those are shown who said so within six seconds and have not stopped', () => {
    const who = fc.constantFrom('ann', 'bob', 'cleo', 'eve')
    const anyStep = fc.oneof(
      fc.record({ do: fc.constant('told' as const), who, isTyping: fc.boolean() }),
      fc.record({ do: fc.constantFrom('wrote' as const, 'leave' as const, 'come' as const), who }),
      fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 5_000 }) }),
      fc.record({ do: fc.constant('lost' as const) }),
    )
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 80, size: 'max' }), steps => {
        let state: Typists = nobodyTypes
        let at = NOW
        let timerAt: number | null = null
        let people: string[] = []
        const model = new Map<string, number>()
        const dispatch = (event: TypistsEvent) => {
          const step = reduceTypists(state, event)
          state = step.state
          for (const effect of step.effects) timerAt = effect.do === 'set-timer' ? at + effect.ms : null
        }
        for (const step of steps) {
          switch (step.do) {
            case 'told':
              if (step.isTyping && people.includes(step.who)) model.set(step.who, at + FORGET_AFTER_MS)
              if (!step.isTyping) model.delete(step.who)
              dispatch({ is: 'told', userId: step.who, isTyping: step.isTyping, at })
              break
            case 'wrote':
              model.delete(step.who)
              dispatch({ is: 'wrote', userId: step.who })
              break
            case 'leave':
            case 'come':
              people = people.filter(each => each !== step.who)
              if (step.do === 'come' && step.who !== 'eve') people.push(step.who)
              for (const userId of model.keys()) if (!people.includes(userId)) model.delete(userId)
              dispatch({ is: 'others-changed', others: people })
              break
            case 'lost':
              model.clear()
              dispatch({ is: 'lost' })
              break
            case 'wait': {
              const until: number = at + step.ms
              while (timerAt !== null && timerAt <= until) {
                at = timerAt
                timerAt = null
                dispatch({ is: 'due', at })
              }
              at = until
              for (const [userId, end] of model) if (end <= at) model.delete(userId)
              break
            }
          }
          expect(typistsOf(state).sort()).toEqual([...model.keys()].sort())
          // A timer runs for as long as somebody is shown.
          if (state.typing.length > 0) expect(timerAt).not.toBeNull()
        }
      }),
      { numRuns: 300 },
    )
  })
})
