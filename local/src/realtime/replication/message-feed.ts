/**
 * Broadcast from the database: streams realtime.messages into the hub for as long as the server lives.
 *
 *   streaming -> lost -> (slot usable: the same slot | slot gone: a new one, then what the table holds) -> streaming
 *
 * Sockets stay open meanwhile, and miss nothing. Never: a message twice (what a reconnected slot repeats is known by its
 * position in the log, what a gap fill repeats by its id); a message of an uncommitted transaction; a slot left behind.
 */

import type pg from 'pg'
import { errorCode, type RealtimeDatabase } from '../database-config.ts'
import { broadcastMessage } from '../frames/server-message.ts'
import type { Hub } from '../hub.ts'
import type { RealtimeLog } from '../log.ts'
import { openStream, type ReplicationStream } from './connection.ts'
import { type DatabaseBroadcast, messageReader, type RowReader } from './database-broadcast.ts'
import { fillGap } from './gap-fill.ts'
import type { PgOutputMessage } from './pgoutput.ts'
import { RecentIds } from './recent-ids.ts'
import { createSlot, dropSlot, dropStaleSlots, isSlotUsable, newSlotName } from './slot.ts'

export interface MessageFeedOptions {
  readonly database: RealtimeDatabase
  readonly pool: pg.Pool
  readonly hub: Hub
  readonly maxPayloadBytes: number
  readonly log: RealtimeLog
}

export interface MessageFeed {
  readonly isConnected: boolean
  /** Calls back once, as soon as the feed is connected. Returns its own undo. */
  whenConnected(then: () => void): () => void
  close(): Promise<void>
}

const PUBLICATIONS = ['supabase_realtime_messages_publication']
const RECENT_IDS = 10_000
const RETRY_MIN_MS = 25
const RETRY_MAX_MS = 500
/** A transaction may have begun, and stamped its rows, so long before it committed. */
const GAP_MARGIN_MS = 60_000

/** Resolves when the first connection streams. */
export async function startMessageFeed(options: MessageFeedOptions): Promise<MessageFeed> {
  const { database, pool, hub, log } = options
  const recent = new RecentIds(RECENT_IDS)
  const waiters = new Set<() => void>()
  let readers = new Map<number, RowReader | null>()
  let stream: ReplicationStream | null = null
  let isClosed = false
  let isPaused = false
  let hasGap = false
  const startedAt = Date.now()
  let lastCommitAt = startedAt
  // The last row handed over: its transaction's commit position, and which insert of it.
  let done = { lsn: 0n, index: 0 }
  let current = { lsn: 0n, index: 0 }

  function publish(broadcast: DatabaseBroadcast): void {
    if (!recent.add(broadcast.id)) return
    if (broadcast.payload.length > options.maxPayloadBytes) {
      log({ level: 'warn', event: 'database-broadcast-oversize', detail: broadcast.payload.length })
      return
    }
    const topic = `realtime:${broadcast.topic}`
    const room = hub.find(topic, broadcast.isPrivate)
    if (!room) return
    const message = broadcastMessage({
      topic,
      event: broadcast.event,
      encoding: broadcast.encoding,
      payload: broadcast.payload,
      meta: `{"id":"${broadcast.id}"}`,
    })
    hub.publish(room, message, 'broadcast')
  }

  function receive(message: PgOutputMessage): void {
    if (message.kind === 'begin') {
      current = { lsn: message.commitLsn, index: 0 }
      lastCommitAt = message.committedAtMs
    } else if (message.kind === 'relation') {
      readers.set(message.relation.oid, messageReader(message.relation))
    } else if (message.kind === 'insert') {
      current.index++
      if (current.lsn < done.lsn || (current.lsn === done.lsn && current.index <= done.index)) return
      done = { ...current }
      try {
        const broadcast = readers.get(message.relationOid)?.(message.values)
        if (broadcast) publish(broadcast)
      } catch (error) {
        log({ level: 'error', event: 'database-broadcast-failed', detail: errorCode(error) })
      }
      pauseWhileCongested()
    }
  }

  function pauseWhileCongested(): void {
    if (!hub.isCongested || isPaused) return
    isPaused = true
    const paused = stream
    paused?.pause()
    hub.whenRelieved(() => {
      isPaused = false
      paused?.resume()
    })
  }

  async function connect(): Promise<void> {
    readers = new Map()
    const opened = await openStream({
      database,
      slot,
      publications: PUBLICATIONS,
      onMessage: receive,
      onEnd: error => {
        stream = null
        log({ level: 'warn', event: 'replication-lost', detail: errorCode(error) })
        if (!isClosed) reconnecting = reconnect()
      },
    })
    if (isClosed) return opened.close()
    stream = opened
    log({ level: 'info', event: 'replication-connected' })
    for (const then of waiters) then()
    waiters.clear()
  }

  async function reconnect(): Promise<void> {
    for (let delay = RETRY_MIN_MS; !isClosed; delay = Math.min(delay * 2, RETRY_MAX_MS)) {
      try {
        if (!(await isSlotUsable(pool, slot))) await replaceSlot()
        if (hasGap) await fillGap(pool, Math.max(startedAt, lastCommitAt - GAP_MARGIN_MS), publish)
        hasGap = false
        await connect()
        return
      } catch (error) {
        log({ level: 'warn', event: 'replication-retry', detail: errorCode(error) })
      }
      await new Promise(resolve => setTimeout(resolve, delay))
    }
  }

  async function replaceSlot(): Promise<void> {
    hasGap = true
    await dropSlot(pool, slot)
    await createSlot(pool, slot)
    log({ level: 'warn', event: 'slot-recreated' })
  }

  const slot = await newSlotName(pool, 'messages')
  let reconnecting: Promise<void> = Promise.resolve()
  const stale = await dropStaleSlots(pool)
  if (stale > 0) log({ level: 'info', event: 'slots-stale-dropped', detail: stale })
  await createSlot(pool, slot)
  try {
    await connect()
  } catch (error) {
    await dropSlot(pool, slot)
    throw error
  }

  return {
    get isConnected() {
      return stream !== null
    },
    whenConnected(then) {
      if (stream) then()
      else waiters.add(then)
      return () => waiters.delete(then)
    },
    async close() {
      if (isClosed) return
      isClosed = true
      const streaming = stream
      stream = null
      await streaming?.close()
      await reconnecting
      try {
        await dropSlot(pool, slot)
      } catch (error) {
        log({ level: 'warn', event: 'slot-drop-failed', detail: errorCode(error) })
      }
    },
  }
}
