/**
 * All of a crowd cut at once, and back at once: no client waits its turn here, as the product's do. Meanwhile one message is
 * sent in each of their rooms. Whoever is back asks for what came after; what comes later is told on their own topic.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { type Crowd, type IdlePerson, joinIdle, peopleOf } from '../clients/crowd.ts'
import { createLightHttp } from '../clients/light-http.ts'
import type { Member } from '../clients/light-member.ts'
import type { Room } from '../clients/population.ts'
import type { BedsideFacts } from '../servers/bedside.ts'

/** What the senders have under way at once. */
const SENDERS = 4
const GIVE_UP_MS = 30_000
/** A refused socket comes again after so long. */
const AGAIN_MS = 200

interface Page {
  messages: { seq: number }[]
  last_seq: number
}

export interface Returned {
  /** From the cut until the last one was joined and had asked for what it missed. */
  backMs: number
  lost: number
  crowd: Crowd
}

export async function cutAndReturn(
  facts: BedsideFacts,
  rooms: readonly Room[],
  crowd: Crowd,
): Promise<Returned> {
  const http = createLightHttp({ url: facts.url, key: facts.publishableKey })
  const expected = new Map<string, number>()
  /** The rooms that each person knows of as having something new. */
  const noticed = new Map<string, number>()
  const lastSeq = await lastSeqs(http, rooms)

  const cutAt = performance.now()
  crowd.cut()
  const sending = sendEach(http, rooms, expected)
  const members: Member[] = []
  const comeBack = async (person: IdlePerson) => {
    const onBroadcast = () => void noticed.set(person.id, Number.POSITIVE_INFINITY)
    members.push(await joinAgain(facts, person, onBroadcast))
    const after = lastSeq.get(person.room.id) ?? 0
    const args = { room_id: person.room.id, after_seq: after, page_size: 100 }
    const page = await http.call<Page>(person.token, 'list_messages', args)
    const seq = page.messages.at(-1)?.seq ?? 0
    noticed.set(person.id, Math.max(noticed.get(person.id) ?? 0, seq))
    return performance.now()
  }
  const backAt = await Promise.all(peopleOf(rooms).map(comeBack))
  await sending
  // What was sent after somebody asked is still on its way to them.
  await wait(1_000)
  http.close()
  let lost = 0
  for (const room of rooms) {
    if ((noticed.get(room.patient.id) ?? 0) < (expected.get(room.id) ?? 1)) lost++
  }
  return {
    backMs: Math.max(...backAt) - cutAt,
    lost,
    crowd: {
      size: members.length,
      cut() {
        for (const member of members) member.cut()
      },
    },
  }
}

type Http = ReturnType<typeof createLightHttp>

async function lastSeqs(http: Http, rooms: readonly Room[]): Promise<Map<string, number>> {
  const known = new Map<string, number>()
  await lanes(rooms, async room => {
    const page = await http.call<Page>(room.doctor.token, 'list_messages', { room_id: room.id, page_size: 1 })
    known.set(room.id, page.last_seq)
  })
  return known
}

/** By the doctor of each room. */
async function sendEach(http: Http, rooms: readonly Room[], expected: Map<string, number>): Promise<void> {
  await lanes(rooms, async room => {
    const args = { id: randomUUID(), room_id: room.id, body: 'Meanwhile' }
    const { seq } = await http.call<{ seq: number }>(room.doctor.token, 'send_message', args)
    expected.set(room.id, seq)
  })
}

async function lanes(rooms: readonly Room[], work: (room: Room) => Promise<void>): Promise<void> {
  const waiting = [...rooms]
  const lane = async () => {
    for (let room = waiting.shift(); room; room = waiting.shift()) await work(room)
  }
  await Promise.all(Array.from({ length: SENDERS }, lane))
}

async function joinAgain(facts: BedsideFacts, person: IdlePerson, onBroadcast: () => void): Promise<Member> {
  const deadline = performance.now() + GIVE_UP_MS
  for (;;) {
    try {
      return await joinIdle(facts, person, onBroadcast)
    } catch (error) {
      if (performance.now() > deadline) throw error
      await wait(AGAIN_MS)
    }
  }
}
