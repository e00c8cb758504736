import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Session } from './api.ts'
import { ChatError } from './chat-error.ts'
import { openSession } from './session.ts'
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
  PASSWORD,
  PATIENT,
  type VirtualClock,
  type VirtualEnv,
} from './testing/index.ts'

let clock: VirtualClock
let clinic: FakeClinic
let env: VirtualEnv
let transport: FakeTransport
let session: Session

function start(signedInAs: string | null): void {
  transport = createFakeTransport(clinic, env, signedInAs)
  session = openSession({ env, transport })
}
const chatOf = () => {
  if (session.current.is !== 'signed-in') throw new Error(session.current.is)
  return session.current.chat
}

beforeEach(() => {
  clock = createVirtualClock()
  clinic = createFakeClinic(clock)
  env = createVirtualEnv(1, clock)
})

afterEach(async () => {
  session.close()
  await clock.settle()
  expect(clock.timerCount()).toBe(0)
  expect(env.listenerCount).toBe(0)
  expect(transport.openTopics).toEqual([])
  expect(transport.authListenerCount).toBe(0)
  expect(transport.isClosed).toBe(true)
})

describe('C11: who is signed in', () => {
  it('is nobody on a fresh device', async () => {
    start(null)
    expect(session.current).toEqual({ is: 'loading' })
    await clock.advance(100)
    expect(session.current).toEqual({ is: 'signed-out', reason: 'none' })
  })

  it('is the one whose tokens are there', async () => {
    start(PATIENT)
    await clock.advance(100)
    expect(session.current).toMatchObject({ is: 'signed-in', profile: { id: PATIENT, timeZone: 'UTC' } })
  })

  it('is found out as soon as the network is there, and nobody is signed out for want of it', async () => {
    clinic.faults = { ...calm, request: () => null }
    start(PATIENT)
    await clock.advance(120_000)
    expect(session.current).toEqual({ is: 'loading' })
    env.online.set(false)
    clinic.faults = calm
    env.online.set(true)
    await clock.advance(100)
    expect(session.current.is).toBe('signed-in')
  })

  it('is told to the one who signs in, also when it fails', async () => {
    start(null)
    await clock.advance(100)
    const refused = session.signIn(PATIENT, 'wrong').catch((error: unknown) => error)
    await clock.advance(100)
    expect(await refused).toEqual(new ChatError('credentials-refused'))
    expect(session.current).toEqual({ is: 'signed-out', reason: 'none' })
    const signedIn = session.signIn(PATIENT, PASSWORD)
    await clock.advance(100)
    await signedIn
    expect(session.current).toMatchObject({ is: 'signed-in', profile: { id: PATIENT } })
  })

  it('is nobody when one signed out while signing in', async () => {
    start(null)
    await clock.advance(100)
    const signingIn = session.signIn(PATIENT, PASSWORD).catch((cause: unknown) => cause)
    await clock.advance(12)
    await session.signOut()
    await clock.advance(1_000)
    await signingIn
    expect(session.current.is).toBe('signed-out')
    expect(transport.openTopics).toEqual([])
  })

  it('is nobody when the profile cannot be read after signing in', async () => {
    start(null)
    await clock.advance(100)
    const error = new ChatError('unavailable')
    clinic.faults = { ...calm, refuse: name => (name === 'getProfile' ? error : null) }
    const failed = session.signIn(PATIENT, PASSWORD).catch((cause: unknown) => cause)
    await clock.advance(100)
    expect(await failed).toEqual(error)
    expect(session.current).toEqual({ is: 'signed-out', reason: 'none' })
    expect(await transport.auth.restore()).toBeNull()
  })
})

describe('C11: the language of the one who is signed in', () => {
  const locale = () => session.current.is === 'signed-in' && session.current.profile.locale

  it('is another one once the server has it, here and at the next visit, and closes nothing', async () => {
    start(PATIENT)
    await clock.advance(100)
    const chat = chatOf()
    const changing = session.setLocale('ar')
    expect(locale()).toBe('en')
    await clock.advance(100)
    await changing
    expect(locale()).toBe('ar')
    expect(chatOf()).toBe(chat)
    // Also where nothing answers yet.
    session.close()
    clinic.faults = { ...calm, request: () => null }
    start(PATIENT)
    await clock.advance(100)
    expect(locale()).toBe('ar')
  })

  it('is as it was where the server could not be told', async () => {
    start(PATIENT)
    await clock.advance(100)
    clinic.faults = { ...calm, refuse: name => (name === 'setLocale' ? new ChatError('unavailable') : null) }
    const failed = session.setLocale('ar').catch((cause: unknown) => cause)
    await clock.advance(100)
    expect(await failed).toEqual(new ChatError('unavailable'))
    expect(locale()).toBe('en')
  })

  it('is nobody’s before and after', async () => {
    start(null)
    await clock.advance(100)
    await expect(session.setLocale('ar')).rejects.toMatchObject({ kind: 'not-signed-in' })
    expect(transport.calls.map(each => each.name)).not.toContain('setLocale')
    const signingIn = session.signIn(PATIENT, PASSWORD)
    await clock.advance(200)
    await signingIn
    const late = session.setLocale('ar')
    await session.signOut()
    await clock.advance(100)
    await late.catch(() => {})
    expect(session.current).toEqual({ is: 'signed-out', reason: 'signed-out' })
  })
})

describe('C12: the end of a session', () => {
  it('closes the chat and takes the content away at once', async () => {
    start(PATIENT)
    await clock.advance(100)
    const room = chatOf().openRoom(APPOINTMENT)
    await clock.advance(1_000)
    expect(room.current.is).toBe('ready')
    const leaving = session.signOut()
    expect(session.current).toEqual({ is: 'signed-out', reason: 'signed-out' })
    expect(room.current).toEqual({ is: 'loading' })
    expect(transport.openTopics).toEqual([])
    await leaving
    expect(session.current).toEqual({ is: 'signed-out', reason: 'signed-out' })
  })

  it('on every device is a sign-out here once the server has ended them all, and nothing before', async () => {
    start(PATIENT)
    await clock.advance(100)
    clinic.faults = { ...calm, request: name => (name === 'endSessions' ? null : 5) }
    await expect(session.signOutEverywhere()).rejects.toMatchObject({ kind: 'unavailable' })
    expect(session.current.is).toBe('signed-in')
    clinic.faults = calm
    await session.signOutEverywhere()
    expect(clinic.sessionsEnded).toBe(1)
    expect(session.current).toEqual({ is: 'signed-out', reason: 'signed-out' })
  })

  it('that the server decided is called expired', async () => {
    start(PATIENT)
    await clock.advance(100)
    transport.change({ is: 'signed-out' })
    expect(session.current).toEqual({ is: 'signed-out', reason: 'expired' })
    expect(transport.openTopics).toEqual([])
  })

  it('leaves what was not sent for the same person, and nothing for the next one', async () => {
    start(PATIENT)
    await clock.advance(100)
    const room = chatOf().openRoom(APPOINTMENT)
    await clock.advance(1_000)
    clinic.faults = { ...calm, request: name => (name === 'sendMessage' ? null : 5) }
    const id = room.send({ body: 'later' })
    await clock.advance(200)
    await session.signOut()
    clinic.faults = calm

    const asDoctor = session.signIn(DOCTOR, PASSWORD)
    await clock.advance(100)
    await asDoctor
    chatOf().openRoom(APPOINTMENT)
    await clock.advance(5_000)
    expect(clinic.room(APPOINTMENT).messages).toEqual([])
    await session.signOut()

    const again = session.signIn(PATIENT, PASSWORD)
    await clock.advance(100)
    await again
    chatOf().openRoom(APPOINTMENT)
    await clock.advance(5_000)
    expect(clinic.room(APPOINTMENT).messages.map(each => [each.id, each.senderId])).toEqual([[id, PATIENT]])
  })

  it('in favour of somebody else in another tab changes the person here', async () => {
    start(PATIENT)
    await clock.advance(100)
    const before = chatOf()
    transport.change({ is: 'signed-in', userId: DOCTOR })
    expect(session.current).toEqual({ is: 'loading' })
    await clock.advance(100)
    expect(session.current).toMatchObject({ is: 'signed-in', profile: { id: DOCTOR } })
    expect(chatOf()).not.toBe(before)
  })

  it('is no news for the one who is signed in already', async () => {
    start(PATIENT)
    await clock.advance(100)
    const before = session.current
    transport.change({ is: 'signed-in', userId: PATIENT })
    await clock.advance(100)
    expect(session.current).toBe(before)
  })
})
