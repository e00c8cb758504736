import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChatRoom, Draft } from './api.ts'
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
import { createDevices, type Device, type Devices } from './testing/devices.ts'
import { APPOINTMENT, calm, PATIENT } from './testing/index.ts'
import { seededRandom } from './testing/virtual-env.ts'

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

describe('CM36: a draft', () => {
  let devices: Devices
  let clock: Devices['clock']
  let clinic: Devices['clinic']
  let patient: Device
  let room: ChatRoom

  beforeEach(async () => {
    devices = createDevices()
    ;({ clock, clinic } = devices)
    patient = devices.open(PATIENT)
    room = patient.chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
  })

  afterEach(async () => {
    expect(await devices.leftovers()).toEqual([])
  })

  const onServer = () => clinic.room(APPOINTMENT).drafts.get(PATIENT)?.body ?? ''
  const onDevice = (device: Device) => device.env.drafts.get(PATIENT, clinic.room(APPOINTMENT).id)
  const savesBy = (device: Device) => device.transport.calls.filter(call => call.name === 'saveDraft').length

  it('is on the device at once, and on the server at most every two seconds', async () => {
    expect(room.draft.current).toEqual(emptyDraft)
    for (let stroke = 1; stroke <= 60; stroke++) {
      room.saveDraft({ body: 'x'.repeat(stroke) })
      await clock.advance(100)
      expect((await onDevice(patient))?.body ?? onServer()).toBe('x'.repeat(stroke))
    }
    expect(savesBy(patient)).toBeLessThanOrEqual(3)
    await clock.advance(5_000)
    expect(onServer()).toBe('x'.repeat(60))
    expect(await onDevice(patient)).toBeNull()
    expect(room.draft.current).toEqual(text('x'.repeat(60)))
  })

  it('is there on another device, and after a reload, with what it answers', async () => {
    room.saveDraft({ body: 'half a thought', replyTo: 'm1' })
    await clock.advance(3_000)
    const other = devices.open(PATIENT).chat.openRoom(APPOINTMENT)
    expect(other.draft.current).toBeNull()
    await clock.advance(1_000)
    expect(other.draft.current).toEqual({ body: 'half a thought', replyTo: 'm1' })
  })

  it('is saved with the leaving', async () => {
    room.saveDraft({ body: 'quickly' })
    room.close()
    await clock.advance(100)
    expect(onServer()).toBe('quickly')
    expect(savesBy(patient)).toBe(1)
    expect(await onDevice(patient)).toBeNull()
  })

  it('that could not be saved is there at the next visit, and saved then', async () => {
    clinic.faults = { ...calm, request: () => null }
    room.saveDraft({ body: 'in a tunnel' })
    await clock.advance(10_000)
    room.close()
    await clock.advance(1_000)
    expect(onServer()).toBe('')
    clinic.faults = calm
    const again = patient.chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    expect(again.draft.current).toEqual(text('in a tunnel'))
    await clock.advance(3_000)
    expect(onServer()).toBe('in a tunnel')
    expect(await onDevice(patient)).toBeNull()
  })

  it('goes with the message, also from the other devices', async () => {
    room.saveDraft({ body: 'to be sent' })
    await clock.advance(5_000)
    room.send({ body: 'to be sent' })
    expect(room.draft.current).toEqual(emptyDraft)
    await clock.advance(5_000)
    expect(onServer()).toBe('')
    expect(await onDevice(patient)).toBeNull()
  })

  it('typed before it is known what was left is what counts', async () => {
    clinic.room(APPOINTMENT).drafts.set(PATIENT, text('of yesterday'))
    const other = devices.open(PATIENT)
    const opening = other.chat.openRoom(APPOINTMENT)
    opening.saveDraft({ body: 'of today' })
    await clock.advance(5_000)
    expect(opening.draft.current).toEqual(text('of today'))
    expect(onServer()).toBe('of today')
  })

  it('is not changed under who writes it by what comes in later', async () => {
    room.saveDraft({ body: 'mine' })
    clinic.room(APPOINTMENT).drafts.set(PATIENT, text('from elsewhere'))
    room.reconnect()
    await clock.advance(500)
    expect(room.draft.current).toEqual(text('mine'))
  })

  it('stays on the device where the server refuses it, and where the device keeps nothing goes to the server', async () => {
    room.saveDraft({ body: 'y'.repeat(4_001) })
    await clock.advance(60_000)
    expect(savesBy(patient)).toBe(0)
    expect((await onDevice(patient))?.body).toHaveLength(4_001)
    const other = devices.open(PATIENT)
    const broken = () => Promise.reject(new Error('no storage'))
    other.env.drafts = { put: broken, get: broken, remove: broken }
    const bare = other.chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    bare.saveDraft({ body: 'kept nowhere else' })
    await clock.advance(3_000)
    expect(onServer()).toBe('kept nowhere else')
  })

  it('is cleared on the server, whatever was answered to what was asked before it was saved', async () => {
    await clock.advance(2_000)
    room.close()
    await clock.advance(100)
    clinic.faults = {
      ...calm,
      answer: name => (name === 'openRoom' ? 3_200 : name === 'saveDraft' ? null : 5),
    }
    const again = patient.chat.openRoom(APPOINTMENT)
    await clock.advance(100)
    again.saveDraft({ body: 'to be sent' })
    await clock.advance(3_000)
    expect(onServer()).toBe('to be sent')
    again.send({ body: 'to be sent' })
    await clock.advance(3_500)
    clinic.faults = calm
    await clock.advance(10_000)
    expect(onServer()).toBe('')
  })

  it('of a room that was lost is not sent after it', async () => {
    room.saveDraft({ body: 'too late' })
    clinic.remove(PATIENT, APPOINTMENT)
    await clock.advance(100)
    expect(room.current).toEqual({ is: 'revoked' })
    await clock.advance(60_000)
    expect(savesBy(patient)).toBe(0)
  })
})

describe('CM37: on any network', () => {
  type Move = { do: 'type' | 'send' | 'reopen' | 'wait'; ms: number }
  const anyMove: fc.Arbitrary<Move> = fc.record({
    do: fc.constantFrom('type', 'type', 'type', 'send', 'reopen', 'wait', 'wait'),
    ms: fc.integer({ min: 1, max: 3_000 }),
  })

  it('what was typed last is what the server has in the end, and what is shown on the way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyMove, { maxLength: 30, size: 'max' }), fc.nat(), async (moves, seed) => {
        const devices = createDevices()
        const { clock, clinic } = devices
        const random = seededRandom(seed)
        const fate = () => (random() < 0.3 ? null : Math.floor(random() * 400))
        const device = devices.open(PATIENT)
        let room = device.chat.openRoom(APPOINTMENT)
        await clock.advance(1_000)
        clinic.faults = { ...calm, request: fate, answer: fate }
        let typed = ''
        let lastCall = Number.NEGATIVE_INFINITY
        const { saveDraft } = device.transport
        let isLeaving = false
        device.transport.saveDraft = draft => {
          // But for what is told while leaving.
          if (!isLeaving && clock.now() - lastCall < SAVE_EVERY_MS) throw new Error('too often')
          lastCall = clock.now()
          return saveDraft(draft)
        }
        for (const [index, move] of moves.entries()) {
          if (move.do === 'type') {
            typed = `text ${index}`
            room.saveDraft({ body: typed })
          }
          if (move.do === 'send' && room.current.is === 'ready') {
            room.send({ body: 'x' })
            typed = ''
          }
          if (move.do === 'reopen') {
            // Only what was written to the device survives leaving.
            if (room.current.is !== 'ready') continue
            await clock.advance(0)
            isLeaving = true
            room.close()
            await clock.advance(0)
            isLeaving = false
            room = device.chat.openRoom(APPOINTMENT)
            lastCall = Number.NEGATIVE_INFINITY
          }
          await clock.advance(move.ms)
          const shown = room.draft.current
          if (shown !== null && shown.body !== typed)
            throw new Error(`${shown.body} is shown, ${typed} typed`)
        }
        clinic.faults = calm
        await clock.advance(120_000)
        const found = clinic.room(APPOINTMENT)
        expect(room.draft.current?.body).toBe(typed)
        expect(found.drafts.get(PATIENT)?.body ?? '').toBe(typed)
        expect(await device.env.drafts.get(PATIENT, found.id)).toBeNull()
        expect(await devices.leftovers()).toEqual([])
      }),
      { numRuns: 150 },
    )
  }, 30_000)
})
