/**
 * What a private topic was told before its newcomer came: the newest rows of realtime.messages since a moment, read as
 * the newcomer, under the policies that decide what they may read.
 *
 *   in the room, holding back -> asked the database -> join answered -> rows, oldest first -> what was held back
 *
 * On connections of its own: a policy that hangs keeps nobody from joining without a replay. Never: a message lost between
 * the room and the rows, or told twice (see hold-back.ts).
 */

import type pg from 'pg'
import { assumeRole, type Subject } from './authorization.ts'
import { broadcastMessage, type RoomMessage } from './frames/server-message.ts'
import { inRolledBackTransaction } from './rolled-back-transaction.ts'

export interface ReplayWish {
  /** Milliseconds since 1970. */
  readonly since: number
  readonly limit: number
}

interface ReplayRow {
  readonly id: string
  readonly event: string
  readonly payload: string | null
  readonly binary_payload: Buffer | null
}

const RETENTION_MS = 72 * 3_600_000
/** The database's clock may be ahead of ours. Partitions beyond are empty, and not looked at. */
const CLOCK_DIFFERENCE_MS = 60_000

export class Replays {
  readonly #pool: pg.Pool
  readonly #maxPayloadBytes: number

  /** The pool's clients must be in pipeline mode and have a `statement_timeout`. */
  constructor(pool: pg.Pool, maxPayloadBytes: number) {
    this.#pool = pool
    this.#maxPayloadBytes = maxPayloadBytes
  }

  /** Oldest first. Throws what the database throws. */
  async read(subject: Subject, subTopic: string, wish: ReplayWish, now: number): Promise<RoomMessage[]> {
    const until = now + CLOCK_DIFFERENCE_MS
    const since = Math.min(Math.max(wish.since, now - RETENTION_MS), until)
    const rows = await inRolledBackTransaction<ReplayRow>(this.#pool, [
      assumeRole(subject, subTopic),
      {
        name: 'replay',
        text: `select id::text, event, payload::text, binary_payload
          from realtime.messages
          where topic = $1 and private is true and extension = 'broadcast' and event is not null
            and inserted_at >= $2::timestamp and inserted_at < $3::timestamp
            and coalesce(octet_length(payload::text), octet_length(binary_payload)) <= $4
          order by inserted_at desc, id desc
          limit $5`,
        values: [subTopic, timestamp(since), timestamp(until), this.#maxPayloadBytes, wish.limit],
      },
    ])
    return rows.reverse().map(row => replayed(`realtime:${subTopic}`, row))
  }
}

function replayed(topic: string, row: ReplayRow): RoomMessage {
  const isJson = row.payload !== null
  return broadcastMessage({
    topic,
    event: row.event,
    encoding: isJson ? 'json' : 'binary',
    payload: isJson ? Buffer.from(row.payload) : (row.binary_payload ?? Buffer.alloc(0)),
    meta: `{"replayed":true,"id":"${row.id}"}`,
    id: row.id,
  })
}

/** In UTC, as the column is. */
function timestamp(ms: number): string {
  return new Date(ms).toISOString().slice(0, -1)
}
