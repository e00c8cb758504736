import { beforeEach, describe, expect, it } from 'vitest'
import type { ChatRoom } from './api.ts'
import { openCache } from './cache.ts'
import { ChatError } from './chat-error.ts'
import { createStore } from './store.ts'
import { APPOINTMENT, calm, DOCTOR, PASSWORD, PATIENT } from './testing/index.ts'
import { chatOf, createVisits, noNetwork, type Visits } from './testing/visits.ts'
import type { RoomChange } from './transport.ts'

let clock: Visits['clock']
let clinic: Visits['clinic']
let browser: Visits['browser']
let open: Visits['open']
let opened: Visits['opened']
let say: Visits['say']
let cached: Visits['cached']
let visited: Visits['visited']
let openedOffline: Visits['openedOffline']

beforeEach(() => {
  ;({ clock, clinic, browser, open, opened, say, cached, visited, openedOffline } = createVisits())
})

describe('CC4: nothing of what was shown is left', () => {
  const EMPTY = '[]'

  it('after signing out, in any tab', async () => {
    await visited()
    const one = await opened()
    const other = await opened()
    await clock.advance(2_000)
    expect(cached()).toContain('hello')
    void other.session.signOut()
    await clock.advance(50)
    expect(one.session.current.is).toBe('signed-out')
    expect(cached()).toBe(EMPTY)
  })

  it('once signing out has come to its end', async () => {
    await visited()
    const tab = await opened()
    await clock.advance(2_000)
    const left = tab.session.signOut().then(cached)
    await clock.advance(100)
    expect(await left).toBe(EMPTY)
  })

  it.each(Array.from({ length: 14 }, (_, step) => step * 100))(
    'after signing out %i ms after something came, however late it would be written',
    async ms => {
      const one = await opened()
      const other = await opened()
      await clock.advance(2_000)
      say('late')
      await clock.advance(ms)
      // This one hears of it late, and still has something to write.
      other.freeze()
      await clock.advance(5)
      const left = one.session.signOut()
      await clock.advance(1)
      other.thaw()
      await clock.advance(5_000)
      await left
      expect(cached()).toBe(EMPTY)
    },
  )

  it('by a tab that slept through all of it, and wakes when somebody is signed in again', async () => {
    const one = await opened()
    const other = await opened()
    await clock.advance(2_000)
    say('late')
    await clock.advance(100)
    other.freeze()
    await clock.advance(2_000)
    void one.session.signOut()
    await clock.advance(100)
    void one.session.signIn(DOCTOR, PASSWORD)
    await clock.advance(1_000)
    other.thaw()
    await clock.advance(5_000)
    expect(cached()).not.toContain('late')
  })

  it('whoever was told nothing of the end, before and after the same person is back', async () => {
    const profile = clinic.profile(PATIENT)
    const env = { cache: browser.cache, now: clock.now, setTimer: clock.setTimer, visible: createStore(true) }
    const one = openCache(env, PATIENT)
    const other = openCache(env, PATIENT)
    other.keepProfile(profile)
    await clock.advance(0)
    expect(cached()).toContain(profile.displayName)
    await one.end()
    other.keepProfile(profile)
    await clock.advance(0)
    expect(cached()).toBe(EMPTY)
    const back = openCache(env, PATIENT)
    other.keepProfile(profile)
    await clock.advance(0)
    expect([cached(), await other.readProfile()]).toEqual([EMPTY, null])
    back.keepProfile(profile)
    await clock.advance(0)
    await other.end()
    expect(await back.readProfile()).toEqual(profile)
  })

  it('when the session is over', async () => {
    await visited()
    const tab = await opened()
    await clock.advance(2_000)
    tab.bare.change({ is: 'signed-out' })
    await clock.advance(50)
    expect(tab.session.current).toEqual({ is: 'signed-out', reason: 'expired' })
    expect(cached()).toBe(EMPTY)
  })

  it('when the tokens turn out to be gone at the next visit', async () => {
    await visited()
    for (const tab of browser.tabs) tab.kill()
    const tab = open(null)
    await clock.advance(100)
    expect(tab.session.current.is).toBe('signed-out')
    expect(cached()).toBe(EMPTY)
  })

  it('when the server does not know the one whose profile was there', async () => {
    await visited()
    clinic.faults = { ...calm, refuse: () => new ChatError('not-signed-in') }
    const tab = open()
    await clock.advance(5_000)
    expect(tab.session.current).toEqual({ is: 'signed-out', reason: 'expired' })
    expect(cached()).toBe(EMPTY)
  })

  it('for the next person, who never sees it', async () => {
    await visited()
    const tab = await openedOffline(DOCTOR)
    expect(tab.session.current.is).toBe('loading')
    expect(cached()).toBe(EMPTY)
  })
})

describe('CC5: what is not to be read any more', () => {
  const untilKept = async () => await clock.advance(1_500)

  /** On a topic of this kind, whatever the network. */
  function hear(topic: 'user:' | 'room:', news: Partial<RoomChange>): void {
    const { id: roomId, epoch, status, messages } = clinic.room(APPOINTMENT)
    const now = { roomId, appointmentId: APPOINTMENT, epoch, status, lastSeq: messages.length }
    const change = { ...now, lastChange: 0, waitingSince: null, ...news }
    for (const member of clinic.members) {
      if (member.topic.startsWith(topic)) member.hear({ is: 'room-changed', change })
    }
  }

  it('goes from the device as soon as it is heard of: what was retracted', async () => {
    say('for somebody else')
    say('hello')
    await opened()
    await untilKept()
    expect(cached()).toContain('for somebody else')
    clinic.change(APPOINTMENT, 1, null)
    await clock.advance(10)
    expect(cached()).not.toContain('for somebody else')
    expect(cached()).toContain('hello')
  })

  it.each([
    ['an edit or a retraction', { lastChange: 1 }, true],
    ['somebody removed', { epoch: 2 }, true],
    ['something in an archived room, perhaps its erasure', { status: 'archived', lastSeq: 2 }, true],
    ['a new message', { lastSeq: 2 }, false],
  ] as const)('where the room is not open and this is heard of it: %s', async (_, news, isGone) => {
    say('for somebody else')
    const tab = await opened()
    await untilKept()
    tab.room().close()
    await clock.advance(10)
    hear('user:', news)
    await clock.advance(10)
    expect(cached().includes('for somebody else')).toBe(!isGone)
  })

  it('what was erased', async () => {
    say('long ago')
    const tab = await opened()
    await untilKept()
    clinic.tell(APPOINTMENT, { type: 'room_erased' })
    await clock.advance(20)
    expect(tab.seen()).toEqual(['null', 'null'])
    expect(cached()).not.toContain('long ago')
  })

  it('whatever another tab that slept is about to write', async () => {
    say('for somebody else')
    const one = await opened()
    const other = await opened()
    await untilKept()
    say('two')
    await clock.advance(100)
    other.freeze()
    await clock.advance(2_000)
    clinic.change(APPOINTMENT, 1, null)
    await clock.advance(2_000)
    // Its timer is over, and everything else comes later.
    clinic.faults = noNetwork
    one.kill()
    other.thaw()
    await clock.advance(1)
    expect(cached()).not.toContain('for somebody else')
    await clock.advance(5_000)
    expect(cached()).not.toContain('for somebody else')
  })

  it('where another tab writes something older after something newer', async () => {
    const env = { cache: browser.cache, now: clock.now, setTimer: clock.setTimer, visible: createStore(true) }
    const [one, other] = [openCache(env, PATIENT), openCache(env, PATIENT)]
    const { me, appointment, room, mutedUntil } = clinic.openRoom(PATIENT, APPOINTMENT)
    const kept = { me, appointment, room, mutedUntil, messages: [], hasOlder: false }
    const version = { epoch: 3, lastChange: 3, lastSeq: 3 }
    one.keepRoom(APPOINTMENT, { version, room: { ...kept, mutedUntil: 'newer' } })
    await clock.advance(0)
    for (const older of [{ epoch: 2 }, { lastChange: 2 }, { lastSeq: 2 }]) {
      const record = {
        version: { ...version, lastChange: 4, ...older },
        room: { ...kept, mutedUntil: 'older' },
      }
      other.keepRoom(APPOINTMENT, record)
      await clock.advance(2_000)
      expect((await one.readRoom(APPOINTMENT))?.mutedUntil).toBe('newer')
    }
    other.close()
  })

  it('what a change was heard of that cannot be fetched', async () => {
    say('for somebody else')
    await opened()
    await untilKept()
    const unavailable = new ChatError('unavailable')
    clinic.faults = {
      ...calm,
      broadcast: () => [],
      refuse: name => (name === 'listChanges' ? unavailable : null),
    }
    clinic.change(APPOINTMENT, 1, null)
    hear('room:', { lastChange: 1 })
    await clock.advance(2)
    expect(cached()).not.toContain('for somebody else')
  })

  it('a room that was closed to this person while it was open', async () => {
    await visited()
    const tab = await opened()
    await untilKept()
    say('late')
    clinic.remove(PATIENT, APPOINTMENT)
    await clock.advance(500)
    expect(tab.room().current.is).toBe('revoked')
    await clock.advance(5_000)
    expect(cached()).not.toContain('hello')
    expect(cached()).not.toContain('late')
    const again = await openedOffline()
    again.room()
    await clock.advance(1_000)
    expect(again.room().current.is).toBe('failed')
  })

  it('a room that was closed to this person while nothing was open, once that is found out', async () => {
    await visited()
    clinic.remove(PATIENT, APPOINTMENT)
    const tab = open()
    await clock.advance(100)
    const room: ChatRoom = tab.room()
    await clock.advance(5)
    expect(room.current.is).toBe('ready')
    await clock.advance(1_000)
    expect(room.current).toMatchObject({ is: 'failed', error: { kind: 'not-found' } })
    expect(cached()).not.toContain('hello')
  })

  it('a room that is not among all of one’s rooms', async () => {
    await visited()
    const room = clinic.room(APPOINTMENT)
    room.participants = room.participants.filter(each => each.id !== PATIENT)
    const tab = open()
    await clock.advance(100)
    chatOf(tab).rooms()
    await clock.advance(1_000)
    expect(cached()).not.toContain('hello')
  })

  it('and what was let in again is kept again', async () => {
    await visited()
    const room = clinic.room(APPOINTMENT)
    clinic.remove(PATIENT, APPOINTMENT)
    const tab = await opened()
    await clock.advance(1_000)
    expect(cached()).not.toContain('hello')
    const mine = room.participants.find(each => each.id === PATIENT)
    if (mine) mine.leftAt = null
    tab.room().reconnect()
    await clock.advance(5_000)
    expect(tab.ready().freshness).toBe('live')
    expect(cached()).toContain('hello')
  })
})
