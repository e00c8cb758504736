import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChatRoom, ReadyChat } from './api.ts'
import { ChatError } from './chat-error.ts'
import { openChatService } from './chat-service.ts'
import {
  APPOINTMENT,
  calm,
  createFakeClinic,
  createFakeTransport,
  createVirtualClock,
  createVirtualEnv,
  DOCTOR,
  type FakeClinic,
  type FakeTransport,
  OUTSIDER,
  PATIENT,
  type VirtualClock,
  type VirtualEnv,
} from './testing/index.ts'

interface Device {
  env: VirtualEnv
  transport: FakeTransport
  chat: ReturnType<typeof openChatService>
}

let clock: VirtualClock
let clinic: FakeClinic
let devices: Device[]

function device(userId: string, storage?: VirtualEnv['storage']): Device {
  const env = createVirtualEnv(devices.length + 1, clock)
  if (storage) env.storage = storage
  const transport = createFakeTransport(clinic, env, userId)
  const made = { env, transport, chat: openChatService({ env, transport }, userId) }
  devices.push(made)
  return made
}

function ready(room: ChatRoom): ReadyChat {
  if (room.current.is !== 'ready') throw new Error(`the room is ${room.current.is}`)
  return room.current
}
const bodies = (room: ChatRoom) => ready(room).messages.map(message => message.body)
const participantOf = (room: ChatRoom, id: string) =>
  ready(room).room.participants.find(each => each.id === id)

beforeEach(() => {
  clock = createVirtualClock()
  clinic = createFakeClinic(clock)
  devices = []
})

afterEach(async () => {
  clinic.faults = calm
  for (const { chat } of devices) chat.close()
  await clock.settle()
  expect(clinic.members.size, 'topics left joined').toBe(0)
  expect(clock.timerCount(), 'timers left running').toBe(0)
  for (const { env, transport } of devices) {
    expect(env.listenerCount, 'listeners left').toBe(0)
    expect(transport.openTopics).toEqual([])
    expect(transport.authListenerCount).toBe(0)
  }
})

describe('a room with nothing in its way', () => {
  it('M1: shows an own message at once, then confirmed, once', async () => {
    const room = device(PATIENT).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    const id = room.send({ body: 'hello' })
    expect(ready(room).outgoing.map(each => [each.id, each.state.is])).toEqual([[id, 'queued']])
    await clock.advance(1_000)
    expect(ready(room).outgoing).toEqual([])
    expect(ready(room).messages.map(each => [each.id, each.seq])).toEqual([[id, 1]])
  })

  it('M2: both sides see the same messages in the same order', async () => {
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

  it('M3: a message that could not be sent at all is not queued', async () => {
    const room = device(PATIENT).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    expect(() => room.send({ body: ' \n' })).toThrow(new ChatError('message-empty'))
    expect(() => room.send({ body: 'x'.repeat(4_001) })).toThrow(
      new ChatError('message-too-long', { detail: '4000' }),
    )
    expect(ready(room).outgoing).toEqual([])
  })

  it('M4: delivered and read of the other side arrive as cursors', async () => {
    const patient = device(PATIENT).chat.openRoom(APPOINTMENT)
    const doctor = device(DOCTOR).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    patient.send({ body: 'one' })
    await clock.advance(1_000)
    expect(participantOf(patient, DOCTOR)).toMatchObject({ deliveredSeq: 1, readSeq: 0 })
    doctor.markRead(1)
    await clock.advance(1_000)
    expect(participantOf(patient, DOCTOR)).toMatchObject({ deliveredSeq: 1, readSeq: 1 })
  })

  it('M5: what was read just before leaving is told', async () => {
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

  it('M6: older pages are put in front, without a hole', async () => {
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

describe('a room on a bad network', () => {
  it('M7: an answer that is lost doubles nothing', async () => {
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

  it('M8: messages typed without a network are sent afterwards, once and in order', async () => {
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

  it('M9: a closed page sends at its next visit what it had not sent', async () => {
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

  it('M23: a message that arrived long ago without an answer is not shown as unsent for ever', async () => {
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

  it('M10: a refused message says why and lets the next one go', async () => {
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

  it('M11: a full device says so, and the message waits to be tried again', async () => {
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

  it('R1: a broadcast that was lost is fetched with the next one', async () => {
    const patient = device(PATIENT).chat.openRoom(APPOINTMENT)
    const doctor = device(DOCTOR).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    clinic.faults = { ...calm, broadcast: () => [] }
    patient.send({ body: 'lost' })
    await clock.advance(1_000)
    expect(bodies(doctor)).toEqual([])
    clinic.faults = calm
    patient.send({ body: 'heard' })
    await clock.advance(1_000)
    expect(bodies(doctor)).toEqual(['lost', 'heard'])
  })

  it('R13: a broadcast that a live socket never brought is fetched within a minute', async () => {
    const patient = device(PATIENT).chat.openRoom(APPOINTMENT)
    const doctor = device(DOCTOR).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    clinic.faults = { ...calm, broadcast: () => [] }
    patient.send({ body: 'dropped in silence' })
    await clock.advance(60_000)
    expect(bodies(doctor)).toEqual(['dropped in silence'])
    expect(ready(doctor).connection).toEqual({ is: 'live' })
  })

  it('R2: without a socket the chat goes on by polling, slower and slower, and not while hidden', async () => {
    clinic.faults = { ...calm, isSocketUp: () => false }
    const doctor = device(DOCTOR)
    const room = doctor.chat.openRoom(APPOINTMENT)
    const patient = device(PATIENT).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    patient.send({ body: 'polled' })
    await clock.advance(4_000)
    expect(bodies(room)).toEqual(['polled'])
    expect(ready(room).connection.is).toBe('reconnecting')
    const fetches = () => doctor.transport.calls.filter(call => call.name === 'listMessages').length
    await clock.advance(60_000)
    const before = fetches()
    await clock.advance(60_000)
    expect(fetches() - before).toBe(4)
    doctor.env.visible.set(false)
    await clock.advance(60_000)
    expect(fetches() - before).toBe(4)
    doctor.env.visible.set(true)
    await clock.advance(100)
    expect(fetches() - before).toBe(5)
  })

  it('R3: what happened between the first page and the joining is not missed', async () => {
    clinic.room(APPOINTMENT)
    const room = device(DOCTOR).chat.openRoom(APPOINTMENT)
    // open_room 10 ms, then at once the newest page (read after 5 ms) and the joining (done after 10 ms).
    await clock.advance(17)
    clinic.send(PATIENT, { id: 'm1', roomId: clinic.room(APPOINTMENT).id, body: 'between', replyTo: null })
    await clock.advance(1_000)
    expect(bodies(room)).toEqual(['between'])
  })

  it('R4: back from offline, the old socket is thrown away before anything is joined', async () => {
    const { env, chat, transport } = device(PATIENT)
    const room = chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    env.online.set(false)
    expect(ready(room).connection).toEqual({ is: 'offline' })
    env.online.set(true)
    expect(transport.socketsDropped).toBe(1)
    await clock.advance(100)
    expect(ready(room).connection).toEqual({ is: 'live' })
    expect(transport.openTopics.sort()).toEqual([`room:${clinic.room(APPOINTMENT).id}:1`, `user:${PATIENT}`])
  })
})

describe('access', () => {
  it('A1: a room of others is not found', async () => {
    clinic.room(APPOINTMENT)
    const room = device(OUTSIDER).chat.openRoom(APPOINTMENT)
    await clock.advance(60_000)
    expect(room.current).toMatchObject({ is: 'failed', error: { kind: 'not-found' } })
  })

  it('A2: a removed participant loses the content and hears nothing more; the others go on', async () => {
    const patient = device(PATIENT)
    const removed = patient.chat.openRoom(APPOINTMENT)
    const doctor = device(DOCTOR).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    removed.send({ body: 'before' })
    await clock.advance(1_000)
    clinic.remove(PATIENT, APPOINTMENT)
    doctor.send({ body: 'after' })
    await clock.advance(5_000)
    expect(removed.current).toEqual({ is: 'revoked' })
    expect(() => removed.send({ body: 'x' })).toThrow(new ChatError('not-found'))
    expect(patient.transport.openTopics).toEqual([`user:${PATIENT}`])
    expect(bodies(doctor)).toEqual(['before', 'after'])
    expect(ready(doctor)).toMatchObject({ room: { epoch: 2 }, connection: { is: 'live' } })
  })

  it('A3: when writing ends by the clock, the room says so at that moment', async () => {
    const replyUntil = new Date(clock.now() + 60_000).toISOString()
    clinic.setRoom(APPOINTMENT, { replyUntil })
    const room = device(PATIENT).chat.openRoom(APPOINTMENT)
    await clock.advance(50_000)
    expect(ready(room).room.replyBlock).toBeNull()
    clinic.room(APPOINTMENT).replyBlock = 'reply_window_over'
    await clock.advance(11_000)
    expect(ready(room).room.replyBlock).toBe('reply_window_over')
  })
})

describe('screens that share', () => {
  it('C1: two screens hold one room; it closes after the last', async () => {
    const { chat, transport } = device(PATIENT)
    const first = chat.openRoom(APPOINTMENT)
    const second = chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    expect(transport.openTopics).toHaveLength(2)
    first.close()
    first.close()
    await clock.advance(1_000)
    second.send({ body: 'still here' })
    await clock.advance(1_000)
    expect(bodies(second)).toEqual(['still here'])
    second.close()
    await clock.advance(1_000)
    expect(transport.openTopics).toEqual([`user:${PATIENT}`])
  })

  it('C2: closed and opened at once, a room is not opened twice', async () => {
    const { chat, transport } = device(PATIENT)
    chat.openRoom(APPOINTMENT).close()
    const room = chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    expect(ready(room).connection.is).toBe('live')
    expect(transport.calls.filter(call => call.name === 'openRoom').length).toBeLessThanOrEqual(2)
  })

  it('C3: a closed handle does nothing and tells nobody', async () => {
    const { chat } = device(PATIENT)
    const room = chat.openRoom(APPOINTMENT)
    const other = chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    let calls = 0
    room.subscribe(() => calls++)
    room.close()
    room.send({ body: 'nobody' })
    other.send({ body: 'somebody' })
    await clock.advance(1_000)
    expect(calls).toBe(0)
    expect(bodies(other)).toEqual(['somebody'])
  })

  it('C4: lists follow what happens in rooms, several events in one reload', async () => {
    const { chat, transport } = device(DOCTOR)
    clinic.room(APPOINTMENT)
    const list = chat.appointments('upcoming')
    await clock.advance(1_000)
    expect(list.current.page?.appointments[0]?.room?.unread).toBe(0)
    const before = transport.calls.length
    for (let count = 1; count <= 5; count++) {
      clinic.send(PATIENT, { id: `m${count}`, roomId: clinic.room(APPOINTMENT).id, body: 'x', replyTo: null })
    }
    await clock.advance(1_000)
    expect(list.current.page?.appointments[0]?.room?.unread).toBe(5)
    expect(transport.calls.length - before).toBe(1)
    list.close()
  })

  it('C5: closing the service drops the content, and it opens nothing more', async () => {
    const { chat, transport } = device(PATIENT)
    const room = chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    chat.close()
    chat.close()
    expect(room.current).toEqual({ is: 'loading' })
    const before = transport.calls.length
    expect(chat.openRoom(APPOINTMENT).current).toEqual({ is: 'loading' })
    await clock.advance(10_000)
    expect(transport.calls.length).toBe(before)
  })
})
