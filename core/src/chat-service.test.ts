import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ChatError } from './chat-error.ts'
import { bodiesOf as bodies, createDevices, type Device, type Devices, ready } from './testing/devices.ts'
import { APPOINTMENT, calm, DOCTOR, OUTSIDER, PATIENT } from './testing/index.ts'

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

describe('hearing on a bad network', () => {
  it('CR1: a broadcast that was lost is fetched with the next one', async () => {
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

  it('CR13: a broadcast that a live socket never brought is fetched within a minute', async () => {
    const patient = device(PATIENT).chat.openRoom(APPOINTMENT)
    const doctor = device(DOCTOR).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    clinic.faults = { ...calm, broadcast: () => [] }
    patient.send({ body: 'dropped in silence' })
    await clock.advance(60_000)
    expect(bodies(doctor)).toEqual(['dropped in silence'])
    expect(ready(doctor).connection).toEqual({ is: 'live' })
  })

  it('CR18: what was edited or retracted while away is there with the return, and asked for only then', async () => {
    const { chat, transport } = device(DOCTOR)
    const doctor = chat.openRoom(APPOINTMENT)
    const patient = device(PATIENT).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    for (const body of ['one', 'two', 'three']) patient.send({ body })
    await clock.advance(1_000)
    const asked = () => transport.calls.filter(call => call.name === 'listChanges').length
    clinic.faults = { ...calm, broadcast: () => [] }
    clinic.cutSockets()
    clinic.change(APPOINTMENT, 1, 'edited')
    clinic.change(APPOINTMENT, 2, null)
    clinic.faults = calm
    await clock.advance(5_000)
    expect(bodies(doctor)).toEqual(['edited', null, 'three'])
    expect(asked()).toBe(1)
    // Once more, and nothing has happened.
    clinic.cutSockets()
    await clock.advance(5_000)
    expect(ready(doctor).connection).toEqual({ is: 'live' })
    expect(asked()).toBe(1)
  })

  it('CR18: a change that a live socket never brought is there with the next one, or within a minute', async () => {
    const doctor = device(DOCTOR).chat.openRoom(APPOINTMENT)
    const patient = device(PATIENT).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    for (const body of ['one', 'two']) patient.send({ body })
    await clock.advance(1_000)
    clinic.faults = { ...calm, broadcast: () => [] }
    clinic.change(APPOINTMENT, 1, null)
    clinic.faults = calm
    clinic.change(APPOINTMENT, 2, 'edited')
    await clock.advance(100)
    expect(bodies(doctor)).toEqual([null, 'edited'])
    clinic.faults = { ...calm, broadcast: () => [] }
    clinic.change(APPOINTMENT, 2, null)
    await clock.advance(60_000)
    expect(bodies(doctor)).toEqual([null, null])
  })

  it('CR2: without a socket the chat goes on by polling, slower and slower, and not while hidden', async () => {
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

  it('C31: the first topic that gets through after an outage brings the others with it', async () => {
    clinic.faults = { ...calm, isSocketUp: () => false }
    const { chat } = device(DOCTOR)
    const rooms = [APPOINTMENT, 'another', 'a third'].map(id => chat.openRoom(id))
    await clock.advance(60_000)
    const shown = () =>
      [chat.connection.current, ...rooms.map(room => ready(room).connection)].map(each => each.is)
    expect(new Set(shown())).toEqual(new Set(['reconnecting']))
    clinic.faults = calm
    while (!shown().includes('live')) await clock.advance(10)
    await clock.advance(50)
    expect(new Set(shown())).toEqual(new Set(['live']))
  })

  it('C34: who is joined again is catching up until what was missed is there', async () => {
    const room = device(DOCTOR).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    clinic.faults = { ...calm, answer: name => (name === 'listMessages' ? 2_000 : 5) }
    clinic.cutSockets()
    clinic.send(PATIENT, { id: 'm1', roomId: clinic.room(APPOINTMENT).id, body: 'meanwhile', replyTo: null })
    const seen: string[] = []
    const stop = room.subscribe(() => {
      const { connection, messages } = ready(room)
      const now = `${connection.is} ${messages.length}`
      if (seen.at(-1) !== now) seen.push(now)
    })
    await clock.advance(10_000)
    stop()
    expect(seen).toEqual(['reconnecting 0', 'catching-up 0', 'live 1'])
  })

  it('C35: a list knows of what one wrote also where its room was left before it was sent', async () => {
    const { chat } = device(DOCTOR)
    const room = chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    clinic.faults = { ...calm, request: name => (name === 'sendMessage' ? 2_000 : 5) }
    room.send({ body: 'late' })
    room.close()
    const list = chat.rooms()
    const lastSeq = () => list.current.page?.rooms[0]?.lastSeq
    await clock.advance(1_000)
    expect(lastSeq()).toBe(0)
    await clock.advance(2_000)
    expect(lastSeq()).toBe(1)
  })

  it('C34: a message that waits says what for', async () => {
    const room = device(PATIENT).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    const waits = () =>
      ready(room).outgoing.map(({ state }) => (state.is === 'queued' ? state.waitsFor : state.is))
    clinic.faults = { ...calm, request: name => (name === 'sendMessage' ? null : 5) }
    for (const body of ['one', 'two', 'three']) room.send({ body })
    expect(waits()).toEqual(['turn', 'earlier', 'earlier'])
    await clock.advance(500)
    expect(waits()).toEqual(['connection', 'earlier', 'earlier'])
    const busy = new ChatError('rate-limited', { retryAfterMs: 20_000 })
    clinic.faults = { ...calm, refuse: name => (name === 'sendMessage' ? busy : null) }
    await clock.advance(5_000)
    expect(waits()).toEqual(['server', 'earlier', 'earlier'])
    const refusal = new ChatError('message-too-long')
    let isFirst = true
    clinic.faults = {
      ...calm,
      refuse(name) {
        if (name !== 'sendMessage') return null
        if (!isFirst) return busy
        isFirst = false
        return refusal
      },
    }
    await clock.advance(20_000)
    expect(waits()).toEqual(['failed', 'server', 'earlier'])
    clinic.faults = calm
    await clock.advance(30_000)
    expect(waits()).toEqual(['failed'])
    room.discard(ready(room).outgoing[0]?.id ?? '')
  })

  it('C32: what could not be had when the socket came back is asked for again after a second', async () => {
    const room = device(PATIENT).chat.openRoom(APPOINTMENT)
    const { chat } = device(DOCTOR)
    const rooms = chat.rooms()
    await clock.advance(1_000)
    clinic.faults = { ...calm, isSocketUp: () => false, request: () => null }
    clinic.cutSockets()
    clinic.send(DOCTOR, { id: 'm1', roomId: clinic.room(APPOINTMENT).id, body: 'meanwhile', replyTo: null })
    // By now the looks without a socket are fifteen seconds apart.
    await clock.advance(60_000)
    clinic.faults = { ...calm, request: () => null }
    while (ready(room).connection.is === 'reconnecting' || chat.connection.current.is !== 'live')
      await clock.advance(10)
    await clock.advance(400)
    expect(bodies(room)).toEqual([])
    clinic.faults = calm
    await clock.advance(1_200)
    expect(bodies(room)).toEqual(['meanwhile'])
    expect(rooms.current.page?.rooms[0]?.lastSeq).toBe(1)
    // The socket stays, and for half a minute nothing behind it answers.
    clinic.faults = { ...calm, request: () => null, broadcast: () => [] }
    clinic.send(DOCTOR, { id: 'm2', roomId: clinic.room(APPOINTMENT).id, body: 'again', replyTo: null })
    await clock.advance(200_000)
    clinic.faults = { ...calm, broadcast: () => [] }
    await clock.advance(3_400)
    expect(bodies(room)).toEqual(['meanwhile', 'again'])
    expect(rooms.current.page?.rooms[0]?.lastSeq).toBe(2)
  })

  it('CR14: a hidden screen does not poll, whenever it was hidden', async () => {
    clinic.faults = { ...calm, isSocketUp: () => false }
    const { chat, env, transport } = device(PATIENT)
    env.visible.set(false)
    chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    const before = transport.calls.length
    await clock.advance(120_000)
    expect(transport.calls.length).toBe(before)
  })

  it('CR3: what happened between the first page and the joining is not missed', async () => {
    clinic.room(APPOINTMENT)
    const room = device(DOCTOR).chat.openRoom(APPOINTMENT)
    // open_room 10 ms, then at once the newest page (read after 5 ms) and the joining (done after 10 ms).
    await clock.advance(17)
    clinic.send(PATIENT, { id: 'm1', roomId: clinic.room(APPOINTMENT).id, body: 'between', replyTo: null })
    await clock.advance(1_000)
    expect(bodies(room)).toEqual(['between'])
  })

  it('CR4: back from offline, the old socket is thrown away before anything is joined', async () => {
    const { env, chat, transport } = device(PATIENT)
    const room = chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    env.online.set(false)
    expect(ready(room).connection).toEqual({ is: 'offline' })
    env.online.set(true)
    expect(transport.socketsDropped).toBe(1)
    await clock.advance(100)
    expect(ready(room).connection).toEqual({ is: 'live' })
    const { id } = clinic.room(APPOINTMENT)
    expect(transport.openTopics.sort()).toEqual([`live:${id}:1`, `room:${id}:1`, `user:${PATIENT}`])
  })
})

describe('access', () => {
  it('CA1: a room of others is not found', async () => {
    clinic.room(APPOINTMENT)
    const room = device(OUTSIDER).chat.openRoom(APPOINTMENT)
    await clock.advance(60_000)
    expect(room.current).toMatchObject({ is: 'failed', error: { kind: 'not-found' } })
  })

  it('CA2: a removed participant loses the content and hears nothing more; the others go on', async () => {
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

  it('CA6: a message refused because writing ended shows the room as it is now', async () => {
    const room = device(PATIENT).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    clinic.room(APPOINTMENT).replyBlock = 'room_closed'
    room.send({ body: 'too late' })
    await clock.advance(1_000)
    expect(ready(room).outgoing[0]?.state).toMatchObject({
      is: 'failed',
      error: { kind: 'reply-blocked', detail: 'room_closed' },
    })
    expect(ready(room).room.replyBlock).toBe('room_closed')
  })

  it('CA3: when writing ends by the clock, the room says so at that moment', async () => {
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
    expect(transport.openTopics).toHaveLength(3)
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
