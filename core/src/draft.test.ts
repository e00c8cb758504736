import { describe, expect, it } from 'vitest'
import type { Draft } from './api.ts'
import { ChatError } from './chat-error.ts'
import {
  type DraftEffect,
  type DraftEvent,
  type DraftState,
  emptyDraft,
  noDraft,
  reduceDraft,
  SAVE_EVERY_MS,
} from './draft.ts'

const text = (body: string): Draft => ({ body, replyTo: null })
const tooLong = text('x'.repeat(4_001))

describe('CM35: every event in every state of a draft', () => {
  const found = { isFound: true, held: text('a'), isHeldElsewhere: false, attempt: 0, isLeaving: false }
  const states = {
    looking: noDraft,
    'looking, typed': { ...noDraft, shown: text('b') },
    'not told': { ...found, held: null, shown: null, call: { is: 'idle' } },
    'not told, typed': { ...found, held: null, shown: text('b'), call: { is: 'scheduled' } },
    'not told, other typed': { ...found, held: null, shown: text('c'), call: { is: 'idle' } },
    idle: { ...found, shown: text('a'), call: { is: 'idle' } },
    'empty, held elsewhere': { ...found, isHeldElsewhere: true, shown: emptyDraft, call: { is: 'idle' } },
    'held elsewhere': { ...found, isHeldElsewhere: true, shown: text('b'), call: { is: 'idle' } },
    'too long': { ...found, shown: tooLong, call: { is: 'idle' } },
    scheduled: { ...found, shown: text('b'), call: { is: 'scheduled' } },
    'scheduled, taken back': { ...found, shown: text('a'), call: { is: 'scheduled' } },
    saving: { ...found, shown: text('b'), call: { is: 'saving', asked: text('b') } },
    'saving, more typed': { ...found, shown: text('c'), call: { is: 'saving', asked: text('b') } },
    'left, saving': { ...found, isLeaving: true, shown: text('b'), call: { is: 'saving', asked: text('b') } },
    'left, saving, more typed': {
      ...found,
      isLeaving: true,
      shown: text('c'),
      call: { is: 'saving', asked: text('b') },
    },
    'left, unsaved': { ...found, isLeaving: true, shown: text('b'), call: { is: 'idle' } },
  } as const satisfies Record<string, DraftState>
  const events = {
    found: { is: 'found', held: text('a'), kept: null },
    'found, not told': { is: 'found', held: null, kept: text('k') },
    'found nothing': { is: 'found', held: null, kept: null },
    'held-told': { is: 'held-told', held: text('b') },
    'found, the same kept': { is: 'found', held: text('a'), kept: text('a') },
    'found, another kept': { is: 'found', held: text('a'), kept: text('k') },
    typed: { is: 'typed', draft: text('c') },
    'typed the same': { is: 'typed', draft: text('b') },
    'typed too much': { is: 'typed', draft: tooLong },
    'typed an answer': { is: 'typed', draft: { body: 'a', replyTo: 'm1' } },
    due: { is: 'due' },
    left: { is: 'left' },
    'come-back': { is: 'come-back' },
    saved: { is: 'saved' },
    'saved-elsewhere': { is: 'saved-elsewhere', draft: text('e') },
    'cleared elsewhere': { is: 'saved-elsewhere', draft: emptyDraft },
    failed: { is: 'failed', error: new ChatError('offline'), random: 1 },
    refused: { is: 'failed', error: new ChatError('invalid'), random: 1 },
  } as const satisfies Record<DraftEvent['is'] | (string & {}), DraftEvent>
  type Row = Record<keyof typeof events, string>
  const nothing = Object.fromEntries(Object.keys(events).map(each => [each, '='])) as Row
  const table: Record<keyof typeof states, Row> = {
    looking: {
      ...nothing,
      left: '- looking left',
      found: 'a idle',
      'found, the same kept': 'a idle | forget',
      'found, another kept': 'k scheduled | set-timer 2000',
      'found, not told': 'k scheduled | set-timer 2000',
      'found nothing': '- idle',
      typed: 'c looking',
      'typed the same': 'b looking',
      'typed too much': 'long looking',
      'typed an answer': 'a>m1 looking',
    },
    'looking, typed': {
      ...nothing,
      left: 'b looking left',
      found: 'b scheduled | keep b, set-timer 2000',
      'found, the same kept': 'b scheduled | keep b, set-timer 2000',
      'found, another kept': 'b scheduled | keep b, set-timer 2000',
      'found, not told': 'b scheduled | keep b, set-timer 2000',
      'found nothing': 'b scheduled | keep b, set-timer 2000',
      typed: 'c looking',
      'typed too much': 'long looking',
      'typed an answer': 'a>m1 looking',
    },
    'not told': {
      ...nothing,
      'held-told': 'b idle | forget',
      'saved-elsewhere': '- idle',
      'cleared elsewhere': '- idle',
      left: '- idle left | forget',
      typed: 'c scheduled | keep c, set-timer 2000',
      'typed the same': 'b scheduled | keep b, set-timer 2000',
      'typed too much': 'long idle | keep long',
      'typed an answer': 'a>m1 scheduled | keep a>m1, set-timer 2000',
    },
    'not told, typed': {
      ...nothing,
      'held-told': 'b scheduled | forget',
      'saved-elsewhere': 'b scheduled',
      'cleared elsewhere': 'b scheduled',
      left: 'b saving left | clear-timer, save b',
      typed: 'c scheduled | keep c',
      'typed too much': 'long scheduled | keep long',
      'typed an answer': 'a>m1 scheduled | keep a>m1',
      due: 'b saving | save b',
    },
    'not told, other typed': {
      ...nothing,
      'held-told': 'c scheduled | set-timer 2000',
      'saved-elsewhere': 'c idle',
      'cleared elsewhere': 'c scheduled | set-timer 2000',
      left: 'c saving left | save c',
      'typed the same': 'b scheduled | keep b, set-timer 2000',
      'typed too much': 'long idle | keep long',
      'typed an answer': 'a>m1 scheduled | keep a>m1, set-timer 2000',
    },
    idle: {
      ...nothing,
      'saved-elsewhere': 'a idle',
      'cleared elsewhere': 'a scheduled | set-timer 2000',
      left: 'a idle left | forget',
      typed: 'c scheduled | keep c, set-timer 2000',
      'typed the same': 'b scheduled | keep b, set-timer 2000',
      'typed too much': 'long idle | keep long',
      'typed an answer': 'a>m1 scheduled | keep a>m1, set-timer 2000',
    },
    'empty, held elsewhere': {
      ...nothing,
      'saved-elsewhere': ' idle',
      'cleared elsewhere': ' idle',
      left: ' idle left | forget',
      typed: 'c scheduled | keep c, set-timer 2000',
      'typed the same': 'b scheduled | keep b, set-timer 2000',
      'typed too much': 'long idle | keep long',
      'typed an answer': 'a>m1 scheduled | keep a>m1, set-timer 2000',
    },
    'held elsewhere': {
      ...nothing,
      'saved-elsewhere': 'b idle',
      'cleared elsewhere': 'b scheduled | set-timer 2000',
      left: 'b saving left | save b',
      typed: 'c scheduled | keep c, set-timer 2000',
      'typed too much': 'long idle | keep long',
      'typed an answer': 'a>m1 scheduled | keep a>m1, set-timer 2000',
    },
    'too long': {
      ...nothing,
      'saved-elsewhere': 'long idle',
      'cleared elsewhere': 'long idle',
      left: 'long idle left',
      typed: 'c scheduled | keep c, set-timer 2000',
      'typed the same': 'b scheduled | keep b, set-timer 2000',
      'typed an answer': 'a>m1 scheduled | keep a>m1, set-timer 2000',
    },
    scheduled: {
      ...nothing,
      'saved-elsewhere': 'b scheduled',
      'cleared elsewhere': 'b scheduled',
      left: 'b saving left | clear-timer, save b',
      typed: 'c scheduled | keep c',
      'typed too much': 'long scheduled | keep long',
      'typed an answer': 'a>m1 scheduled | keep a>m1',
      due: 'b saving | save b',
    },
    'scheduled, taken back': {
      ...nothing,
      'saved-elsewhere': 'a scheduled',
      'cleared elsewhere': 'a scheduled',
      left: 'a idle left | clear-timer, forget',
      typed: 'c scheduled | keep c',
      'typed the same': 'b scheduled | keep b',
      'typed too much': 'long scheduled | keep long',
      'typed an answer': 'a>m1 scheduled | keep a>m1',
      due: 'a idle | forget',
    },
    saving: {
      ...nothing,
      'saved-elsewhere': 'b saving',
      'cleared elsewhere': 'b saving',
      left: 'b saving left',
      typed: 'c saving | keep c',
      'typed too much': 'long saving | keep long',
      'typed an answer': 'a>m1 saving | keep a>m1',
      saved: 'b idle | forget',
      failed: 'b scheduled | set-timer 4000',
      refused: 'b idle',
    },
    'saving, more typed': {
      ...nothing,
      'saved-elsewhere': 'c saving',
      'cleared elsewhere': 'c saving',
      left: 'c saving left',
      'typed the same': 'b saving | keep b',
      'typed too much': 'long saving | keep long',
      'typed an answer': 'a>m1 saving | keep a>m1',
      saved: 'c scheduled | set-timer 2000',
      failed: 'c scheduled | set-timer 4000',
      refused: 'c idle',
    },
    'left, saving': {
      ...nothing,
      'saved-elsewhere': 'b saving left',
      'cleared elsewhere': 'b saving left',
      typed: 'c saving left | keep c',
      'typed too much': 'long saving left | keep long',
      'typed an answer': 'a>m1 saving left | keep a>m1',
      'come-back': 'b saving',
      saved: 'b idle left | forget',
      failed: 'b idle left',
      refused: 'b idle left',
    },
    'left, saving, more typed': {
      ...nothing,
      'saved-elsewhere': 'c saving left',
      'cleared elsewhere': 'c saving left',
      'typed the same': 'b saving left | keep b',
      'typed too much': 'long saving left | keep long',
      'typed an answer': 'a>m1 saving left | keep a>m1',
      'come-back': 'c saving',
      saved: 'c saving left | save c',
      failed: 'c idle left',
      refused: 'c idle left',
    },
    'left, unsaved': {
      ...nothing,
      'saved-elsewhere': 'b idle left',
      'cleared elsewhere': 'b idle left',
      typed: 'c scheduled left | keep c, set-timer 2000',
      'typed too much': 'long idle left | keep long',
      'typed an answer': 'a>m1 scheduled left | keep a>m1, set-timer 2000',
      'come-back': 'b scheduled | set-timer 2000',
    },
  }
  const draftShape = ({ body, replyTo }: Draft) =>
    (body.length > 9 ? 'long' : body) + (replyTo ? `>${replyTo}` : '')
  const effectShape = (effect: DraftEffect) => {
    switch (effect.do) {
      case 'keep':
      case 'save':
        return `${effect.do} ${draftShape(effect.draft)}`
      case 'set-timer':
        return `set-timer ${effect.ms}`
      case 'forget':
      case 'clear-timer':
        return effect.do
    }
  }
  for (const [name, row] of Object.entries(table) as [keyof typeof states, Row][]) {
    for (const [event, expected] of Object.entries(row) as [keyof typeof events, string][]) {
      it(`${name} × ${event}: ${expected}`, () => {
        const { state, effects } = reduceDraft(states[name], events[event])
        const shown = state.shown ? draftShape(state.shown) : '-'
        const left = state.isLeaving ? ' left' : ''
        const shape = `${shown} ${state.isFound ? state.call.is : 'looking'}${left}`
        const list = effects.map(effectShape).join(', ')
        const whole = list === '' ? shape : `${shape} | ${list}`
        expect(state === states[name] && list === '' ? '=' : whole).toBe(expected)
      })
    }
  }
})

describe('CM36: what is typed', () => {
  const after = (...events: DraftEvent[]) =>
    events.reduce(({ state }, event) => reduceDraft(state, event), reduceDraft(noDraft, { is: 'come-back' }))
  const found = (held: Draft): DraftEvent => ({ is: 'found', held, kept: null })
  const typed = (draft: Draft): DraftEvent => ({ is: 'typed', draft })
  const scheduled = { do: 'set-timer', ms: SAVE_EVERY_MS }

  it('is saved up to the length that the server takes, to a character', () => {
    const longest = text('👍'.repeat(4_000))
    const longer = text(`${longest.body}x`)
    expect(after(found(emptyDraft), typed(longest)).effects).toEqual([
      { do: 'keep', draft: longest },
      scheduled,
    ])
    expect(after(found(emptyDraft), typed(longer)).effects).toEqual([{ do: 'keep', draft: longer }])
  })

  it('too much of before it was known what was left, is kept all the same', () => {
    const { effects } = after(typed(tooLong), { is: 'found', held: text('a'), kept: text('k') })
    expect(effects).toEqual([{ do: 'keep', draft: tooLong }])
  })

  it('and taken away again, is taken away on the server', () => {
    const { effects } = after(found(text('a')), typed(emptyDraft))
    expect(effects).toEqual([{ do: 'keep', draft: emptyDraft }, scheduled])
    const saved = after(
      found(emptyDraft),
      typed(text('b')),
      { is: 'due' },
      { is: 'saved' },
      typed(emptyDraft),
    )
    expect(saved.effects).toEqual([{ do: 'keep', draft: emptyDraft }, scheduled])
  })

  it('waits as long as the server asks for', () => {
    const error = new ChatError('rate-limited', { retryAfterMs: 90_000 })
    const saving = after(found(emptyDraft), typed(text('a')), { is: 'due' })
    expect(saving.effects).toEqual([{ do: 'save', draft: text('a') }])
    const { effects } = reduceDraft(saving.state, { is: 'failed', error, random: 0 })
    expect(effects).toEqual([{ do: 'set-timer', ms: 90_000 }])
  })
})

describe('TB6: no words in one tab', () => {
  it('do not clear those of another one', () => {
    const found = reduceDraft(noDraft, { is: 'found', held: text('a'), kept: null }).state
    const told = reduceDraft(found, { is: 'saved-elsewhere', draft: text('e') }).state
    expect(reduceDraft(told, { is: 'typed', draft: emptyDraft }).effects).toEqual([
      { do: 'keep', draft: emptyDraft },
    ])
  })
})
