import { beforeEach, describe, expect, it } from 'vitest'
import type { AppointmentList, RoomList } from './api.ts'
import { ChatError } from './chat-error.ts'
import { APPOINTMENT, calm, DOCTOR, PATIENT } from './testing/index.ts'
import type { Tab } from './testing/tabs.ts'
import { chatOf, createVisits, noNetwork, type Visits } from './testing/visits.ts'

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
    const rooms = [...browser.cacheRecords.keys()].filter(id => id.startsWith('room/'))
    expect(rooms).toEqual(Array.from({ length: 20 }, (_, index) => `room/appointment-${4 + index}`))
  })

  it('is not written again while nothing new comes', async () => {
    say('hello')
    await opened()
    await clock.advance(2_000)
    let writes = 0
    const { update } = browser.cache
    browser.cache.update = (...change) => {
      writes++
      return update(...change)
    }
    clinic.faults = noNetwork
    clinic.cutSockets()
    await clock.advance(120_000)
    expect(writes).toBe(0)
  })

  it('is written once for what comes within a second, and when the page is hidden or the room left', async () => {
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
    say('before it is hidden')
    await clock.advance(50)
    tab.env.visible.set(false)
    await clock.advance(50)
    expect(cached()).toContain('before it is hidden')
    tab.env.visible.set(true)
    await clock.advance(2_000)
    say('last')
    await clock.advance(50)
    tab.room().close()
    await clock.advance(50)
    expect(cached()).toContain('last')
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
    browser.outbox.put = async message => (cached().includes('hello') ? full() : put(message))
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
