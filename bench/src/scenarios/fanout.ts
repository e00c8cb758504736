/**
 * L3: one database broadcast to 1, 10, 100 and 1,000 subscribers, realtime.send() as the product's own functions call it,
 * one after the other and a stream of them in one commit. From the first frame's arrival to the last one's.
 *
 * Beside it, in turns: a frame made beforehand, written to as many raw `ws` sockets by a process that does nothing else.
 * L7, one subscriber who hardly reads, is in slow-reader.ts.
 */
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { joinAs } from '../clients/light-member.ts'
import { openSocket } from '../clients/light-socket.ts'
import { requireOpenFiles } from '../clients/open-files.ts'
import { populate, type Room } from '../clients/population.ts'
import { compare, type Figure, keep, print } from '../report.ts'
import type { BareFanoutFacts, BareFanoutOrder } from '../servers/bare-fanout.ts'
import type { BedsideArguments, BedsideFacts } from '../servers/bedside.ts'
import { type Child, startChild } from '../servers/child.ts'
import { slowReader } from './slow-reader.ts'

const SUBSCRIBERS = [1, 10, 100, 1_000]
const BODY = 'x'.repeat(200)
const TURNS = 5
const OPEN_FILES = 3_000
/** Of one stream: as many broadcasts as make so many deliveries, within bounds. */
const DELIVERIES = 100_000
const BROADCASTS_AT_MOST = 5_000
const SINGLES_A_TURN = 20
const LOST_AFTER_MS = 20_000
const GOAL = { ratioAtLeast: 0.7 }
/** What is measured is how fast it can be, not where it is told to stop. */
const LIMITS: BedsideArguments = { realtime: { limits: { maxEventsPerSecond: 1_000_000_000 } } }

/** Counts what all subscribers of one side got. */
interface Arrivals {
  count: number
  firstAt: number
  lastAt: number
  frameBytes: number
}

interface Side {
  child: Child<unknown>
  arrivals: Arrivals
  /** One more subscriber. */
  add(): Promise<void>
  /** So many broadcasts, as fast as they go. */
  broadcast(count: number, frameBytes: number): Promise<unknown>
  close(): Promise<void>
}

export async function fanout(): Promise<void> {
  requireOpenFiles(OPEN_FILES)
  const bedside = await startChild<BedsideFacts>(new URL('../servers/bedside.ts', import.meta.url), LIMITS)
  const bare = await startChild<BareFanoutFacts>(new URL('../servers/bare-fanout.ts', import.meta.url), {})
  const { facts } = bedside
  const [room, busy] = await populate({ ...facts, rooms: 2 })
  if (!room || !busy) throw new Error('The rooms of the bench are not there.')
  const ours = await bedsideSide(bedside, room)
  const raw = bareSide(bare, 1)
  const joined = { ...raw, broadcast: bareSide(bare, 64).broadcast }
  try {
    const figures: Figure[] = []
    let subscribers = 0
    for (const wanted of SUBSCRIBERS) {
      for (; subscribers < wanted; subscribers++) await Promise.all([ours.add(), raw.add()])
      figures.push(...(await measure(wanted, ours, raw, joined)))
    }
    print(
      'fan-out of database broadcasts; baseline: frames made beforehand on raw sockets, one in a turn of the event loop, or joined',
      figures,
    )
    await ours.close()
    await raw.close()
    const slow = await slowReader(bedside, busy)
    print('one subscriber reads 1 KB/s in a busy room; baseline: the same room without', slow)
    keep('fanout', [...figures, ...slow])
  } finally {
    await bare.stop()
    await bedside.stop()
  }
}

async function measure(subscribers: number, ours: Side, raw: Side, joined: Side): Promise<Figure[]> {
  const count = Math.min(BROADCASTS_AT_MOST, DELIVERIES / subscribers)
  const sides = { ours, raw, joined }
  const rates = { ours: [] as number[], raw: [] as number[], joined: [] as number[] }
  const cpu = { ours: [] as number[], raw: [] as number[], joined: [] as number[] }
  const single = { ours: [] as number[], raw: [] as number[], joined: [] as number[] }
  await stream(ours, subscribers, count, 0)
  const { frameBytes } = ours.arrivals
  await stream(raw, subscribers, count, frameBytes)
  for (let turn = 0; turn < TURNS; turn++) {
    for (const name of ['ours', 'raw', 'joined'] as const) {
      const side = sides[name]
      const before = await side.child.ask<number>('cpuMs')
      rates[name].push(await stream(side, subscribers, count, frameBytes))
      const after = await side.child.ask<number>('cpuMs')
      cpu[name].push(((after - before) * 1000) / (count * subscribers))
      if (name === 'joined' || subscribers === 1) continue
      for (let i = 0; i < SINGLES_A_TURN; i++) {
        single[name].push(await stream(side, subscribers, 1, frameBytes))
      }
    }
  }
  const at = `fanout.${subscribers}`
  const unit = 'deliveries/s'
  return [
    ...compare(`${at}.stream`, unit, rates.ours, rates.raw, GOAL, [0.5]),
    ...compare(`${at}.stream-joined`, unit, rates.ours, rates.joined, null, [0.5]),
    ...(subscribers === 1 ? [] : compare(`${at}.single`, unit, single.ours, single.raw, GOAL, [0.5])),
    ...compare(`${at}.server-cpu`, 'µs', cpu.ours, cpu.raw, null, [0.5]),
  ]
}

/** Deliveries a second from the first to the last. */
async function stream(side: Side, subscribers: number, count: number, frameBytes: number): Promise<number> {
  const { arrivals } = side
  const expected = subscribers * count
  Object.assign(arrivals, { count: 0, firstAt: 0, lastAt: 0 })
  const deadline = performance.now() + LOST_AFTER_MS
  await side.broadcast(count, frameBytes)
  while (arrivals.count < expected) {
    if (performance.now() > deadline) throw new Error(`${expected - arrivals.count} deliveries are missing.`)
    await wait(5)
  }
  if (arrivals.count > expected) throw new Error('More was delivered than was sent.')
  return ((expected - 1) * 1000) / Math.max(0.01, arrivals.lastAt - arrivals.firstAt)
}

function note(arrivals: Arrivals, frame: Buffer): void {
  const now = performance.now()
  if (arrivals.count === 0) arrivals.firstAt = now
  arrivals.lastAt = now
  arrivals.count++
  arrivals.frameBytes = frame.length
}

const noArrivals = (): Arrivals => ({ count: 0, firstAt: 0, lastAt: 0, frameBytes: 0 })

async function bedsideSide(child: Child<BedsideFacts>, room: Room): Promise<Side> {
  const { facts } = child
  const client = new pg.Client({ connectionString: facts.databaseUrl })
  await client.connect()
  const arrivals = noArrivals()
  const cuts: (() => void)[] = []
  return {
    child,
    arrivals,
    async add() {
      const member = await joinAs({
        url: facts.url,
        key: facts.publishableKey,
        token: room.patient.token,
        topic: room.topic,
        onBroadcast: (_, frame) => note(arrivals, frame),
      })
      cuts.push(member.cut)
    },
    broadcast: count =>
      client.query(`select realtime.send($1::jsonb, 'message', $2, true) from generate_series(1, $3::int)`, [
        JSON.stringify({ body: BODY }),
        room.topic,
        count,
      ]),
    async close() {
      for (const cut of cuts) cut()
      await client.end()
    },
  }
}

function bareSide(child: Child<BareFanoutFacts>, perTurn: number): Side {
  const arrivals = noArrivals()
  const destroy: (() => void)[] = []
  return {
    child,
    arrivals,
    async add() {
      const socket = await openSocket({
        url: child.facts.url,
        onFrame: (_, frame) => note(arrivals, frame),
      })
      destroy.push(socket.destroy)
    },
    broadcast: (count, bytes) => child.ask('fanOut', { bytes, count, perTurn } satisfies BareFanoutOrder),
    async close() {
      for (const each of destroy) each()
    },
  }
}
