import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ChatError } from './chat-error.ts'
import { createDevices, type Device, type Devices, ready } from './testing/devices.ts'
import { APPOINTMENT, calm, DOCTOR, PATIENT } from './testing/index.ts'

let devices: Devices
let clock: Devices['clock']
let clinic: Devices['clinic']
let doctor: Device

beforeEach(async () => {
  devices = createDevices()
  ;({ clock, clinic } = devices)
  doctor = devices.open(DOCTOR)
  await clock.advance(1_000)
})

afterEach(async () => {
  expect(await devices.leftovers()).toEqual([])
})

async function outcome<T>(promise: Promise<T>): Promise<T> {
  const settled = Promise.allSettled([promise])
  await clock.advance(1_000)
  const [end] = await settled
  if (end?.status !== 'fulfilled') throw end?.reason
  return end.value
}

function sendTo(appointmentId: string, id: string, from = PATIENT) {
  clinic.send(from, { id, roomId: clinic.room(appointmentId).id, body: id, replyTo: null })
}

describe('C23: the list of rooms', () => {
  it('has the latest message first, and follows what happens', async () => {
    for (const id of ['a1', 'a2', 'a3']) {
      sendTo(id, `first in ${id}`)
      await clock.advance(10)
    }
    clinic.room('a1').waitingSince = '2026-01-15T09:00:00.000Z'
    const list = doctor.chat.rooms()
    expect(list.current).toEqual({ page: null, freshness: 'live', isLoading: true, error: null })
    await clock.advance(1_000)
    const shown = () => list.current.page?.rooms.map(each => [each.appointmentId, each.unread])
    expect(shown()).toEqual([
      ['a3', 1],
      ['a2', 1],
      ['a1', 1],
    ])
    expect(list.current.page?.rooms[2]).toMatchObject({ waitingSince: '2026-01-15T09:00:00.000Z' })
    const before = doctor.transport.calls.length
    sendTo('a1', 'second')
    sendTo('a1', 'third')
    await clock.advance(1_000)
    expect(shown()).toEqual([
      ['a1', 3],
      ['a3', 1],
      ['a2', 1],
    ])
    expect(doctor.transport.calls.length - before).toBe(1)
    list.close()
  })

  it('follows what one says oneself, here and on another device: nobody else tells', async () => {
    const elsewhere = devices.open(DOCTOR)
    const lists = [doctor, elsewhere].map(device => device.chat.rooms())
    const [room] = [doctor, elsewhere].map(device => device.chat.openRoom(APPOINTMENT))
    await clock.advance(1_000)
    room?.send({ body: 'said by myself' })
    await clock.advance(1_000)
    for (const list of lists) {
      expect(list.current.page?.rooms.find(each => each.appointmentId === APPOINTMENT)?.lastSeq).toBe(1)
      list.close()
    }
  })

  it('counts what is read elsewhere, and knows what is muted', async () => {
    sendTo(APPOINTMENT, 'm1')
    const list = doctor.chat.rooms()
    const room = doctor.chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    room.markRead(1)
    await clock.advance(1_000)
    expect(list.current.page?.rooms[0]?.unread).toBe(0)
    await outcome(room.mute('2026-02-01T00:00:00.000Z'))
    expect(list.current.page?.rooms[0]?.mutedUntil).toBe('2026-02-01T00:00:00.000Z')
    list.close()
  })

  it('grows by pages that meet without a hole or a double', async () => {
    for (let n = 1; n <= 70; n++) {
      sendTo(`a${n}`, `m${n}`)
      await clock.advance(1)
    }
    const list = doctor.chat.rooms()
    await clock.advance(1_000)
    expect(list.current.page).toMatchObject({ hasMore: true })
    await outcome(list.loadMore())
    expect(list.current.page?.hasMore).toBe(false)
    expect(list.current.page?.rooms.map(each => each.appointmentId)).toEqual(
      Array.from({ length: 70 }, (_, index) => `a${70 - index}`),
    )
    list.close()
  })

  it('is one for all who show it, and stops with the last', async () => {
    clinic.room(APPOINTMENT)
    const first = doctor.chat.rooms()
    const second = doctor.chat.rooms()
    await clock.advance(1_000)
    expect(doctor.transport.calls.filter(call => call.name === 'listRooms')).toHaveLength(1)
    first.close()
    sendTo(APPOINTMENT, 'm1')
    await clock.advance(1_000)
    expect(second.current.page?.rooms[0]?.unread).toBe(1)
    second.close()
    const before = doctor.transport.calls.length
    await clock.advance(300_000)
    expect(doctor.transport.calls.length).toBe(before)
  })
})

describe('C25: what is asked of the clinic', () => {
  it('a step of an appointment shows in its open room and in the lists', async () => {
    clinic.room(APPOINTMENT)
    const room = doctor.chat.openRoom(APPOINTMENT)
    const list = doctor.chat.appointments('upcoming')
    await clock.advance(1_000)
    clinic.faults = { ...calm, broadcast: () => [] }
    const cancelling = doctor.chat
      .setAppointmentStatus(APPOINTMENT, 'cancelled', 'ill')
      .then(() => ready(room).appointment)
    expect(await outcome(cancelling)).toMatchObject({ status: 'cancelled', statusReason: 'ill' })
    expect(ready(room).room.replyBlock).toBe('appointment_cancelled')
    expect(list.current.page?.appointments[0]?.status).toBe('cancelled')
  })

  it('colleagues, settings, quick replies, absence', async () => {
    const { chat } = doctor
    expect((await outcome(chat.colleagues())).map(each => each.id)).toEqual([DOCTOR])
    expect(await outcome(chat.clinic())).toMatchObject({ name: 'The clinic', editWindowMinutes: 15 })
    const saved = await outcome(chat.quickReplies.save({ title: 'Fasting', body: 'Eat nothing.' }))
    expect(saved).toMatchObject({ title: 'Fasting', locale: null, isShared: false })
    await outcome(chat.quickReplies.save({ ...saved, body: 'Drink water only.' }))
    expect(await outcome(chat.quickReplies.list())).toEqual([{ ...saved, body: 'Drink water only.' }])
    await outcome(chat.quickReplies.delete(saved.id))
    expect(await outcome(chat.quickReplies.list())).toEqual([])
    const backAt = '2026-02-01T00:00:00.000Z'
    expect(await outcome(chat.setOutOfOffice({ backAt }))).toMatchObject({ backAt, note: null })
    expect(await outcome(chat.outOfOffice())).toMatchObject({ backAt })
    await outcome(chat.clearOutOfOffice())
    expect(await outcome(chat.outOfOffice())).toBeNull()
  })

  it('what patients agree to opens the room that waited for it', async () => {
    const patient = devices.open(PATIENT)
    clinic.consent = { ...clinic.consent, version: 2, texts: { en: 'What we agree on' } }
    clinic.setRoom(APPOINTMENT, { replyBlock: 'consent_missing' })
    const room = patient.chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    expect(ready(room).room.replyBlock).toBe('consent_missing')
    expect(await outcome(patient.chat.consent())).toMatchObject({ version: 2, acceptedAt: null })
    await expect(outcome(patient.chat.acceptConsent({ version: 1, locale: 'en' }))).rejects.toMatchObject({
      kind: 'conflict',
    })
    expect(ready(room).room.replyBlock).toBe('consent_missing')
    const accepted = await outcome(patient.chat.acceptConsent({ version: 2, locale: 'en' }))
    expect(accepted).toMatchObject({ acceptedLocale: 'en' })
    expect(ready(room).room.replyBlock).toBeNull()
    room.close()
  })

  it('a new text to agree to is published by an administrator, and by nobody else', async () => {
    const texts = { en: 'What we agree on now' }
    await expect(outcome(doctor.chat.publishConsent(texts))).rejects.toMatchObject({ kind: 'forbidden' })
    const id = 'admin-1'
    clinic.people.set(id, { id, role: 'admin', displayName: 'Admin', specialty: null })
    expect(await outcome(devices.open(id).chat.publishConsent(texts))).toMatchObject({ version: 1, texts })
    expect(await outcome(doctor.chat.consent())).toMatchObject({ version: 1, texts })
  })

  it('what goes wrong is told, and not tried again', async () => {
    const refusal = new ChatError('unavailable')
    clinic.faults = { ...calm, refuse: () => refusal }
    await expect(outcome(doctor.chat.clinic())).rejects.toBe(refusal)
    await clock.advance(60_000)
    expect(doctor.transport.calls.filter(call => call.name === 'getClinic')).toHaveLength(1)
  })
})

describe('C24: a service that was closed', () => {
  it('answers nothing more, and asks for nothing', async () => {
    const { chat, transport } = doctor
    chat.close()
    const before = transport.calls.length
    const asked = [
      chat.setAppointmentStatus(APPOINTMENT, 'confirmed'),
      chat.clinic(),
      chat.colleagues(),
      chat.consent(),
      chat.acceptConsent({ version: 1, locale: 'en' }),
      chat.publishConsent({}),
      chat.quickReplies.list(),
      chat.quickReplies.save({ title: 'x', body: 'x' }),
      chat.quickReplies.delete('x'),
      chat.setOutOfOffice({ backAt: '2026-02-01T00:00:00.000Z' }),
      chat.clearOutOfOffice(),
      chat.outOfOffice(),
      chat.openRoom(APPOINTMENT).retract('x'),
    ]
    for (const end of await Promise.allSettled(asked)) {
      expect(end).toMatchObject({ status: 'rejected', reason: { kind: 'unavailable' } })
    }
    expect(chat.rooms().current).toEqual({ page: null, freshness: 'live', isLoading: false, error: null })
    expect(transport.calls.length).toBe(before)
  })
})
