import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChatRoom, Draft } from './api.ts'
import { emptyDraft, SAVE_EVERY_MS } from './draft.ts'
import { createDevices, type Device, type Devices } from './testing/devices.ts'
import { APPOINTMENT, calm, PATIENT } from './testing/index.ts'
import { seededRandom } from './testing/virtual-env.ts'

const text = (body: string): Draft => ({ body, replyTo: null })

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
