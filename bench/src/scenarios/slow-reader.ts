/**
 * L7: one subscriber reads 1 KB/s in a busy room. What the server keeps for it until it is dropped, how it catches up by
 * seq, and what the others notice: their p99 beside the same room without it, in turns.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { createLightHttp } from '../clients/light-http.ts'
import { joinAs, type Member } from '../clients/light-member.ts'
import { liftSendLimit, type Room } from '../clients/population.ts'
import { compare, type Figure } from '../report.ts'
import type { BedsideFacts } from '../servers/bedside.ts'
import type { Child } from '../servers/child.ts'

const OTHERS = 10
const TURNS = 2
/** Of a message, as long as they may be: what a socket leaves unread must pass what the system's own buffers hold. */
const BODY = 'x'.repeat(4_000)
const PER_SECOND = 100
const MESSAGES_A_TURN = 1_500
const BYTES_PER_SECOND = 1_024
const LOST_AFTER_MS = 10_000
const PAGE_SIZE = 100
const MEMORY = { atMost: 1_024 }
const NOTICED = { ratio: 1.2 }
const NONE = { atMost: 0 }

export async function slowReader(bedside: Child<BedsideFacts>, room: Room): Promise<Figure[]> {
  const { facts } = bedside
  await liftSendLimit(facts)
  const sentAt = new Map<string, number>()
  const times = { with: [] as number[], without: [] as number[] }
  let current: number[] = times.without
  const join = (onBroadcast: (payload: Buffer) => void) =>
    joinAs({
      url: facts.url,
      key: facts.publishableKey,
      token: room.patient.token,
      topic: room.topic,
      onBroadcast,
    })
  const others: Member[] = []
  let arrived = 0
  for (let i = 0; i < OTHERS; i++) {
    others.push(
      await join(payload => {
        const { message } = JSON.parse(payload.toString()) as { message?: { id: string } }
        if (!message) return
        arrived++
        current.push(performance.now() - (sentAt.get(message.id) ?? Number.NaN))
      }),
    )
  }
  const http = createLightHttp({ url: facts.url, key: facts.publishableKey })
  const turn = async () => {
    arrived = 0
    const sending: Promise<unknown>[] = []
    const start = performance.now()
    for (let i = 0; i < MESSAGES_A_TURN; i++) {
      await wait(Math.max(0, start + (i * 1000) / PER_SECOND - performance.now()))
      const id = randomUUID()
      sentAt.set(id, performance.now())
      sending.push(http.call(room.doctor.token, 'send_message', { id, room_id: room.id, body: BODY }))
    }
    await Promise.all(sending)
    const deadline = performance.now() + LOST_AFTER_MS
    while (arrived < MESSAGES_A_TURN * OTHERS) {
      if (performance.now() > deadline) throw new Error('The others did not get all of it.')
      await wait(10)
    }
  }

  const unread: number[] = []
  let lost = 0
  for (let i = 0; i < TURNS; i++) {
    current = times.without
    await turn()
    current = times.with
    const seen = new Set<number>()
    const slow = await join(payload => void seen.add(seqOf(payload)))
    const startSeq = sentAt.size
    slow.readSlowly(BYTES_PER_SECOND)
    await turn()
    const dropped = await bedside.ask<number[]>('takeBacklogs')
    if (dropped.length === 0) throw new Error('A subscriber who hardly reads was not dropped.')
    unread.push(...dropped)
    await Promise.race([slow.ended, wait(LOST_AFTER_MS)])
    if (!slow.isEnded) throw new Error('A subscriber who was dropped does not know it.')
    const again = await join(payload => void seen.add(seqOf(payload)))
    await catchUp(http, room, startSeq, seen)
    for (let seq = startSeq + 1; seq <= sentAt.size; seq++) if (!seen.has(seq)) lost++
    again.cut()
  }
  for (const other of others) other.cut()
  http.close()
  return [
    ...compare(
      'slow-reader.kept',
      'KB',
      unread.map(bytes => bytes / 1024),
      [0],
      MEMORY,
      [1],
    ),
    ...compare('slow-reader.others', 'ms', times.with, times.without, NOTICED, [0.5, 0.99]),
    ...compare('slow-reader.lost', 'messages', [lost], [TURNS * MESSAGES_A_TURN], NONE, [1]),
  ]
}

const seqOf = (payload: Buffer): number =>
  (JSON.parse(payload.toString()) as { message?: { seq: number } }).message?.seq ?? 0

async function catchUp(
  http: ReturnType<typeof createLightHttp>,
  room: Room,
  after: number,
  seen: Set<number>,
): Promise<void> {
  for (let at = after; ; ) {
    const page = await http.call<{ messages: { seq: number }[]; has_more: boolean }>(
      room.patient.token,
      'list_messages',
      { room_id: room.id, after_seq: at, page_size: PAGE_SIZE },
    )
    for (const { seq } of page.messages) seen.add(seq)
    at = page.messages.at(-1)?.seq ?? at
    if (!page.has_more) return
  }
}
