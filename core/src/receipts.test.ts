import { describe, expect, it } from 'vitest'
import { ChatError } from './chat-error.ts'
import {
  COALESCE_MS,
  type ReceiptEffect,
  type ReceiptEvent,
  type ReceiptState,
  reduceReceipts,
  startReceipts,
} from './receipts.ts'

const at = (deliveredSeq: number, readSeq: number) => ({ deliveredSeq, readSeq })
const wanted = at(5, 3)
const states = {
  idle: { held: at(2, 2), wanted: at(2, 2), call: { is: 'idle' }, attempt: 0 },
  scheduled: { held: at(2, 2), wanted, call: { is: 'scheduled' }, attempt: 0 },
  calling: { held: at(2, 2), wanted, call: { is: 'calling', asked: wanted }, attempt: 1 },
  'calling, more wanted': { held: at(2, 2), wanted, call: { is: 'calling', asked: at(3, 2) }, attempt: 1 },
} as const satisfies Record<string, ReceiptState>

const events = {
  seen: { is: 'seen', deliveredSeq: 7, readSeq: 0 },
  'seen before': { is: 'seen', deliveredSeq: 2, readSeq: 1 },
  due: { is: 'due' },
  answered: { is: 'answered', cursors: at(5, 3) },
  'answered with less': { is: 'answered', cursors: at(4, 3) },
  failed: { is: 'failed', error: new ChatError('unavailable'), random: 1 },
  refused: { is: 'failed', error: new ChatError('forbidden'), random: 1 },
  held: { is: 'held', cursors: at(6, 6) },
  'held before': { is: 'held', cursors: at(1, 1) },
} as const satisfies Record<ReceiptEvent['is'] | (string & {}), ReceiptEvent>
const covered: Record<ReceiptEvent['is'], ReceiptEvent> = events

type Row = Record<keyof typeof events, string>
// "=": the same object. Otherwise what the server holds, what is wanted (delivered/read), the call, and the effects.
const table: Record<keyof typeof states, Row> = {
  idle: {
    seen: '2/2 7/2 scheduled | set-timer 200',
    'seen before': '=',
    due: '=',
    answered: '=',
    'answered with less': '=',
    failed: '=',
    refused: '=',
    held: '6/6 2/2 idle',
    'held before': '=',
  },
  scheduled: {
    seen: '2/2 7/3 scheduled',
    'seen before': '=',
    due: '2/2 5/3 calling | mark-read 5/3',
    answered: '=',
    'answered with less': '=',
    failed: '=',
    refused: '=',
    held: '6/6 5/3 scheduled',
    'held before': '=',
  },
  calling: {
    seen: '2/2 7/3 calling',
    'seen before': '=',
    due: '=',
    answered: '5/3 5/3 idle',
    'answered with less': '4/3 4/3 idle',
    failed: '2/2 5/3 scheduled | set-timer 2000',
    refused: '2/2 2/2 idle',
    held: '6/6 5/3 calling',
    'held before': '=',
  },
  'calling, more wanted': {
    seen: '2/2 7/3 calling',
    'seen before': '=',
    due: '=',
    answered: '5/3 5/3 idle',
    'answered with less': '4/3 5/3 scheduled | set-timer 200',
    failed: '2/2 5/3 scheduled | set-timer 2000',
    refused: '2/2 2/2 idle',
    held: '6/6 5/3 calling',
    'held before': '=',
  },
}

function told(before: ReceiptState, after: ReceiptState, effects: readonly ReceiptEffect[]): string {
  if (before === after) return effects.length === 0 ? '=' : 'the same state with effects'
  const { held, wanted: asked, call } = after
  const state = `${held.deliveredSeq}/${held.readSeq} ${asked.deliveredSeq}/${asked.readSeq} ${call.is}`
  const list = effects.map(each =>
    each.do === 'set-timer'
      ? `set-timer ${each.ms}`
      : `mark-read ${each.deliveredSeq ?? '-'}/${each.readSeq ?? '-'}`,
  )
  return list.length > 0 ? `${state} | ${list.join(', ')}` : state
}

describe('CM18: every event in every state of the receipts', () => {
  for (const [name, row] of Object.entries(table) as [keyof typeof states, Row][]) {
    for (const [event, expected] of Object.entries(row) as [keyof typeof events, string][]) {
      it(`${name} × ${event}: ${expected}`, () => {
        const { state, effects } = reduceReceipts(states[name], events[event])
        expect(told(states[name], state, effects)).toBe(expected)
      })
    }
  }

  it('a due call with nothing new is not made', () => {
    const heard = reduceReceipts(states.scheduled, { is: 'held', cursors: at(9, 9) }).state
    expect(reduceReceipts(heard, { is: 'due' })).toMatchObject({
      state: { call: { is: 'idle' } },
      effects: [],
    })
  })

  it('what was received before and is read now is told alone', () => {
    const read = { ...states.idle, held: at(5, 2), wanted: at(5, 2) }
    const seen = reduceReceipts(read, { is: 'seen', deliveredSeq: 0, readSeq: 3 })
    expect(seen.effects).toEqual([{ do: 'set-timer', ms: COALESCE_MS }])
    expect(reduceReceipts(seen.state, { is: 'due' }).effects).toEqual([
      { do: 'mark-read', deliveredSeq: null, readSeq: 3 },
    ])
  })

  it('what is known already changes nothing', () => {
    expect(reduceReceipts(states.idle, { is: 'held', cursors: at(2, 2) }).state).toBe(states.idle)
  })

  it('a wait that the server asked for is kept', () => {
    const error = new ChatError('rate-limited', { retryAfterMs: 90_000 })
    const { effects } = reduceReceipts(states.calling, { is: 'failed', error, random: 0 })
    expect(effects).toEqual([{ do: 'set-timer', ms: 90_000 }])
  })

  it('reading is receiving', () => {
    const { state } = reduceReceipts(startReceipts(), { is: 'seen', deliveredSeq: 0, readSeq: 4 })
    expect(state.wanted).toEqual(at(4, 4))
  })

  it('is sure to know every kind of event', () => {
    expect(covered.due).toEqual({ is: 'due' })
    expect(COALESCE_MS).toBe(200)
  })
})
