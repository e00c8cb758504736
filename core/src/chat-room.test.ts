import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ChatError } from './chat-error.ts'
import { bodiesOf as bodies, createDevices, type Device, type Devices, ready } from './testing/devices.ts'
import { APPOINTMENT, calm, createVirtualEnv, DOCTOR, PATIENT } from './testing/index.ts'

let devices: Devices
let clock: Devices['clock']
let clinic: Devices['clinic']
const device = (...who: Parameters<Devices['open']>): Device => devices.open(...who)

beforeEach(() => {
  devices = createDevices()
  ;({ clock, clinic } = devices)
})

afterEach(async () => {
  expect(await devices.leftovers()).toEqual([])
})

describe('a room with nothing in its way', () => {
  it('CM1: shows an own message at once, then confirmed, once', async () => {
    const room = device(PATIENT).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    const id = room.send({ body: 'hello' })
    expect(ready(room).outgoing.map(each => [each.id, each.state.is])).toEqual([[id, 'queued']])
    await clock.advance(1_000)
    expect(ready(room).outgoing).toEqual([])
    expect(ready(room).messages.map(each => [each.id, each.seq])).toEqual([[id, 1]])
  })

  it('CM2: both sides see the same messages in the same order', async () => {
    const patient = device(PATIENT).chat.openRoom(APPOINTMENT)
    const doctor = device(DOCTOR).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    for (let turn = 0; turn < 5; turn++) {
      patient.send({ body: `patient ${turn}` })
      doctor.send({ body: `doctor ${turn}` })
    }
    await clock.advance(5_000)
    expect(bodies(patient)).toHaveLength(10)
    expect(bodies(doctor)).toEqual(bodies(patient))
    expect(ready(doctor).messages.map(each => each.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  it('CM3: a message that could not be sent at all is not queued', async () => {
    const room = device(PATIENT).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    expect(() => room.send({ body: ' \n' })).toThrow(new ChatError('message-empty'))
    expect(() => room.send({ body: 'x'.repeat(4_001) })).toThrow(
      new ChatError('message-too-long', { detail: '4000' }),
    )
    expect(ready(room).outgoing).toEqual([])
  })

  it('CM4: delivered and read of the other side arrive as cursors', async () => {
    const patient = device(PATIENT).chat.openRoom(APPOINTMENT)
    const doctor = device(DOCTOR).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    patient.send({ body: 'one' })
    await clock.advance(1_000)
    expect(ready(patient).room.participants.find(each => each.id === DOCTOR)).toMatchObject({
      deliveredSeq: 1,
      readSeq: 0,
    })
    doctor.markRead(1)
    await clock.advance(1_000)
    expect(ready(patient).room.participants.find(each => each.id === DOCTOR)).toMatchObject({
      deliveredSeq: 1,
      readSeq: 1,
    })
  })

  it('CM24: what one wrote oneself needs no receipt', async () => {
    const { chat, transport } = device(PATIENT)
    const room = chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    for (let seq = 1; seq <= 3; seq++) {
      room.send({ body: `${seq}` })
      await clock.advance(1_000)
      room.markRead(seq)
      await clock.advance(1_000)
    }
    expect(transport.calls.filter(call => call.name === 'markRead')).toEqual([])
  })

  it('CM27: an edit and a retraction reach the screens that are open', async () => {
    const patient = device(PATIENT).chat.openRoom(APPOINTMENT)
    const doctor = device(DOCTOR).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    for (const body of ['one', 'two']) patient.send({ body })
    await clock.advance(1_000)
    clinic.change(APPOINTMENT, 1, 'corrected')
    clinic.change(APPOINTMENT, 2, null)
    await clock.advance(1_000)
    for (const room of [patient, doctor]) {
      expect(bodies(room)).toEqual(['corrected', null])
      expect(ready(room).messages.map(each => [each.editedAt, each.retractedAt].map(Boolean))).toEqual([
        [true, false],
        [false, true],
      ])
    }
  })

  it('CR15: somebody who is added is known by name on the screens that are open', async () => {
    const room = device(PATIENT).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    const nurse = { id: 'nurse-1', role: 'doctor', displayName: 'The nurse', specialty: null } as const
    clinic.add(nurse, APPOINTMENT, 'care_team')
    await clock.advance(1_000)
    expect(ready(room).room.participants.at(-1)).toMatchObject({
      displayName: 'The nurse',
      role: 'care_team',
    })
  })

  it('CM5: what was read just before leaving is told', async () => {
    clinic.room(APPOINTMENT)
    clinic.send(PATIENT, { id: 'm1', roomId: clinic.room(APPOINTMENT).id, body: 'one', replyTo: null })
    const room = device(DOCTOR).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    expect(ready(room).openedAtReadSeq).toBe(0)
    room.markRead(1)
    room.close()
    await clock.advance(1_000)
    expect(clinic.room(APPOINTMENT).participants.find(each => each.id === DOCTOR)?.readSeq).toBe(1)
  })

  it('CM6: older pages are put in front, without a hole', async () => {
    const { id: roomId } = clinic.room(APPOINTMENT)
    for (let seq = 1; seq <= 120; seq++) {
      clinic.send(PATIENT, { id: `m${seq}`, roomId, body: `${seq}`, replyTo: null })
    }
    const room = device(DOCTOR).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    expect(ready(room).messages[0]?.seq).toBe(71)
    const loading = room.loadOlder()
    expect(ready(room).isLoadingOlder).toBe(true)
    await clock.advance(1_000)
    await loading
    clinic.faults = {
      ...calm,
      refuse: name => (name === 'listMessages' ? new ChatError('unavailable') : null),
    }
    void room.loadOlder()
    await clock.advance(1_000)
    expect(ready(room).olderError?.kind).toBe('unavailable')
    clinic.faults = calm
    void room.loadOlder()
    await clock.advance(1_000)
    expect(ready(room).messages.map(each => each.seq)).toEqual(
      Array.from({ length: 120 }, (_, index) => index + 1),
    )
    expect(ready(room)).toMatchObject({ hasOlder: false, olderError: null })
  })
})

describe('sending on a bad network', () => {
  it('CM7: an answer that is lost doubles nothing', async () => {
    const patient = device(PATIENT).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    let losses = 2
    clinic.faults = {
      ...calm,
      broadcast: () => [],
      answer: name => (name === 'sendMessage' && losses-- > 0 ? null : 5),
    }
    patient.send({ body: 'once' })
    await clock.advance(30_000)
    expect(clinic.room(APPOINTMENT).messages).toHaveLength(1)
    expect(bodies(patient)).toEqual(['once'])
    expect(ready(patient).outgoing).toEqual([])
  })

  it('CM8: messages typed without a network are sent afterwards, once and in order', async () => {
    const { env, chat } = device(PATIENT)
    const room = chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    env.online.set(false)
    clinic.faults = { ...calm, request: () => null, isSocketUp: () => false }
    clinic.cutSockets()
    for (const body of ['a', 'b', 'c']) room.send({ body })
    await clock.advance(60_000)
    expect(ready(room).connection).toEqual({ is: 'offline' })
    expect(ready(room).outgoing.map(each => each.body)).toEqual(['a', 'b', 'c'])
    clinic.faults = calm
    env.online.set(true)
    await clock.advance(2_000)
    expect(clinic.room(APPOINTMENT).messages.map(each => each.body)).toEqual(['a', 'b', 'c'])
    expect(bodies(room)).toEqual(['a', 'b', 'c'])
    expect(ready(room)).toMatchObject({ connection: { is: 'live' }, outgoing: [] })
  })

  it('CM9: a closed page sends at its next visit what it had not sent', async () => {
    const first = device(PATIENT)
    const room = first.chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    clinic.faults = { ...calm, request: () => null }
    const ids = ['a', 'b'].map(body => room.send({ body }))
    await clock.advance(500)
    first.chat.close()
    clinic.faults = calm
    const again = device(PATIENT, first.env.storage).chat.openRoom(APPOINTMENT)
    await clock.advance(2_000)
    expect(ready(again).messages.map(each => each.id)).toEqual(ids)
    expect(await first.env.storage.list(PATIENT, clinic.room(APPOINTMENT).id)).toEqual([])
  })

  it('CM23: a message that arrived long ago without an answer is not shown as unsent for ever', async () => {
    const { id: roomId } = clinic.room(APPOINTMENT)
    for (let seq = 1; seq <= 120; seq++) {
      clinic.send(PATIENT, { id: `m${seq}`, roomId, body: `${seq}`, replyTo: null })
    }
    const { storage } = createVirtualEnv(9, clock)
    const queued = { userId: PATIENT, roomId, replyTo: null, queuedAt: '', position: 1, refusal: null }
    await storage.put({ ...queued, id: 'm3', body: '3' })
    const room = device(PATIENT, storage).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    expect(ready(room).outgoing).toEqual([])
    expect(clinic.room(APPOINTMENT).messages).toHaveLength(120)
    expect(await storage.list(PATIENT, roomId)).toEqual([])
  })

  it('CM10: a refused message says why and lets the next one go', async () => {
    const { chat } = device(PATIENT)
    const room = chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    let refusals = 1
    const refusal = new ChatError('reply-not-found')
    clinic.faults = { ...calm, refuse: name => (name === 'sendMessage' && refusals-- > 0 ? refusal : null) }
    const id = room.send({ body: 'refused' })
    room.send({ body: 'fine' })
    await clock.advance(1_000)
    expect(bodies(room)).toEqual(['fine'])
    expect(ready(room).outgoing.map(each => each.state)).toEqual([{ is: 'failed', error: refusal }])
    room.retry(id)
    await clock.advance(1_000)
    expect(bodies(room)).toEqual(['fine', 'refused'])
    expect(ready(room).outgoing).toEqual([])
  })

  it('CM11: a full device says so, and the message waits to be tried again', async () => {
    const { env, chat } = device(PATIENT)
    const room = chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    const { put } = env.storage
    const full = Object.assign(new Error('full'), { name: 'QuotaExceededError' })
    env.storage.put = () => Promise.reject(full)
    const id = room.send({ body: 'kept' })
    await clock.advance(1_000)
    expect(ready(room).outgoing[0]?.state).toMatchObject({
      is: 'failed',
      error: { kind: 'unavailable', detail: 'outbox-full' },
    })
    expect(clinic.room(APPOINTMENT).messages).toEqual([])
    env.storage.put = put
    room.retry(id)
    await clock.advance(1_000)
    expect(bodies(room)).toEqual(['kept'])
  })

  it('CM25: a refused message is still there at the next visit, with its reason, and is not sent by itself', async () => {
    const { chat, env, transport } = device(PATIENT)
    const room = chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    const refusal = new ChatError('reply-not-found')
    clinic.faults = { ...calm, refuse: name => (name === 'sendMessage' ? refusal : null) }
    room.send({ body: 'refused' })
    await clock.advance(1_000)
    chat.close()
    clinic.faults = calm
    expect(transport.openTopics).toEqual([])
    const again = device(PATIENT, env.storage).chat.openRoom(APPOINTMENT)
    await clock.advance(5_000)
    expect(ready(again).outgoing).toMatchObject([
      { body: 'refused', state: { is: 'failed', error: { kind: 'reply-not-found' } } },
    ])
    expect(clinic.room(APPOINTMENT).messages).toEqual([])
  })

  it('CM26: a discarded message stays discarded, also when the device was slow to forget it', async () => {
    const { chat, env } = device(PATIENT)
    const room = chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    clinic.faults = { ...calm, request: name => (name === 'sendMessage' ? null : 5) }
    const { remove } = env.storage
    let failures = 2
    env.storage.remove = (...key) => (failures-- > 0 ? Promise.reject(new Error('busy')) : remove(...key))
    const id = room.send({ body: 'never mind' })
    // Sent in vain, it waits for its next turn.
    await clock.advance(60)
    room.discard(id)
    await clock.advance(20_000)
    chat.close()
    clinic.faults = calm
    device(PATIENT, env.storage).chat.openRoom(APPOINTMENT)
    await clock.advance(5_000)
    expect(clinic.room(APPOINTMENT).messages).toEqual([])
  })
})
