/** People who talk at a steady pace, and how long each message takes to the other person. */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { BedsideFacts } from '../servers/bedside.ts'
import type { Room } from './population.ts'
import { bedsideWay } from './ways.ts'

export interface Talk {
  /** One turn; milliseconds of each message. */
  run(): Promise<number[]>
  close(): void
}

const PER_SECOND = 60
const MESSAGES_A_TURN = 600
const BODY = 'x'.repeat(200)
const LOST_AFTER_MS = 10_000

export async function startTalk(facts: BedsideFacts, rooms: readonly Room[]): Promise<Talk> {
  const sent = new Map<string, number>()
  let times: number[] = []
  const way = await bedsideWay(facts, rooms, {
    onDelivered: (_, id) => times.push(performance.now() - (sent.get(id) ?? Number.NaN)),
  })
  return {
    async run() {
      times = []
      const sending: Promise<void>[] = []
      const start = performance.now()
      for (let i = 0; i < MESSAGES_A_TURN; i++) {
        await wait(Math.max(0, start + (i * 1000) / PER_SECOND - performance.now()))
        const id = randomUUID()
        sent.set(id, performance.now())
        sending.push(way.send(i % rooms.length, Math.floor(i / rooms.length) % 2, id, BODY))
      }
      await Promise.all(sending)
      const deadline = performance.now() + LOST_AFTER_MS
      while (times.length < MESSAGES_A_TURN) {
        if (performance.now() > deadline) throw new Error('A message of the bench did not arrive.')
        await wait(10)
      }
      return times
    },
    close: way.close,
  }
}
