import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChatRoom } from './api.ts'
import { ChatError } from './chat-error.ts'
import { bodiesOf as bodies, createDevices, type Device, type Devices, ready } from './testing/devices.ts'
import { APPOINTMENT, calm, DOCTOR, PATIENT } from './testing/index.ts'
import { createSignal } from './testing/signal.ts'

let devices: Devices
let clock: Devices['clock']
let clinic: Devices['clinic']
let doctor: Device
let mine: ChatRoom
let theirs: ChatRoom
const UNTIL = '2026-02-01T00:00:00.000Z'
const NURSE = { id: 'nurse-1', role: 'doctor', displayName: 'The nurse', specialty: null } as const

beforeEach(async () => {
  devices = createDevices()
  ;({ clock, clinic } = devices)
  clinic.people.set(NURSE.id, NURSE)
  doctor = devices.open(DOCTOR)
  mine = doctor.chat.openRoom(APPOINTMENT)
  theirs = devices.open(PATIENT).chat.openRoom(APPOINTMENT)
  await clock.advance(1_000)
})

afterEach(async () => {
  expect(await devices.leftovers()).toEqual([])
})

/** What the promise comes to, while the clock runs. */
async function outcome<T>(promise: Promise<T>): Promise<T> {
  const settled = promise.then(
    value => ({ value }),
    (error: unknown) => ({ error }),
  )
  await clock.advance(1_000)
  const end = await settled
  if ('error' in end) throw end.error
  return end.value
}

async function sent(room: ChatRoom, ...texts: string[]): Promise<string[]> {
  const ids = texts.map(body => room.send({ body }))
  await clock.advance(2_000)
  return ids
}

const countOf = (device: Device, name: string) =>
  device.transport.calls.filter(call => call.name === name).length

describe('CM31: changing what one wrote', () => {
  it('shows when it is answered, also where no broadcast comes, and on the other side', async () => {
    const [first = '', second = ''] = await sent(mine, 'wrogn', 'for somebody else')
    clinic.faults = { ...calm, broadcast: () => [] }
    const edited = await outcome(mine.edit(first, '  wrong  '))
    expect(edited).toMatchObject({ id: first, body: 'wrong', change: 1 })
    expect(bodies(mine)).toEqual(['wrong', 'for somebody else'])
    await outcome(mine.retract(second))
    expect(bodies(mine)).toEqual(['wrong', null])
    // Nothing was missed by having it from the answer.
    expect(countOf(doctor, 'listChanges')).toBe(0)
    clinic.faults = calm
    await clock.advance(60_000)
    expect(bodies(theirs)).toEqual(['wrong', null])
  })

  it('is a promise of what is on the screen by then', async () => {
    const [first = ''] = await sent(mine, 'wrogn')
    clinic.faults = { ...calm, broadcast: () => [] }
    let shown: (string | null)[] = []
    void mine.edit(first, 'wrong').then(() => {
      shown = bodies(mine)
    })
    await clock.advance(1_000)
    expect(shown).toEqual(['wrong'])
  })

  it('keeps what was said before, of what was retracted for oneself', async () => {
    const [first = ''] = await sent(mine, 'one')
    await outcome(mine.edit(first, 'two'))
    await outcome(mine.retract(first))
    const before = await outcome(mine.versionsOf(first))
    expect(before.map(each => [each.version, each.body])).toEqual([
      [1, 'one'],
      [2, 'two'],
    ])
    expect(await outcome(theirs.versionsOf(first))).toEqual([])
  })

  it('is refused for what others wrote, and the screen stays as it is', async () => {
    const [first = ''] = await sent(theirs, 'not yours')
    await expect(outcome(mine.edit(first, 'mine now'))).rejects.toMatchObject({ kind: 'forbidden' })
    await expect(outcome(mine.retract('no such message'))).rejects.toMatchObject({ kind: 'not-found' })
    expect(bodies(mine)).toEqual(['not yours'])
  })
})

describe('M64: who has one’s own message, and since when', () => {
  it('is asked of the server, which answers the sender only', async () => {
    const [first = ''] = await sent(mine, 'when?')
    const [arrived] = await outcome(mine.receiptsOf(first))
    expect(arrived).toEqual({ userId: PATIENT, deliveredAt: expect.any(String), readAt: null })
    theirs.markRead(1)
    await clock.advance(1_000)
    expect(await outcome(mine.receiptsOf(first))).toEqual([{ ...arrived, readAt: expect.any(String) }])
    await expect(outcome(theirs.receiptsOf(first))).rejects.toMatchObject({ kind: 'not-found' })
  })

  it('can be given up', async () => {
    const [first = ''] = await sent(mine, 'when?')
    const signal = createSignal()
    const asking = mine.receiptsOf(first, { signal })
    signal.abort()
    await expect(asking).rejects.toMatchObject({ kind: 'cancelled' })
    await clock.advance(1_000)
  })
})

describe('CM32: what cannot be asked', () => {
  it.each([
    ['an edit to nothing', () => mine.edit('m1', ' \n'), 'message-empty', null],
    ['an edit to too much', () => mine.edit('m1', 'x'.repeat(4_001)), 'message-too-long', '4000'],
    ['a search for nothing', () => mine.search('  '), 'invalid', 'query'],
    ['a search for too much', () => mine.search('x'.repeat(201)), 'invalid', 'query'],
    ['muting until no date', () => mine.mute('tomorrow'), 'invalid', 'muted_until'],
  ])('is refused before it leaves: %s', async (_, ask, kind, detail) => {
    const before = doctor.transport.calls.length
    await expect(outcome<unknown>(ask())).rejects.toMatchObject({ name: 'ChatError', kind, detail })
    expect(doctor.transport.calls.length).toBe(before)
  })

  it('is refused while there is no room, and nothing of it leaves', async () => {
    const opening = devices.open(DOCTOR)
    const room = opening.chat.openRoom(APPOINTMENT)
    await expect(room.retract('m1')).rejects.toMatchObject({
      kind: 'unavailable',
      detail: 'room-not-open',
    })
    await clock.advance(1_000)
    clinic.remove(DOCTOR, APPOINTMENT)
    await clock.advance(1_000)
    expect(room.current).toEqual({ is: 'revoked' })
    await expect(room.search('x')).rejects.toMatchObject({ kind: 'not-found' })
    expect(countOf(opening, 'retractMessage') + countOf(opening, 'searchMessages')).toBe(0)
  })
})

describe('CM33: finding', () => {
  it('goes on where the last page ended', async () => {
    await sent(mine, ...Array.from({ length: 25 }, (_, index) => `word ${index + 1}`), 'else')
    await clock.advance(30_000)
    const first = await outcome(mine.search('word'))
    expect(first).toMatchObject({ match: 'words', hasMore: true })
    const second = await outcome(mine.search('word', { before: first.messages.at(-1)?.seq }))
    expect(second.hasMore).toBe(false)
    const seqs = [...first.messages, ...second.messages].map(each => each.seq)
    expect(seqs).toEqual(Array.from({ length: 25 }, (_, index) => 25 - index))
  })

  it('can be given up: it ends at once, as cancelled', async () => {
    const signal = createSignal()
    const searching = mine.search('word', { signal })
    signal.abort()
    await expect(searching).rejects.toMatchObject({ kind: 'cancelled' })
    const before = doctor.transport.calls.length
    await expect(mine.search('word', { signal })).rejects.toMatchObject({ kind: 'cancelled' })
    expect(doctor.transport.calls.length).toBe(before)
    await clock.advance(1_000)
  })
})

describe('CR19: what one sets in a room', () => {
  it('shows with the answer, before anything is broadcast: its status', async () => {
    clinic.faults = { ...calm, broadcast: () => [] }
    const setting = mine.setStatus('closed').then(() => ready(mine).room.status)
    expect(await outcome(setting)).toBe('closed')
    expect(ready(mine).room.replyBlock).toBe('room_closed')
    expect(bodies(mine)).toEqual([null])
  })

  it('its people', async () => {
    clinic.faults = { ...calm, broadcast: () => [] }
    const adding = mine
      .addParticipant(NURSE.id, 'care_team')
      .then(() => ready(mine).room.participants.map(each => each.displayName))
    expect(await outcome(adding)).toContain('The nurse')
    const people = await outcome(mine.removeParticipant(NURSE.id))
    expect(people.find(each => each.id === NURSE.id)?.leftAt).not.toBeNull()
    // The epoch that a removal brings is learnt, and its topic joined.
    await clock.advance(1_000)
    expect(ready(mine)).toMatchObject({ room: { epoch: 2 }, connection: { is: 'live' } })
    expect(doctor.transport.openTopics).toContain(`room:${ready(mine).room.id}:2`)
  })

  it('whether the patient may write', async () => {
    clinic.faults = { ...calm, broadcast: () => [] }
    const setting = mine.setPatientMayReply(false).then(() => ready(mine).room.patientMayReply)
    expect(await outcome(setting)).toBe(false)
    await clock.advance(1_000)
    expect(ready(mine).room.patientMayReply).toBe(false)
  })

  it('its silence, for oneself', async () => {
    const muting = mine.mute(UNTIL).then(() => ready(mine).mutedUntil)
    expect(await outcome(muting)).toBe(UNTIL)
    expect(ready(theirs).mutedUntil).toBeNull()
    await outcome(mine.mute(null))
    expect(ready(mine).mutedUntil).toBeNull()
  })

  it.each([
    ['status', () => mine.setStatus('closed'), () => ready(mine).room.status, 'closed'],
    ['silence', () => mine.mute(UNTIL), () => ready(mine).mutedUntil, UNTIL],
  ])(
    'and an answer that was on its way already does not take it back: %s',
    async (_, set, shown, expected) => {
      // Asked for before, answered after.
      clinic.faults = { ...calm, answer: name => (name === 'openRoom' ? 500 : 5) }
      mine.reconnect()
      await clock.advance(100)
      void set()
      await clock.advance(3_000)
      expect(shown()).toBe(expected)
    },
  )

  it('and an answer that was on its way already does not even flicker: status', async () => {
    clinic.faults = { ...calm, answer: name => (name === 'openRoom' ? 500 : 5) }
    mine.reconnect()
    await clock.advance(100)
    void mine.setStatus('closed')
    const statuses: string[] = []
    const stop = mine.subscribe(() => statuses.push(ready(mine).room.status))
    await clock.advance(3_000)
    stop()
    expect(statuses.slice(statuses.indexOf('closed'))).not.toContain('open')
    expect(statuses.at(-1)).toBe('closed')
  })
})

describe('CR20: a refusal', () => {
  it('shows the room as it is now', async () => {
    const [first = ''] = await sent(mine, 'one')
    const room = clinic.room(APPOINTMENT)
    Object.assign(room, { status: 'archived', replyBlock: 'room_archived' })
    await expect(outcome(mine.setStatus('open'))).rejects.toMatchObject({
      kind: 'conflict',
      word: 'transition_refused',
    })
    expect(ready(mine).room.replyBlock).toBe('room_archived')
    await expect(outcome(mine.edit(first, 'two'))).rejects.toEqual(
      new ChatError('reply-blocked', { detail: 'room_archived' }),
    )
  })
})

describe('CM34: asking about a room', () => {
  it('tells whether one may write, and who has read it', async () => {
    expect(await outcome(mine.canReply())).toMatchObject({ mayReply: true, block: null })
    clinic.room(APPOINTMENT).replyBlock = 'room_locked'
    expect(await outcome(mine.canReply())).toMatchObject({
      mayReply: false,
      block: 'room_locked',
      nextStep: 'call_clinic',
    })
    const { log } = clinic.room(APPOINTMENT)
    for (let n = 1; n <= 60; n++) {
      const entry = { n, at: UNTIL, action: 'room_opened', actor: null, subjectId: null, reason: null }
      log.push({ ...entry, details: {} })
    }
    const latest = await outcome(mine.accessLog())
    expect(latest.entries.map(each => each.n)).toEqual(Array.from({ length: 50 }, (_, index) => 60 - index))
    expect(await outcome(mine.accessLog({ before: latest.entries.at(-1)?.n }))).toMatchObject({
      entries: Array.from({ length: 10 }, (_, index) => ({ n: 10 - index })),
      hasMore: false,
    })
  })
})

describe('C24: a room that was closed', () => {
  it('answers nothing more, and asks for nothing', async () => {
    const [first = ''] = await sent(mine, 'one')
    mine.close()
    const before = doctor.transport.calls.length
    const asked = [
      mine.edit(first, 'two'),
      mine.retract(first),
      mine.versionsOf(first),
      mine.receiptsOf(first),
      mine.search('one'),
      mine.addParticipant(NURSE.id, 'care_team'),
      mine.removeParticipant(NURSE.id),
      mine.setStatus('closed'),
      mine.setPatientMayReply(false),
      mine.mute(null),
      mine.canReply(),
      mine.accessLog(),
    ]
    for (const end of await Promise.allSettled(asked)) {
      expect(end).toMatchObject({ status: 'rejected', reason: { kind: 'unavailable' } })
    }
    expect(doctor.transport.calls.length).toBe(before)
  })
})
