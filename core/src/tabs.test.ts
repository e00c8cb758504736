import { beforeEach, describe, expect, it } from 'vitest'
import { ChatError } from './chat-error.ts'
import type { StoredMessage } from './env.ts'
import { APPOINTMENT, calm, DOCTOR, PASSWORD, PATIENT } from './testing/index.ts'
import { createTabs, type Tab, type Tabs } from './testing/tabs.ts'

let clock: Tabs['clock']
let clinic: Tabs['clinic']
let browser: Tabs['browser']
let strays: Tabs['strays']
let open: Tabs['open']
let opened: Tabs['opened']

beforeEach(() => {
  ;({ clock, clinic, browser, strays, open, opened } = createTabs())
})

const sent = () => clinic.room(APPOINTMENT).messages.map(each => each.body)
const stored = (): Promise<StoredMessage[]> => browser.outbox.list(PATIENT, clinic.room(APPOINTMENT).id)
const noNetwork = { ...calm, request: () => null, isSocketUp: () => false }

describe('TB2: of several tabs one sends', () => {
  it('what is typed in any of them, once and in the order of each, and all show it', async () => {
    const tabs = [await opened(), await opened(), await opened()] as const
    for (let turn = 1; turn <= 4; turn++) {
      for (const [index, tab] of tabs.entries()) tab.room().send({ body: `${index}.${turn}` })
    }
    await clock.advance(5_000)
    expect(sent()).toHaveLength(12)
    for (const index of [0, 1, 2]) {
      expect(sent().filter(body => body?.startsWith(`${index}.`))).toEqual(
        [1, 2, 3, 4].map(turn => `${index}.${turn}`),
      )
    }
    for (const tab of tabs) expect(tab.seen()).toEqual(sent())
    expect(tabs.map(tab => tab.leads)).toEqual([true, false, false])
    expect(strays).toEqual([])
    expect(tabs.map(tab => tab.bare.calls.filter(call => call.name === 'sendMessage').length)).toEqual([
      12, 0, 0,
    ])
    expect(await stored()).toEqual([])
  })

  it('a follower keeps the message on the device before anybody sends it', async () => {
    await opened()
    const follower = await opened()
    follower.room().send({ body: 'x' })
    expect(await stored()).toEqual([])
    expect(sent()).toEqual([])
    await clock.advance(1)
    expect((await stored()).map(each => each.body)).toEqual(['x'])
    expect(sent()).toEqual([])
    await clock.advance(1_000)
    expect(sent()).toEqual(['x'])
  })

  it('tabs of two people in one browser do not wait for each other', async () => {
    const patient = await opened()
    const doctor = open(DOCTOR)
    await clock.advance(500)
    doctor.room().send({ body: 'from the doctor' })
    patient.room().send({ body: 'from the patient' })
    await clock.advance(1_000)
    expect(sent().toSorted()).toEqual(['from the doctor', 'from the patient'])
    expect([patient.leads, doctor.leads]).toEqual([true, true])
  })
})

describe('TB3: a leader that is gone', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 25, 30, 40])(
    'killed %i ms after typing is followed at once, and what is on the device arrives once and in order',
    async ms => {
      const leader = await opened()
      const follower = await opened()
      for (const body of ['a', 'b', 'c']) leader.room().send({ body })
      await clock.advance(ms)
      const kept = (await stored()).map(each => each.body)
      const before = sent()
      leader.kill()
      await clock.advance(1_000)
      const expected = ['a', 'b', 'c'].filter(body => kept.includes(body) || before.includes(body))
      expect(sent()).toEqual(expected)
      expect(follower.leads).toBe(true)
      expect(follower.seen()).toEqual(expected)
      expect(await stored()).toEqual([])
    },
  )

  it('closed with messages that were queued offline: the other one sends them when the network is back', async () => {
    const leader = await opened()
    const follower = await opened()
    clinic.faults = noNetwork
    clinic.cutSockets()
    for (const body of ['a', 'b', 'c']) leader.room().send({ body })
    await clock.advance(500)
    expect(follower.seen()).toEqual(['a queued', 'b queued', 'c queued'])
    leader.session.close()
    leader.kill()
    follower.room().send({ body: 'd' })
    await clock.advance(30_000)
    clinic.faults = calm
    await clock.advance(30_000)
    expect(sent()).toEqual(['a', 'b', 'c', 'd'])
    expect(follower.seen()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('frozen in the middle of a sending is followed within ten seconds, and sends nothing when it is thawed', async () => {
    const leader = await opened()
    const follower = await opened()
    clinic.faults = { ...calm, broadcast: () => [], answer: name => (name === 'sendMessage' ? 200 : 5) }
    for (const body of ['a', 'b', 'c']) leader.room().send({ body })
    await clock.advance(100)
    leader.freeze()
    expect(sent()).toEqual(['a'])
    follower.room().send({ body: 'd' })
    await clock.advance(10_000)
    expect(sent()).toEqual(['a', 'b', 'c', 'd'])
    expect(follower.leads).toBe(true)
    const sends = leader.bare.calls.length
    leader.thaw()
    await clock.advance(1_000)
    expect(leader.bare.calls.slice(sends).map(call => call.name)).not.toContain('sendMessage')
    expect(leader.seen()).toEqual(['a', 'b', 'c', 'd'])
    expect(strays).toEqual([])
    leader.room().send({ body: 'e' })
    await clock.advance(1_000)
    expect(follower.seen()).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('that cannot read what the others write gives way to one that can', async () => {
    const leader = await opened()
    const follower = await opened()
    leader.loseStorage()
    follower.room().send({ body: 'a' })
    await clock.advance(1_000)
    expect(sent()).toEqual(['a'])
    expect([leader.leads, follower.leads]).toEqual([false, true])
    await clock.advance(120_000)
    follower.room().send({ body: 'b' })
    await clock.advance(1_000)
    expect(sent()).toEqual(['a', 'b'])
    expect([leader.leads, follower.leads]).toEqual([false, true])
    for (const tab of [leader, follower]) tab.session.close()
    await clock.settle()
    expect(clock.timerCount()).toBe(0)
  })

  it('that could not read it for a while leads again', async () => {
    const tab = await opened()
    tab.loseStorage()
    await clock.advance(61_000)
    tab.regainStorage()
    tab.room().send({ body: 'a' })
    await clock.advance(11_000)
    expect([tab.seen(), tab.leads]).toEqual([['a'], true])
  })

  it('that only waits for the network is not robbed', async () => {
    const leader = await opened()
    const follower = await opened()
    clinic.faults = noNetwork
    clinic.cutSockets()
    follower.room().send({ body: 'a' })
    for (let second = 0; second < 60; second++) {
      await clock.advance(1_000)
      expect([leader.leads, follower.leads]).toEqual([true, false])
    }
  })
})

describe('TB4: every tab shows', () => {
  const refusal = new ChatError('reply-not-found')
  async function failed(): Promise<{ leader: Tab; follower: Tab; id: string }> {
    const leader = await opened()
    const follower = await opened()
    clinic.faults = { ...calm, refuse: name => (name === 'sendMessage' ? refusal : null) }
    const id = follower.room().send({ body: 'a' })
    await clock.advance(1_000)
    return { leader, follower, id }
  }

  it('what was refused, with its reason, and one retries in another one', async () => {
    const { leader, follower, id } = await failed()
    for (const tab of [leader, follower]) {
      expect(tab.ready().outgoing).toMatchObject([
        { id, state: { is: 'failed', error: { kind: refusal.kind } } },
      ])
    }
    clinic.faults = calm
    follower.room().retry(id)
    await clock.advance(1_000)
    expect(sent()).toEqual(['a'])
    expect([leader.seen(), follower.seen()]).toEqual([['a'], ['a']])
  })

  it.each(['leader', 'follower'] as const)('what was discarded in the %s, and it is not sent', async who => {
    const { leader, follower, id } = await failed()
    clinic.faults = calm
    const tabs = { leader, follower }
    tabs[who].room().discard(id)
    await clock.advance(20_000)
    expect([leader.seen(), follower.seen(), sent()]).toEqual([[], [], []])
    expect(await stored()).toEqual([])
  })

  it('what is queued, and one discards in another one before its turn', async () => {
    const leader = await opened()
    const follower = await opened()
    clinic.faults = {
      ...calm,
      refuse: name => (name === 'sendMessage' ? new ChatError('unavailable') : null),
    }
    const ids = ['a', 'b', 'c'].map(body => leader.room().send({ body }))
    await clock.advance(300)
    expect(follower.seen()).toEqual(['a queued', 'b queued', 'c queued'])
    follower.room().discard(ids[1] ?? '')
    await clock.advance(100)
    expect(leader.seen()).toEqual(['a queued', 'c queued'])
    clinic.faults = calm
    await clock.advance(10_000)
    expect([leader.seen(), follower.seen()]).toEqual([sent(), sent()])
    expect(sent()).toEqual(['a', 'c'])
  })

  it('what was discarded elsewhere while the leader slept is not sent by it', async () => {
    const leader = await opened()
    const follower = await opened()
    clinic.faults = { ...calm, broadcast: () => [], answer: name => (name === 'sendMessage' ? 500 : 5) }
    const ids = ['a', 'b'].map(body => leader.room().send({ body }))
    await clock.advance(100)
    leader.freeze()
    follower.room().discard(ids[1] ?? '')
    await clock.advance(2_000)
    leader.thaw()
    await clock.advance(20_000)
    expect(sent()).toEqual(['a'])
    expect([leader.seen(), follower.seen()]).toEqual([['a'], ['a']])
  })
})

describe('TB4: what other tabs write meanwhile', () => {
  it.each(Array.from({ length: 25 }, (_, ms) => ms))(
    'does not make the leader forget that it was refused, %i ms after the sending began',
    async ms => {
      const leader = await opened()
      const follower = await opened()
      let refusals = 1
      const refusal = new ChatError('reply-not-found')
      clinic.faults = { ...calm, refuse: name => (name === 'sendMessage' && refusals-- > 0 ? refusal : null) }
      leader.room().send({ body: 'a' })
      await clock.advance(ms)
      follower.room().send({ body: 'b' })
      await clock.advance(5_000)
      expect([leader.seen(), follower.seen()]).toEqual([
        ['b', 'a failed'],
        ['b', 'a failed'],
      ])
    },
  )

  it('nor what they reach: a try asked for in another one is one here', async () => {
    const leader = await opened()
    const follower = await opened()
    clinic.faults = {
      ...calm,
      refuse: name => (name === 'sendMessage' ? new ChatError('unavailable') : null),
    }
    leader.room().send({ body: 'a' })
    await clock.advance(20_000)
    const sends = () => leader.bare.calls.filter(call => call.name === 'sendMessage').length
    const before = sends()
    follower.room().reconnect()
    await clock.advance(50)
    expect(sends()).toBe(before + 1)
    clinic.faults = calm
    follower.session.close()
    await clock.advance(40_000)
    expect(sent()).toEqual(['a'])
  })

  it('does not bring back what was discarded while the device is slow to forget it', async () => {
    const leader = await opened()
    const follower = await opened()
    clinic.faults = { ...calm, request: name => (name === 'sendMessage' ? null : 5) }
    const { remove } = browser.outbox
    let failures = 2
    browser.outbox.remove = (...key) => (failures-- > 0 ? Promise.reject(new Error('busy')) : remove(...key))
    const id = leader.room().send({ body: 'never mind' })
    await clock.advance(70)
    leader.room().discard(id)
    await clock.advance(10)
    follower.room().send({ body: 'b' })
    await clock.advance(10)
    expect(leader.seen()).toEqual(['b queued'])
    clinic.faults = calm
    await clock.advance(30_000)
    expect(sent()).toEqual(['b'])
  })
})

describe('TB5: signing out in one tab', () => {
  it('signs out the others at once, and takes their content away', async () => {
    const one = await opened()
    const other = await opened()
    const room = other.room()
    void one.session.signOut()
    await clock.advance(1)
    expect(other.session.current).toEqual({ is: 'signed-out', reason: 'signed-out' })
    expect(room.current).toEqual({ is: 'loading' })
    expect(other.bare.openTopics).toEqual([])
  })

  it('is found out by one that nobody told, when it is looked at again', async () => {
    const tab = await opened()
    tab.env.visible.set(false)
    tab.bare.auth.restore = () => Promise.resolve({ userId: PATIENT })
    tab.env.visible.set(true)
    await clock.advance(100)
    expect(tab.session.current.is).toBe('signed-in')
    tab.env.visible.set(false)
    tab.bare.auth.restore = () => Promise.resolve(null)
    tab.env.visible.set(true)
    await clock.advance(100)
    expect(tab.session.current).toEqual({ is: 'signed-out', reason: 'signed-out' })
  })

  it('keeps what was not sent, and sends it when the same person is back', async () => {
    const one = await opened()
    const other = await opened()
    clinic.faults = noNetwork
    clinic.cutSockets()
    other.room().send({ body: 'a' })
    await clock.advance(100)
    void one.session.signOut()
    await clock.advance(100)
    clinic.faults = calm
    await clock.advance(60_000)
    expect(sent()).toEqual([])
    void other.session.signIn(PATIENT, PASSWORD)
    await clock.advance(1_000)
    expect(sent()).toEqual(['a'])
  })
})

describe('TB6: a draft in one tab', () => {
  const onServer = () => clinic.room(APPOINTMENT).drafts.get(PATIENT)?.body ?? ''

  it('is not cleared by the sending of another one, and is there at the next visit', async () => {
    const one = await opened()
    const other = await opened()
    one.room().saveDraft({ body: 'a long thought' })
    await clock.advance(3_000)
    other.room().saveDraft({ body: 'quick' })
    await clock.advance(3_000)
    other.room().send({ body: 'quick' })
    await clock.advance(10_000)
    expect(one.room().draft.current?.body).toBe('a long thought')
    expect(other.room().draft.current?.body).toBe('')
    expect(onServer()).toBe('a long thought')
    one.kill()
    other.kill()
    expect((await opened()).room().draft.current?.body).toBe('a long thought')
  })

  it('is not taken from the device by another one that clears its own, without a network too', async () => {
    const one = await opened()
    const other = await opened()
    other.room().saveDraft({ body: 'quick' })
    await clock.advance(10)
    clinic.faults = noNetwork
    one.room().saveDraft({ body: 'a long thought' })
    await clock.advance(10)
    other.room().send({ body: 'quick' })
    await clock.advance(10)
    one.kill()
    other.kill()
    clinic.faults = calm
    expect((await opened()).room().draft.current?.body).toBe('a long thought')
  })

  it('is not cleared by another one that is left with nothing written', async () => {
    const one = await opened()
    const other = await opened()
    one.room().saveDraft({ body: 'a long thought' })
    await clock.advance(3_000)
    one.kill()
    other.room().close()
    await clock.advance(3_000)
    expect(onServer()).toBe('a long thought')
  })

  it('does not take turns with another one at overwriting what the server has', async () => {
    const tabs = [await opened(), await opened()]
    for (const [index, tab] of tabs.entries()) tab.room().saveDraft({ body: `text ${index}` })
    await clock.advance(60_000)
    for (const tab of tabs)
      expect(tab.bare.calls.filter(call => call.name === 'saveDraft').length).toBeLessThanOrEqual(1)
    expect(tabs.map(tab => tab.room().draft.current?.body)).toEqual(['text 0', 'text 1'])
  })
})

describe('TB7: what waits in a room that no tab shows', () => {
  it('is sent by the one that leads, at its start and when another tab leaves it behind', async () => {
    const first = await opened()
    clinic.faults = noNetwork
    clinic.cutSockets()
    first.room().send({ body: 'a' })
    await clock.advance(100)
    first.kill()
    clinic.faults = calm
    const second = open()
    await clock.advance(1_000)
    expect(sent()).toEqual(['a'])
    const third = await opened()
    third.room().send({ body: 'b' })
    await clock.advance(1)
    // It could tell nobody any more.
    third.kill()
    await clock.advance(61_000)
    expect(sent()).toEqual(['a', 'b'])
    expect([second.leads, await stored()]).toEqual([true, []])
  })
})
