/**
 * L2: 100 rooms of two, each sender with the next message as soon as the last is acknowledged; idempotency and policies on.
 * Durable messages a second, and how many acknowledged ones were lost, doubled or told out of order.
 *
 * Beside it, in turns, on the same PostgreSQL with flushed commits: Socket.IO and pg without any access control (the peer),
 * and the bare transaction of which nobody is told (the floor).
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import type { PipelinedOrder } from '../../peers/pipelined/server.ts'
import type { SocketIoFacts } from '../../peers/socket-io/server.ts'
import { createLedger, type Ledger } from '../clients/ledger.ts'
import { liftSendLimit, populate } from '../clients/population.ts'
import { bedsideWay, socketIoWay, type Way } from '../clients/ways.ts'
import { compare, type Figure, keep, print } from '../report.ts'
import type { BedsideArguments, BedsideFacts } from '../servers/bedside.ts'
import { startChild } from '../servers/child.ts'

const ROOMS = 100
/** `senders`: both of a room at 200; `depth`: messages of one sender under way at once. */
const LOADS = [
  { senders: 10, depth: 1 },
  { senders: 100, depth: 1 },
  { senders: 200, depth: 2 },
]
const TURNS = 3
const TURN_MS = 3_000
const WARM_UP_MS = 1_000
const LOST_AFTER_MS = 10_000
const BODY = 'x'.repeat(200)
const GOAL = { ratioAtLeast: 1 }
const NONE = { atMost: 0 }
/** One address and two hundred people stand for a whole clinic here. */
const LIMITS: BedsideArguments = {
  realtime: { limits: { maxEventsPerSecond: 1_000_000 } },
  requestLimits: {
    perAddress: { max: 1_000_000, perMs: 1_000 },
    perUser: { max: 1_000_000, perMs: 1_000 },
  },
}

type Load = (typeof LOADS)[number]

interface Tally {
  rates: number[]
  lost: number
  doubled: number
  outOfOrder: number
  sent: number
}

const noTally = (): Tally => ({ rates: [], lost: 0, doubled: 0, outOfOrder: 0, sent: 0 })

/** Writes what arrives into the ledger of the turn. */
class Ear {
  ledger: Ledger = createLedger()
  onDelivered = (lane: string, id: string, seq: number) => this.ledger.delivered(lane, id, seq)
}

export async function rpc(): Promise<void> {
  const bedside = await startChild<BedsideFacts>(new URL('../servers/bedside.ts', import.meta.url), LIMITS)
  const { databaseUrl } = bedside.facts
  const peer = await startChild<SocketIoFacts>(new URL('../../peers/socket-io/server.ts', import.meta.url), {
    databaseUrl,
  })
  const floor = await startChild(new URL('../../peers/pipelined/server.ts', import.meta.url), { databaseUrl })
  await liftSendLimit(bedside.facts)
  const rooms = await populate({ ...bedside.facts, rooms: ROOMS })
  const ears = { ours: new Ear(), peer: new Ear() }
  const ours = await bedsideWay(bedside.facts, rooms, ears.ours)
  const theirs = await socketIoWay(peer.facts, rooms, ears.peer)
  const onFloor = async ({ senders, depth }: Load, forMs: number) => {
    const order: PipelinedOrder = { inFlight: senders * depth, forMs, bytes: BODY.length }
    return ((await floor.ask<number>('run', order)) * 1000) / forMs
  }
  const acknowledged = { ours: 0, peer: 0 }
  try {
    const figures: Figure[] = []
    for (const load of LOADS) {
      const tallies = { ours: noTally(), peer: noTally() }
      const cpu = { ours: [] as number[], peer: [] as number[] }
      const postgresCpu = { ours: [] as number[], peer: [] as number[] }
      const floorRates: number[] = []
      acknowledged.ours += await run(ours, ears.ours, load, WARM_UP_MS, noTally())
      acknowledged.peer += await run(theirs, ears.peer, load, WARM_UP_MS, noTally())
      await onFloor(load, WARM_UP_MS)
      for (let turn = 0; turn < TURNS; turn++) {
        for (const [name, way, child] of [
          ['ours', ours, bedside],
          ['peer', theirs, peer],
        ] as const) {
          const before = await child.ask<number>('cpuMs')
          const postgresBefore = await bedside.ask<number>('postgresCpuMs')
          const count = await run(way, ears[name], load, TURN_MS, tallies[name])
          cpu[name].push((((await child.ask<number>('cpuMs')) - before) * 1000) / count)
          const postgres = (await bedside.ask<number>('postgresCpuMs')) - postgresBefore
          postgresCpu[name].push((postgres * 1000) / count)
          acknowledged[name] += count
        }
        floorRates.push(await onFloor(load, TURN_MS))
      }
      figures.push(...figuresOf(load, tallies.ours, tallies.peer, floorRates))
      const at = `rpc.${load.senders}x${load.depth}`
      figures.push(...compare(`${at}.server-cpu`, 'µs', cpu.ours, cpu.peer, null, [0.5]))
      figures.push(...compare(`${at}.postgres-cpu`, 'µs', postgresCpu.ours, postgresCpu.peer, null, [0.5]))
    }
    const stored = await countStored(databaseUrl)
    const missing = [acknowledged.ours - stored.ours, acknowledged.peer - stored.peer] as const
    figures.push(...compare('rpc.not-stored', 'messages', [missing[0]], [missing[1]], NONE, [1]))
    print(
      `closed loop over ${ROOMS} rooms of two; baseline: Socket.IO and pg without access control, or bare transactions (floor)`,
      figures,
    )
    keep('rpc', figures)
  } finally {
    ours.close()
    theirs.close()
    await Promise.all([peer.stop(), floor.stop()])
    await bedside.stop()
  }
}

/** How many messages lie in the tables in the end. */
async function countStored(databaseUrl: string): Promise<{ ours: number; peer: number }> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ ours: number; peer: number }>(
    `select (select count(*) from public.chat_messages where kind = 'text')::int as ours,
      (select count(*) from public.bench_socket_io)::int as peer`,
  )
  await client.end()
  return rows[0] ?? { ours: 0, peer: 0 }
}

/** How many were acknowledged. */
async function run(
  way: Way,
  ear: Ear,
  { senders, depth }: Load,
  forMs: number,
  tally: Tally,
): Promise<number> {
  const ledger = createLedger()
  ear.ledger = ledger
  const start = performance.now()
  const lane = async (sender: number) => {
    while (performance.now() < start + forMs) {
      const id = randomUUID()
      await way.send(sender % ROOMS, Math.floor(sender / ROOMS), id, BODY)
      ledger.acknowledged(id)
    }
  }
  await Promise.all(Array.from({ length: senders * depth }, (_, i) => lane(i % senders)))
  tally.rates.push((ledger.count * 1000) / (performance.now() - start))
  const deadline = performance.now() + LOST_AFTER_MS
  while (ledger.missing > 0 && performance.now() < deadline) await wait(20)
  tally.sent += ledger.count
  tally.lost += ledger.missing
  tally.doubled += ledger.doubled
  tally.outOfOrder += ledger.outOfOrder
  return ledger.count
}

function figuresOf(load: Load, ours: Tally, peer: Tally, floorRates: number[]): Figure[] {
  const at = `rpc.${load.senders}x${load.depth}`
  const unit = 'messages/s'
  console.log(`${at}: ${ours.sent} messages of ours and ${peer.sent} of the peer`)
  const count = (name: 'lost' | 'doubled' | 'outOfOrder') =>
    compare(`${at}.${name}`, 'messages', [ours[name]], [peer[name]], NONE, [1])
  return [
    ...compare(`${at}.durable`, unit, ours.rates, peer.rates, GOAL, [0.5]),
    ...compare(`${at}.floor`, unit, ours.rates, floorRates, null, [0.5]),
    ...count('lost'),
    ...count('doubled'),
    ...count('outOfOrder'),
  ]
}
