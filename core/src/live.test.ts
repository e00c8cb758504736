import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChatRoom } from './api.ts'
import { bodiesOf as bodies, createDevices, type Device, type Devices, ready } from './testing/devices.ts'
import { APPOINTMENT, calm, DOCTOR, PATIENT } from './testing/index.ts'

let devices: Devices
let clock: Devices['clock']
let clinic: Devices['clinic']
let patient: Device
let doctor: Device
let theirs: ChatRoom
let mine: ChatRoom
const NURSE = { id: 'nurse-1', role: 'doctor', displayName: 'The nurse', specialty: null } as const

beforeEach(async () => {
  devices = createDevices()
  ;({ clock, clinic } = devices)
  patient = devices.open(PATIENT)
  doctor = devices.open(DOCTOR)
  theirs = patient.chat.openRoom(APPOINTMENT)
  mine = doctor.chat.openRoom(APPOINTMENT)
  await clock.advance(1_000)
})

afterEach(async () => {
  expect(await devices.leftovers()).toEqual([])
})

const toldBy = (device: Device) =>
  device.transport.calls
    .filter(call => call.name === 'tellTyping')
    .map(call => (call.args as { isTyping: boolean }).isTyping)

describe('CT1: telling that one types', () => {
  it('is once in three seconds however fast one types, and once at the end', async () => {
    for (let stroke = 0; stroke < 80; stroke++) {
      mine.setTyping(true)
      await clock.advance(100)
    }
    mine.setTyping(false)
    mine.setTyping(false)
    expect(toldBy(doctor)).toEqual([true, true, true, false])
  })

  it('ends with sending', async () => {
    mine.setTyping(true)
    await clock.advance(100)
    expect(theirs.typing.current).toEqual([DOCTOR])
    mine.send({ body: 'done' })
    expect(toldBy(doctor)).toEqual([true, false])
    await clock.advance(1_000)
    expect(theirs.typing.current).toEqual([])
  })

  it('begins anew when the socket is back, and is nothing while it is away', async () => {
    mine.setTyping(true)
    clinic.cutSockets()
    mine.setTyping(true)
    mine.setTyping(false)
    expect(toldBy(doctor)).toEqual([true])
    await clock.advance(5_000)
    mine.setTyping(true)
    await clock.advance(100)
    expect(theirs.typing.current).toEqual([DOCTOR])
    await clock.advance(5_000)
    doctor.chat.openRoom(APPOINTMENT)
    mine.close()
    mine.setTyping(true)
    expect(toldBy(doctor)).toEqual([true, true])
  })
})

describe('CT2: seeing that others type', () => {
  it('lasts six seconds without another word', async () => {
    mine.setTyping(true)
    await clock.advance(100)
    expect(theirs.typing.current).toEqual([DOCTOR])
    await clock.advance(5_800)
    expect(theirs.typing.current).toEqual([DOCTOR])
    await clock.advance(200)
    expect(theirs.typing.current).toEqual([])
  })

  it('ends with their message, also where the word that they stopped is lost', async () => {
    mine.setTyping(true)
    await clock.advance(100)
    const live = [...clinic.members].filter(each => each.topic.startsWith('live:'))
    for (const each of live) each.hearLive = () => {}
    mine.send({ body: 'done' })
    await clock.advance(1_000)
    expect(bodies(theirs)).toEqual(['done'])
    expect(theirs.typing.current).toEqual([])
  })

  it('is never of oneself on another device', async () => {
    const phone = devices.open(DOCTOR).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    mine.setTyping(true)
    await clock.advance(100)
    expect(theirs.typing.current).toEqual([DOCTOR])
    expect(phone.typing.current).toEqual([])
  })

  it('is of people of the room only, whatever is claimed, and ends with their place in it', async () => {
    const [from] = [...clinic.members].filter(
      each => each.userId === DOCTOR && each.topic.startsWith('live:'),
    )
    if (!from) throw new Error('the doctor is not there')
    const claim = (userId: string) => clinic.tellLive(from, { is: 'typing-told', userId, isTyping: true })
    claim('somebody')
    claim(NURSE.id)
    await clock.advance(100)
    expect(theirs.typing.current).toEqual([])
    clinic.add(NURSE, APPOINTMENT, 'care_team')
    await clock.advance(1_000)
    claim(NURSE.id)
    await clock.advance(100)
    expect(theirs.typing.current).toEqual([NURSE.id])
    clinic.remove(NURSE.id, APPOINTMENT)
    await clock.advance(1_000)
    expect(theirs.typing.current).toEqual([])
    const [again] = [...clinic.members].filter(
      each => each.userId === DOCTOR && each.topic.startsWith('live:'),
    )
    if (!again) throw new Error('the doctor is not there')
    clinic.tellLive(again, { is: 'typing-told', userId: NURSE.id, isTyping: true })
    clinic.tellLive(again, { is: 'typing-told', userId: DOCTOR, isTyping: true })
    await clock.advance(100)
    expect(theirs.typing.current).toEqual([DOCTOR])
  })

  it('ends when the socket is lost', async () => {
    mine.setTyping(true)
    await clock.advance(100)
    clinic.faults = { ...calm, isSocketUp: () => false }
    clinic.cutSockets()
    expect(theirs.typing.current).toEqual([])
    expect(theirs.presence.current).toEqual([])
  })
})

describe('CT3: who has the room open', () => {
  it('is shown once, on however many devices, until the last of them leaves', async () => {
    expect(theirs.presence.current).toEqual([DOCTOR])
    expect(mine.presence.current).toEqual([PATIENT])
    const phone = devices.open(DOCTOR).chat.openRoom(APPOINTMENT)
    await clock.advance(1_000)
    expect(theirs.presence.current).toEqual([DOCTOR])
    expect(phone.presence.current).toEqual([PATIENT])
    mine.close()
    await clock.advance(1_000)
    expect(theirs.presence.current).toEqual([DOCTOR])
    phone.close()
    await clock.advance(1_000)
    expect(theirs.presence.current).toEqual([])
  })

  it('is shown again when the socket is back, and on the topic of a new epoch', async () => {
    clinic.cutSockets()
    await clock.advance(5_000)
    expect(theirs.presence.current).toEqual([DOCTOR])
    clinic.add(NURSE, APPOINTMENT, 'care_team')
    clinic.remove(NURSE.id, APPOINTMENT)
    await clock.advance(5_000)
    expect(ready(theirs).room.epoch).toBe(2)
    expect(theirs.presence.current).toEqual([DOCTOR])
    expect(patient.transport.openTopics).toContain(`live:${ready(theirs).room.id}:2`)
    mine.setTyping(true)
    await clock.advance(100)
    expect(theirs.typing.current).toEqual([DOCTOR])
  })

  it('leaves nothing with a room that was lost', async () => {
    clinic.remove(PATIENT, APPOINTMENT)
    await clock.advance(5_000)
    expect(theirs.current).toEqual({ is: 'revoked' })
    expect(theirs.presence.current).toEqual([])
    expect(patient.transport.openTopics).toEqual([`user:${PATIENT}`])
    expect(mine.presence.current).toEqual([])
  })
})

describe('CT5: a keystroke of somebody else', () => {
  it('tells those who listen to typing, and nobody else', async () => {
    const told = { chat: 0, typing: 0, presence: 0 }
    theirs.subscribe(() => told.chat++)
    theirs.typing.subscribe(() => told.typing++)
    theirs.presence.subscribe(() => told.presence++)
    for (let stroke = 0; stroke < 50; stroke++) {
      mine.setTyping(true)
      await clock.advance(200)
    }
    expect(told).toEqual({ chat: 0, typing: 1, presence: 0 })
    theirs.close()
    await clock.advance(10_000)
    expect(told).toEqual({ chat: 0, typing: 1, presence: 0 })
  })
})
