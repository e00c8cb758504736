/**
 * L4 and L5: 2,000 people who are signed in and joined to their own topic and say nothing, beside 200 who talk. What such
 * a socket costs the server beside a `ws` and a Socket.IO one, and what the 200 notice of them, in turns.
 *
 * Then all 2,000 are cut at once while a message is sent in each of their rooms: when they are back, whether they have it,
 * and how long the server's event loop stood still.
 */

import type { SocketIoFacts } from '../../peers/socket-io/server.ts'
import { type Crowd, connectBare, connectIdle, connectSocketIo } from '../clients/crowd.ts'
import { requireOpenFiles } from '../clients/open-files.ts'
import { liftSendLimit, populate, type Room } from '../clients/population.ts'
import { startTalk } from '../clients/talk.ts'
import { compare, type Figure, keep, print } from '../report.ts'
import type { BareSocketsFacts } from '../servers/bare-sockets.ts'
import type { BedsideArguments, BedsideFacts } from '../servers/bedside.ts'
import { type Child, startChild } from '../servers/child.ts'
import type { Reading } from '../servers/reading.ts'
import { cutAndReturn } from './sockets-cut.ts'

/** Two of a room are idle, or talk. */
const IDLE = 2_000
const TALKING = 200
const TURNS = 2
/** Of the generator and of a server alike: sockets, connections for calls, and what a process has anyway. */
const OPEN_FILES = 2 * (IDLE + TALKING)
/** So many of the idle come before memory is read. */
const FIRST = 200
const SETTLED_BYTES = 200_000
const SETTLE_AT_MOST = 20
/** Kilobytes of 1,024. */
const SOCKET_MEMORY = { atMost: 20 }
const NOTICED = { ratio: 1.2 }
const BACK = { atMost: 10_000 }
const BLOCK = { atMost: 250 }
const NONE = { atMost: 0 }
/** All of them come from one address here. */
const LIMITS: BedsideArguments = { requestLimits: { perAddress: { max: 1_000_000, perMs: 1_000 } } }

export async function sockets(): Promise<void> {
  requireOpenFiles(OPEN_FILES)
  const bedside = await startChild<BedsideFacts>(new URL('../servers/bedside.ts', import.meta.url), LIMITS)
  const { facts } = bedside
  try {
    await liftSendLimit(facts)
    const rooms = await populate({ ...facts, rooms: (IDLE + TALKING) / 2 })
    const talk = await startTalk(facts, rooms.slice(0, TALKING / 2))
    const idleRooms = rooms.slice(TALKING / 2)
    await talk.run()
    const memory = await compareMemory(bedside, idleRooms)
    const times = { alone: [] as number[], beside: [] as number[] }
    const cuts = { back: [] as number[], lost: 0, blocks: [] as number[], quietBlocks: [] as number[] }
    for (let turn = 0; turn < TURNS; turn++) {
      await bedside.ask<Reading>('reading')
      times.alone.push(...(await talk.run()))
      const before = await bedside.ask<Reading>('reading')
      cuts.quietBlocks.push(before.longestBlockMs)
      const crowd = await connectIdle(facts, idleRooms)
      const after = await bedside.ask<Reading>('reading')
      console.log(
        `the longest block while ${IDLE} came one after the other: ${after.longestBlockMs.toFixed(0)} ms`,
      )
      times.beside.push(...(await talk.run()))
      await bedside.ask<Reading>('reading')
      const { backMs, lost, crowd: back } = await cutAndReturn(facts, idleRooms, crowd)
      cuts.back.push(backMs)
      cuts.lost += lost
      cuts.blocks.push((await bedside.ask<Reading>('reading')).longestBlockMs)
      back.cut()
    }
    talk.close()
    const figures = [
      ...memory,
      ...compare('sockets.talking', 'ms', times.beside, times.alone, NOTICED, [0.5, 0.99]),
      ...compare('sockets.cut.back', 'ms', cuts.back, [0], BACK, [1]),
      ...compare('sockets.cut.lost', 'messages', [cuts.lost], [TURNS * idleRooms.length], NONE, [1]),
      ...compare('sockets.cut.block', 'ms', cuts.blocks, cuts.quietBlocks, BLOCK, [1]),
    ]
    print(
      `${IDLE} idle and ${TALKING} who talk; baselines: ws, Socket.IO, the ${TALKING} alone, no cut, what was sent`,
      figures,
    )
    keep('sockets', figures)
  } finally {
    await bedside.stop()
  }
}

/** Ours beside the other servers' sockets, as many. */
async function compareMemory(bedside: Child<BedsideFacts>, rooms: readonly Room[]): Promise<Figure[]> {
  const bare = await startChild<BareSocketsFacts>(new URL('../servers/bare-sockets.ts', import.meta.url), {})
  const peer = await startChild<SocketIoFacts>(new URL('../../peers/socket-io/server.ts', import.meta.url), {
    databaseUrl: bedside.facts.databaseUrl,
  })
  try {
    const first = FIRST / 2
    const ours = await memoryEach(
      bedside,
      () => connectIdle(bedside.facts, rooms.slice(0, first)),
      () => connectIdle(bedside.facts, rooms.slice(first)),
    )
    const { url } = bare.facts
    const ws = await memoryEach(
      bare,
      () => connectBare(url, FIRST),
      () => connectBare(url, IDLE - FIRST),
    )
    const socketIo = await memoryEach(
      peer,
      () => connectSocketIo(peer.facts.url, FIRST),
      () => connectSocketIo(peer.facts.url, IDLE - FIRST),
    )
    return [
      ...compare('sockets.memory.ws', 'KB', [ours.rss], [ws.rss], SOCKET_MEMORY, [1]),
      ...compare('sockets.memory.socket-io', 'KB', [ours.rss], [socketIo.rss], null, [1]),
      ...compare('sockets.heap.ws', 'KB', [ours.heap], [ws.heap], null, [1]),
      ...compare('sockets.heap.socket-io', 'KB', [ours.heap], [socketIo.heap], null, [1]),
    ]
  } finally {
    await bare.stop()
    await peer.stop()
  }
}

/** The first ones make what all share. */
async function memoryEach(
  child: Child<unknown>,
  connectFirst: () => Promise<Crowd>,
  connectOthers: () => Promise<Crowd>,
): Promise<{ rss: number; heap: number }> {
  const first = await connectFirst()
  const before = await settled(child)
  const others = await connectOthers()
  const after = await settled(child)
  others.cut()
  first.cut()
  const each = (bytes: number) => bytes / others.size / 1024
  return { rss: each(after.rssBytes - before.rssBytes), heap: each(after.heapBytes - before.heapBytes) }
}

/** Once memory no longer changes. */
async function settled(child: Child<unknown>): Promise<Reading> {
  let last = await child.ask<Reading>('reading')
  for (let i = 0; i < SETTLE_AT_MOST; i++) {
    const next = await child.ask<Reading>('reading')
    if (Math.abs(last.rssBytes - next.rssBytes) < SETTLED_BYTES) return next
    last = next
  }
  return last
}
