/**
 * L1: 100 rooms of two, 20 messages a second in all, each through the whole path: HTTP call, policies, flushed
 * commit, logical replication, socket. Time from before the call to the frame's arrival at the other person.
 *
 * Beside it, in turns, the bare limit: socket, one insert's flushed commit in the same PostgreSQL, socket.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { type BedsideClient, connect } from '../clients/bedside-client.ts'
import { populate } from '../clients/population.ts'
import { compare, keep, print } from '../report.ts'
import type { BareLimitFacts } from '../servers/bare-limit.ts'
import type { BedsideFacts } from '../servers/bedside.ts'
import { startChild } from '../servers/child.ts'

const ROOMS = 100
const PER_SECOND = 20
const TURNS = 4
const MESSAGES_A_TURN = 200
const WARM_UP = 60
const BODY = 'x'.repeat(200)
/** How long the last messages of a turn may take before they count as lost. */
const LOST_AFTER_MS = 5_000
const GOAL = { ratio: 2 }

/** One way to get a message from one side of a room to the other. */
interface Path {
  /** Starts the message on its way; `arrived(id)` is called when the other side has it. */
  send(room: number, id: string): Promise<void>
  close(): void
}

export async function latency(): Promise<void> {
  const bedside = await startChild<BedsideFacts>(new URL('../servers/bedside.ts', import.meta.url), {})
  const bare = await startChild<BareLimitFacts>(new URL('../servers/bare-limit.ts', import.meta.url), {
    databaseUrl: bedside.facts.databaseUrl,
  })
  const arrivals = new Map<string, number>()
  const arrived = (id: string) => void arrivals.set(id, performance.now())
  const ours = await bedsidePath(bedside.facts, arrived)
  const baseline = await barePath(bare.facts, arrived)
  try {
    await turn(ours, arrivals, WARM_UP)
    await turn(baseline, arrivals, WARM_UP)
    const samples = { ours: [] as number[], baseline: [] as number[] }
    for (let i = 0; i < TURNS; i++) {
      samples.ours.push(...(await turn(ours, arrivals, MESSAGES_A_TURN)))
      samples.baseline.push(...(await turn(baseline, arrivals, MESSAGES_A_TURN)))
    }
    const figures = compare('latency', 'ms', samples.ours, samples.baseline, GOAL)
    print(`send -> delivered at ${PER_SECOND} messages/s over ${ROOMS} rooms of two`, figures)
    keep('latency', figures)
  } finally {
    ours.close()
    baseline.close()
    await bare.stop()
    await bedside.stop()
  }
}

/** Sends at the agreed pace, one room after the other; answers how long each message took, in milliseconds. */
async function turn(path: Path, arrivals: Map<string, number>, count: number): Promise<number[]> {
  const sent = new Map<string, number>()
  const sending: Promise<void>[] = []
  const start = performance.now()
  for (let i = 0; i < count; i++) {
    await wait(Math.max(0, start + (i * 1000) / PER_SECOND - performance.now()))
    const id = randomUUID()
    sent.set(id, performance.now())
    sending.push(path.send(i % ROOMS, id))
  }
  await Promise.all(sending)
  const deadline = performance.now() + LOST_AFTER_MS
  while ([...sent.keys()].some(id => !arrivals.has(id))) {
    if (performance.now() > deadline) throw new Error('A message of the bench did not arrive.')
    await wait(10)
  }
  return [...sent].map(([id, at]) => (arrivals.get(id) ?? Number.NaN) - at)
}

async function bedsidePath(facts: BedsideFacts, arrived: (id: string) => void): Promise<Path> {
  const rooms = await populate({ databaseUrl: facts.databaseUrl, jwtSecret: facts.jwtSecret, rooms: ROOMS })
  const joined: { id: string; patient: BedsideClient; doctor: BedsideClient }[] = []
  for (const room of rooms) {
    const common = { url: facts.url, key: facts.publishableKey }
    const patient = await connect({ ...common, token: room.patient.token, onMessage: () => {} })
    const doctor = await connect({
      ...common,
      token: room.doctor.token,
      onMessage: payload => arrived(payload.message.id),
    })
    await Promise.all([patient.join(room.topic), doctor.join(room.topic)])
    joined.push({ id: room.id, patient, doctor })
  }
  return {
    async send(index, id) {
      const room = joined[index]
      if (!room) throw new Error('The bench names a room that it did not make.')
      await room.patient.call('send_message', { id, room_id: room.id, body: BODY })
    },
    close() {
      for (const room of joined) {
        room.patient.close()
        room.doctor.close()
      }
    },
  }
}

async function barePath(facts: BareLimitFacts, arrived: (id: string) => void): Promise<Path> {
  const pairs: { sender: WebSocket; receiver: WebSocket }[] = []
  for (let room = 0; room < ROOMS; room++) {
    const open = async (user: string) => {
      const socket = new WebSocket(`${facts.url}?user=${user}`, { perMessageDeflate: false })
      await once(socket, 'open')
      return socket
    }
    const receiver = await open(`to-${room}`)
    receiver.on('message', data => arrived((JSON.parse(String(data)) as { id: string }).id))
    pairs.push({ sender: await open(`from-${room}`), receiver })
  }
  return {
    async send(room, id) {
      pairs[room]?.sender.send(JSON.stringify({ id, room, to: `to-${room}`, body: BODY }))
    },
    close() {
      for (const { sender, receiver } of pairs) {
        sender.terminate()
        receiver.terminate()
      }
    },
  }
}
