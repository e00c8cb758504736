import { describe, expect, it } from 'vitest'
import { type LeadEvent, type LeadState, reduceLead } from './lead.ts'

const states = {
  following: { is: 'following' },
  'asking, answered': { is: 'asking', unanswered: 0 },
  'asking once': { is: 'asking', unanswered: 1 },
  'asking twice': { is: 'asking', unanswered: 2 },
  leading: { is: 'leading' },
} as const satisfies Record<string, LeadState>

const events = {
  won: { is: 'won' },
  lost: { is: 'lost' },
  needed: { is: 'needed' },
  met: { is: 'met' },
  answered: { is: 'answered' },
  due: { is: 'due' },
} as const satisfies Record<LeadEvent['is'], LeadEvent>

// "=": the same object. Otherwise the state, and what is to be done.
type Row = Record<keyof typeof events, string>
const table: Record<keyof typeof states, Row> = {
  following: {
    won: 'leading',
    lost: '=',
    needed: 'asking 1 | ask, set-timer',
    met: '=',
    answered: '=',
    due: '=',
  },
  'asking, answered': {
    won: 'leading | clear-timer',
    lost: '=',
    needed: '=',
    met: 'following | clear-timer',
    answered: '=',
    due: 'asking 1 | ask, set-timer',
  },
  'asking once': {
    won: 'leading | clear-timer',
    lost: '=',
    needed: '=',
    met: 'following | clear-timer',
    answered: 'asking 0',
    due: 'asking 2 | ask, set-timer',
  },
  'asking twice': {
    won: 'leading | clear-timer',
    lost: '=',
    needed: '=',
    met: 'following | clear-timer',
    answered: 'asking 0',
    due: 'asking 3 | take, ask, set-timer',
  },
  leading: { won: '=', lost: 'following', needed: '=', met: '=', answered: '=', due: '=' },
}

describe('TB1: every event in every state of the lead', () => {
  for (const [name, row] of Object.entries(table) as [keyof typeof states, Row][]) {
    for (const [event, expected] of Object.entries(row) as [keyof typeof events, string][]) {
      it(`${name} × ${event}: ${expected}`, () => {
        const before: LeadState = states[name]
        const { state, effects } = reduceLead(before, events[event])
        const shown = state.is === 'asking' ? `asking ${state.unanswered}` : state.is
        const done = effects.map(each => each.do).join(', ')
        const told = state === before && effects.length === 0 ? '=' : done ? `${shown} | ${done}` : shown
        expect(told).toBe(expected)
      })
    }
  }
})
