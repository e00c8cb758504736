import { beforeEach, describe, expect, it } from 'vitest'
import type { AppointmentList, ChatRoom, RoomList } from './api.ts'
import { openCache } from './cache.ts'
import { ChatError } from './chat-error.ts'
import { APPOINTMENT, calm, DOCTOR, PASSWORD, PATIENT } from './testing/index.ts'
import { createTabs, type Tab, type Tabs } from './testing/tabs.ts'

let clock: Tabs['clock']
let clinic: Tabs['clinic']
let browser: Tabs['browser']
let open: Tabs['open']
let opened: Tabs['opened']

beforeEach(() => {
  ;({ clock, clinic, browser, open, opened } = createTabs())
})

const noNetwork = { ...calm, request: () => null, isSocketUp: () => false }
let said = 0
const say = (body: string, appointmentId = APPOINTMENT) => {
  const { id: roomId } = clinic.room(appointmentId)
  clinic.send(DOCTOR, { id: `m${++said}`, roomId, body, replyTo: null })
}
const chatOf = ({ session }: Tab) => {
  if (session.current.is !== 'signed-in') throw new Error(session.current.is)
  return session.current.chat
}
/** Everything that lies in the cache, whoever may read it. */
async function cached(userId = PATIENT): Promise<string> {
  const key = await browser.cache.begin(`1/${userId}`)
  const ids = (await browser.cache.list(key)).map(each => each.id)
  return JSON.stringify(await Promise.all(ids.map(id => browser.cache.get(key, id))))
}
/** The next visit, with no network at all. */
async function openedOffline(userId = PATIENT): Promise<Tab> {
  for (const tab of browser.tabs) tab.kill()
  clinic.faults = noNetwork
  clinic.cutSockets()
  const tab = open(userId)
  tab.env.online.set(false)
  await clock.advance(1_000)
  return tab
}
async function visited(): Promise<void> {
  say('hello')
  const tab = await opened()
  await clock.advance(2_000)
  tab.kill()
}

describe('CC1: a room that was shown before', () => {
  it('opens without a network as it was, and says so', async () => {
    await visited()
    const tab = await openedOffline()
    tab.room()
    await clock.advance(100)
    expect(tab.ready()).toMatchObject({
      freshness: 'cached',
      connection: { is: 'offline' },
      messages: [{ body: 'hello' }],
      appointment: { id: APPOINTMENT },
      room: { participants: [{ id: PATIENT }, { id: DOCTOR }] },
    })
    await clock.advance(60_000)
    expect(tab.ready().freshness).toBe('cached')
  })

  it('opens at once on a slow network, and what is fetched takes its place', async () => {
    await visited()
    say('meanwhile')
    clinic.faults = { ...calm, answer: () => 5_000 }
    const tab = open()
    await clock.advance(20)
    tab.room()
    await clock.advance(20)
    expect(tab.seen()).toEqual(['hello'])
    expect(tab.ready()).toMatchObject({ freshness: 'cached', connection: { is: 'connecting' } })
    await clock.advance(20_000)
    expect(tab.seen()).toEqual(['hello', 'meanwhile'])
    expect(tab.ready().freshness).toBe('live')
  })

  it('says that it tries where the network is there and the server is not, and is live once it answers', async () => {
    await visited()
    clinic.faults = { ...calm, refuse: () => new ChatError('unavailable') }
    const tab = open()
    await clock.advance(100)
    tab.room()
    await clock.advance(2_000)
    expect(tab.ready()).toMatchObject({ freshness: 'cached', connection: { is: 'reconnecting' } })
    clinic.faults = calm
    await clock.advance(30_000)
    expect(tab.ready()).toMatchObject({ freshness: 'live', connection: { is: 'live' } })
  })

  it('rejects what cannot be asked while nothing is known', async () => {
    await visited()
    const tab = await openedOffline()
    tab.room()
    await clock.advance(100)
    expect(tab.ready().freshness).toBe('cached')
    await expect(tab.room().canReply()).rejects.toMatchObject({ detail: 'room-not-open' })
    await tab.room().loadOlder()
  })

  it('that was never shown does not', async () => {
    await visited()
    const tab = await openedOffline()
    const other = chatOf(tab).openRoom('appointment-2')
    await clock.advance(100)
    expect(other.current.is).toBe('failed')
  })
})

describe('CC2: without a network the app opens to what was there', () => {
  let list: AppointmentList
  let rooms: RoomList

  async function listed(tab: Tab): Promise<void> {
    list = chatOf(tab).appointments('upcoming')
    rooms = chatOf(tab).rooms()
    await clock.advance(1_000)
  }

  it('the person, their appointments, their rooms', async () => {
    await visited()
    const first = open()
    await clock.advance(500)
    await listed(first)
    expect([list.current.freshness, rooms.current.freshness]).toEqual(['live', 'live'])
    const before = [list.current.page, rooms.current.page]
    const tab = await openedOffline()
    expect(tab.session.current).toMatchObject({ is: 'signed-in', profile: { id: PATIENT } })
    await listed(tab)
    expect([list.current.page, rooms.current.page]).toEqual(before)
    for (const each of [list, rooms]) {
      expect(each.current).toMatchObject({ freshness: 'cached', error: { kind: 'offline' } })
    }
    clinic.setRoom(APPOINTMENT, { status: 'read_only' })
    clinic.faults = calm
    tab.env.online.set(true)
    await clock.advance(10_000)
    expect(list.current).toMatchObject({
      freshness: 'live',
      error: null,
      page: { appointments: [{ room: { status: 'read_only' } }] },
    })
    expect(rooms.current.freshness).toBe('live')
  })

  it('the person as they are now, once the server says it', async () => {
    await visited()
    const tab = await openedOffline()
    const { chat } = { chat: chatOf(tab) }
    clinic.people.set(PATIENT, { id: PATIENT, role: 'patient', displayName: 'Another name', specialty: null })
    clinic.faults = calm
    tab.env.online.set(true)
    await clock.advance(1_000)
    expect(tab.session.current).toMatchObject({
      is: 'signed-in',
      profile: { displayName: 'Another name' },
      chat,
    })
  })
})

describe('CC3: over a room of an earlier visit', () => {
  it('messages are queued, kept on the device, and sent once that is possible', async () => {
    await visited()
    const tab = await openedOffline()
    tab.room()
    await clock.advance(100)
    for (const body of ['a', 'b']) tab.room().send({ body })
    await clock.advance(100)
    expect(tab.seen()).toEqual(['hello', 'a queued', 'b queued'])
    const again = await openedOffline()
    again.room()
    await clock.advance(100)
    expect(again.seen()).toEqual(['hello', 'a queued', 'b queued'])
    clinic.faults = calm
    again.env.online.set(true)
    await clock.advance(10_000)
    expect(again.seen()).toEqual(['hello', 'a', 'b'])
    expect(clinic.room(APPOINTMENT).messages.map(each => each.body)).toEqual(['hello', 'a', 'b'])
  })

  it('what was read is told once there is somebody to tell it to', async () => {
    await visited()
    const tab = await openedOffline()
    tab.room()
    await clock.advance(100)
    tab.room().markRead(1)
    clinic.faults = calm
    tab.env.online.set(true)
    await clock.advance(10_000)
    expect(clinic.room(APPOINTMENT).participants[0]?.readSeq).toBe(1)
  })
})

describe('CC4: nothing of what was shown is left', () => {
  const EMPTY = '[]'

  it('after signing out, in any tab', async () => {
    await visited()
    const one = await opened()
    const other = await opened()
    await clock.advance(2_000)
    expect(await cached()).toContain('hello')
    void other.session.signOut()
    await clock.advance(50)
    expect(one.session.current.is).toBe('signed-out')
    expect(await cached()).toBe(EMPTY)
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
      expect(await cached()).toBe(EMPTY)
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
    expect(await cached(DOCTOR)).not.toContain('late')
  })

  it('whoever was told nothing of the end, before and after the same person is back', async () => {
    const profile = clinic.profile(PATIENT)
    const env = { cache: browser.cache, now: clock.now, setTimer: clock.setTimer }
    const one = openCache(env, PATIENT)
    const other = openCache(env, PATIENT)
    other.keepProfile(profile)
    await clock.advance(0)
    expect(await cached()).toContain(profile.displayName)
    await one.end()
    other.keepProfile(profile)
    await clock.advance(0)
    expect(await cached()).toBe(EMPTY)
    other.keepProfile(profile)
    await clock.advance(0)
    expect([await cached(), await other.readProfile()]).toEqual([EMPTY, null])
    await other.end()
    const back = openCache(env, PATIENT)
    back.keepProfile(profile)
    await clock.advance(0)
    expect(await back.readProfile()).toEqual(profile)
  })

  it('when the session is over', async () => {
    await visited()
    const tab = await opened()
    await clock.advance(2_000)
    tab.bare.change({ is: 'signed-out' })
    await clock.advance(50)
    expect(tab.session.current).toEqual({ is: 'signed-out', reason: 'expired' })
    expect(await cached()).toBe(EMPTY)
  })

  it('when the tokens turn out to be gone at the next visit', async () => {
    await visited()
    for (const tab of browser.tabs) tab.kill()
    const tab = open(null)
    await clock.advance(100)
    expect(tab.session.current.is).toBe('signed-out')
    expect(await cached()).toBe(EMPTY)
  })

  it('when the server does not know the one whose profile was there', async () => {
    await visited()
    clinic.faults = { ...calm, refuse: () => new ChatError('not-signed-in') }
    const tab = open()
    await clock.advance(5_000)
    expect(tab.session.current).toEqual({ is: 'signed-out', reason: 'expired' })
    expect(await cached()).toBe(EMPTY)
  })

  it('for the next person, who never sees it', async () => {
    await visited()
    const tab = await openedOffline(DOCTOR)
    expect(tab.session.current.is).toBe('loading')
    expect(await cached(DOCTOR)).toBe(EMPTY)
    expect(await cached(PATIENT)).toBe(EMPTY)
  })
})

describe('CC5: what is not to be read any more', () => {
  const untilKept = async () => await clock.advance(1_500)

  it('goes from the device as soon as it is heard of: what was retracted', async () => {
    say('for somebody else')
    say('hello')
    await opened()
    await untilKept()
    expect(await cached()).toContain('for somebody else')
    clinic.change(APPOINTMENT, 1, null)
    await clock.advance(10)
    expect(await cached()).not.toContain('for somebody else')
    expect(await cached()).toContain('hello')
  })

  it('also where the room is not open, or the change itself is not known yet', async () => {
    say('for somebody else')
    const tab = await opened()
    await untilKept()
    tab.room().close()
    await clock.advance(10)
    const { id: roomId, epoch, status } = clinic.room(APPOINTMENT)
    clinic.faults = { ...calm, broadcast: () => [] }
    clinic.change(APPOINTMENT, 1, null)
    const change = {
      roomId,
      appointmentId: APPOINTMENT,
      epoch,
      status,
      lastSeq: 1,
      lastChange: 1,
      waitingSince: null,
    }
    for (const member of clinic.members) {
      if (member.topic === `user:${PATIENT}`) member.hear({ is: 'room-changed', change })
    }
    await clock.advance(10)
    expect(await cached()).not.toContain('for somebody else')
  })

  it('what was erased', async () => {
    say('long ago')
    const tab = await opened()
    await untilKept()
    clinic.tell(APPOINTMENT, { type: 'room_erased' })
    await clock.advance(20)
    expect(tab.seen()).toEqual(['null', 'null'])
    expect(await cached()).not.toContain('long ago')
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
    expect(await cached()).not.toContain('for somebody else')
    await clock.advance(5_000)
    expect(await cached()).not.toContain('for somebody else')
  })

  it('where another tab writes something older after something newer', async () => {
    const env = { cache: browser.cache, now: clock.now, setTimer: clock.setTimer }
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
    const { id: roomId, epoch, status } = clinic.room(APPOINTMENT)
    const change = {
      roomId,
      appointmentId: APPOINTMENT,
      epoch,
      status,
      lastSeq: 1,
      lastChange: 1,
      waitingSince: null,
    }
    for (const member of clinic.members) {
      if (member.topic.startsWith('room:')) member.hear({ is: 'room-changed', change })
    }
    await clock.advance(2)
    expect(await cached()).not.toContain('for somebody else')
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
    expect(await cached()).not.toContain('hello')
    expect(await cached()).not.toContain('late')
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
    expect(await cached()).not.toContain('hello')
  })

  it('a room that is not among all of one’s rooms', async () => {
    await visited()
    const room = clinic.room(APPOINTMENT)
    room.participants = room.participants.filter(each => each.id !== PATIENT)
    const tab = open()
    await clock.advance(100)
    chatOf(tab).rooms()
    await clock.advance(1_000)
    expect(await cached()).not.toContain('hello')
  })

  it('and what was let in again is kept again', async () => {
    await visited()
    const room = clinic.room(APPOINTMENT)
    clinic.remove(PATIENT, APPOINTMENT)
    const tab = await opened()
    await clock.advance(1_000)
    expect(await cached()).not.toContain('hello')
    const mine = room.participants.find(each => each.id === PATIENT)
    if (mine) mine.leftAt = null
    tab.room().reconnect()
    await clock.advance(5_000)
    expect(tab.ready().freshness).toBe('live')
    expect(await cached()).toContain('hello')
  })
})

describe('CC6: what is kept', () => {
  it('is the newest 50 messages, and that there are older ones', async () => {
    for (let n = 1; n <= 80; n++) say(`${n}`)
    const tab = await opened()
    void tab.room().loadOlder()
    await clock.advance(2_000)
    expect(tab.seen()).toHaveLength(80)
    expect(tab.ready().hasOlder).toBe(false)
    const again = await openedOffline()
    again.room()
    await clock.advance(100)
    expect(again.seen()).toEqual(Array.from({ length: 50 }, (_, index) => `${31 + index}`))
    expect(again.ready().hasOlder).toBe(true)
  })

  it('is of the 20 rooms that were shown last', async () => {
    const tab = open()
    await clock.advance(500)
    for (let n = 1; n <= 23; n++) {
      say('hello', `appointment-${n}`)
      const room = chatOf(tab).openRoom(`appointment-${n}`)
      await clock.advance(100)
      room.close()
    }
    await clock.advance(2_000)
    const key = await browser.cache.begin(`1/${PATIENT}`)
    const rooms = (await browser.cache.list(key)).map(each => each.id).filter(id => id.startsWith('room/'))
    expect(rooms).toEqual(Array.from({ length: 20 }, (_, index) => `room/appointment-${4 + index}`))
  })

  it('is written once for what comes within a second, and with the leaving', async () => {
    const tab = await opened()
    await clock.advance(2_000)
    let writes = 0
    const { update } = browser.cache
    browser.cache.update = (key, id, change) => {
      if (id.startsWith('room/')) writes++
      return update(key, id, change)
    }
    for (let n = 1; n <= 20; n++) {
      say(`${n}`)
      await clock.advance(100)
    }
    await clock.advance(1_100)
    expect(writes).toBeLessThanOrEqual(3)
    say('last')
    await clock.advance(50)
    tab.room().close()
    await clock.advance(50)
    expect(await cached()).toContain('last')
  })
})

describe('CC7: a device that is full', () => {
  const full = () => Promise.reject(Object.assign(new Error('full'), { name: 'QuotaExceededError' }))

  it('costs only the cache', async () => {
    browser.cache.update = full
    say('hello')
    const tab = await opened()
    tab.room().send({ body: 'a' })
    await clock.advance(5_000)
    expect(tab.seen()).toEqual(['hello', 'a'])
  })

  it('gives the room of the cache to what is to be sent', async () => {
    say('hello')
    const tab = await opened()
    await clock.advance(2_000)
    const { put } = browser.outbox
    browser.outbox.put = async message => ((await cached()).includes('hello') ? full() : put(message))
    clinic.faults = noNetwork
    clinic.cutSockets()
    tab.room().send({ body: 'a' })
    await clock.advance(100)
    expect(tab.seen()).toEqual(['hello', 'a queued'])
    expect((await browser.outbox.list(PATIENT, clinic.room(APPOINTMENT).id)).map(each => each.body)).toEqual([
      'a',
    ])
    clinic.faults = calm
    await clock.advance(30_000)
    expect(tab.seen()).toEqual(['hello', 'a'])
  })

  it('and a cache that cannot be read or begun is none', async () => {
    const broken = () => Promise.reject(new Error('broken'))
    Object.assign(browser.cache, { begin: broken, get: broken, list: broken, update: broken, end: broken })
    say('hello')
    const tab = await opened()
    expect(tab.seen()).toEqual(['hello'])
    await Promise.all([tab.session.signOut(), clock.advance(100)])
    expect(tab.session.current.is).toBe('signed-out')
  })
})
