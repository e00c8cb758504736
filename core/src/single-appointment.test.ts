import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ChatError } from './chat-error.ts'
import { createDevices, type Device, type Devices } from './testing/devices.ts'
import { APPOINTMENT, calm, DOCTOR, OUTSIDER, PATIENT } from './testing/index.ts'
import { chatOf, createVisits } from './testing/visits.ts'

let devices: Devices
let clock: Devices['clock']
let clinic: Devices['clinic']
let doctor: Device

beforeEach(async () => {
  devices = createDevices()
  ;({ clock, clinic } = devices)
  clinic.room(APPOINTMENT)
  doctor = devices.open(DOCTOR)
  await clock.advance(1_000)
})

afterEach(async () => {
  expect(await devices.leftovers()).toEqual([])
})

const asked = (name: string) => doctor.transport.calls.filter(call => call.name === name).length

async function shown(device = doctor, id = APPOINTMENT) {
  const one = device.chat.appointment(id)
  await clock.advance(1_000)
  return one
}

async function settled<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  const all = Promise.allSettled([promise])
  await clock.advance(2_000)
  const [end] = await all
  if (!end) throw new Error('it never ended')
  return end
}

describe('U75: one appointment', () => {
  it('U75: is there without its room: none is opened, joined or read', async () => {
    const one = await shown()
    expect(one.current).toMatchObject({
      page: { detail: { id: APPOINTMENT, role: 'doctor', chat: { status: 'open' } } },
      freshness: 'live',
      isLoading: false,
      error: null,
    })
    expect([asked('openRoom'), asked('markRead'), asked('listMessages')]).toEqual([0, 0, 0])
    expect(doctor.transport.openTopics).toEqual([`user:${DOCTOR}`])
    one.close()
  })

  it('U75: follows what happens, as the lists do, and stops with the last who shows it', async () => {
    const one = await shown()
    const again = doctor.chat.appointment(APPOINTMENT)
    clinic.setRoomStatus(DOCTOR, clinic.room(APPOINTMENT).id, 'closed')
    await clock.advance(1_000)
    expect(one.current.page?.detail).toMatchObject({ room: { status: 'closed' }, chat: { status: 'closed' } })
    expect(asked('getAppointment')).toBe(2)
    one.close()
    again.close()
    await clock.advance(300_000)
    expect(asked('getAppointment')).toBe(2)
  })

  it('U75: is changed by its room’s verbs, and shows it before they resolve', async () => {
    const one = await shown()
    const chat = () => one.current.page?.detail?.chat
    let seen: unknown
    await settled(
      one.setStatus('closed').then(() => {
        seen = chat()?.status
      }),
    )
    expect(seen).toBe('closed')
    await settled(one.setPatientMayReply(false))
    expect(chat()?.patientMayReply).toBe(false)
    await settled(one.addParticipant(OUTSIDER, 'proxy'))
    expect(chat()?.participants.map(each => each.id)).toEqual([PATIENT, DOCTOR, OUTSIDER])
    await settled(one.removeParticipant(OUTSIDER))
    expect(chat()?.participants.at(-1)?.leftAt).not.toBeNull()
    one.close()
  })

  it('U75: is asked for again when a verb was refused: it is not as it was shown', async () => {
    const one = await shown()
    clinic.room(APPOINTMENT).status = 'archived'
    expect(await settled(one.setStatus('closed'))).toMatchObject({ reason: { kind: 'conflict' } })
    expect(one.current.page?.detail?.chat?.status).toBe('archived')
    one.close()
  })

  it('U75: is none for who is not concerned, and for what is no id; what was shown goes', async () => {
    const stranger = await shown(devices.open(OUTSIDER))
    const none = { page: { detail: null }, freshness: 'live', isLoading: false, error: null }
    expect(stranger.current).toEqual(none)
    expect(await settled(stranger.setStatus('closed'))).toMatchObject({ reason: { detail: 'room-not-open' } })
    stranger.close()

    const one = await shown()
    clinic.faults = { ...calm, refuse: name => (name === 'getAppointment' ? new ChatError('invalid') : null) }
    await settled(one.reload())
    expect(one.current).toEqual(none)
    one.close()
  })

  it('U75: keeps what is shown when it cannot be asked for, and says so', async () => {
    const one = await shown()
    clinic.faults = { ...calm, refuse: () => new ChatError('unavailable') }
    await settled(one.reload())
    expect(one.current).toMatchObject({
      page: { detail: { id: APPOINTMENT } },
      error: { kind: 'unavailable' },
    })
    clinic.faults = calm
    await settled(one.reload())
    expect(one.current.error).toBeNull()
    one.close()
  })

  it('U75: once it is left its verbs reach nobody', async () => {
    const one = await shown()
    one.close()
    expect(await settled(one.setStatus('closed'))).toMatchObject({ reason: { detail: 'room-not-open' } })
    expect(asked('setRoomStatus')).toBe(0)
    await settled(one.reload())
    expect(asked('getAppointment')).toBe(1)
  })
})

describe('U75: one appointment without a network', () => {
  it('U75: is what the lists and the room left on the device, and nothing of it is anybody’s part', async () => {
    const { visited, open, openedOffline, clinic: desk, clock: time } = createVisits()
    desk.room('appointment-3')
    await visited()
    const tab = open()
    await time.advance(500)
    const list = chatOf(tab).appointments('past')
    await time.advance(1_000)
    const listed = list.current.page?.appointments.find(each => each.id === APPOINTMENT)
    const offline = await openedOffline()
    const one = chatOf(offline).appointment(APPOINTMENT)
    const onlyListed = chatOf(offline).appointment('appointment-3')
    const never = chatOf(offline).appointment('appointment-2')
    await time.advance(1_000)
    expect(one.current).toMatchObject({
      page: { detail: { ...listed, role: null, chat: { participants: [{ id: PATIENT }, { id: DOCTOR }] } } },
      freshness: 'cached',
      error: { kind: 'offline' },
    })
    expect(onlyListed.current).toMatchObject({
      page: { detail: { id: 'appointment-3', role: null, chat: null } },
      freshness: 'cached',
    })
    expect(never.current).toMatchObject({ page: null, error: { kind: 'offline' } })
  })
})
