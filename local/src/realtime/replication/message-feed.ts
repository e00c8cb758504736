/**
 * Broadcast from the database: streams realtime.messages into the hub for as long as the server lives.
 *
 *   the slot's stream -> the hub
 *   the slot was gone -> what the table holds -> the hub
 *
 * Sockets stay open meanwhile, and miss nothing. Never: a message twice (what a gap fill repeats is known by its id).
 */

import type pg from 'pg'
import { errorCode, type RealtimeDatabase } from '../database-config.ts'
import { broadcastMessage } from '../frames/server-message.ts'
import type { Hub } from '../hub.ts'
import type { RealtimeLog } from '../log.ts'
import { type DatabaseBroadcast, messageReader, type RowReader } from './database-broadcast.ts'
import { fillGap } from './gap-fill.ts'
import type { PgOutputMessage } from './pgoutput.ts'
import { RecentIds } from './recent-ids.ts'
import { openSlotStream, type SlotStream } from './slot-stream.ts'

export interface MessageFeedOptions {
  readonly database: RealtimeDatabase
  readonly pool: pg.Pool
  readonly hub: Hub
  readonly maxPayloadBytes: number
  readonly watchEveryMs: number
  readonly log: RealtimeLog
}

export type MessageFeed = Pick<SlotStream, 'isConnected' | 'lagBytes' | 'whenConnected' | 'close'>

const PUBLICATION = 'supabase_realtime_messages_publication'
const RECENT_IDS = 10_000
/** A transaction may have begun, and stamped its rows, so long before it committed. */
const GAP_MARGIN_MS = 60_000

/** Resolves when the first connection streams. */
export async function startMessageFeed(options: MessageFeedOptions): Promise<MessageFeed> {
  const { database, pool, hub, log } = options
  const recent = new RecentIds(RECENT_IDS)
  const readers = new Map<number, RowReader | null>()
  let isPaused = false
  const startedAt = Date.now()
  let lastCommitAt = startedAt

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
      id: broadcast.id,
    })
    hub.publish(room, message, 'broadcast')
  }

  function receive(message: PgOutputMessage): void {
    if (message.kind === 'begin') {
      lastCommitAt = message.committedAtMs
    } else if (message.kind === 'relation') {
      readers.set(message.relation.oid, messageReader(message.relation))
    } else if (message.kind === 'insert') {
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
    const resume = stream.pause()
    hub.whenRelieved(() => {
      isPaused = false
      resume()
    })
  }

  const stream = openSlotStream({
    database,
    pool,
    log,
    kind: 'messages',
    publication: PUBLICATION,
    watchEveryMs: options.watchEveryMs,
    onMessage: receive,
    onGap: () => fillGap(pool, Math.max(startedAt, lastCommitAt - GAP_MARGIN_MS), publish),
  })
  await stream.ready
  return stream
}
