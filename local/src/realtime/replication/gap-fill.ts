/**
 * When a slot is gone, so is what was committed since it last spoke: the stream of a new slot begins later. The rows are
 * still in realtime.messages. Reads them page by page, oldest first.
 */

import type pg from 'pg'
import type { DatabaseBroadcast } from './database-broadcast.ts'

interface Row {
  readonly id: string
  readonly topic: string
  readonly event: string
  readonly private: boolean
  readonly payload: string | null
  readonly binary_payload: Buffer | null
  readonly inserted_at: string
}

const PAGE_SIZE = 1_000
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/** Create the new slot first: then nothing lies between the last page and the stream. */
export async function fillGap(
  pool: pg.Pool,
  sinceMs: number,
  publish: (broadcast: DatabaseBroadcast) => void,
): Promise<void> {
  let after = { insertedAt: new Date(sinceMs).toISOString().replace('Z', ''), id: FIRST_ID }
  for (;;) {
    const { rows } = await pool.query<Row>(
      `select id::text, topic, event, coalesce(private, false) as private, payload::text, binary_payload,
              inserted_at::text
       from realtime.messages
       where extension = 'broadcast' and event is not null
         and (payload is not null or binary_payload is not null)
         and (inserted_at, id) > ($1::timestamp, $2::uuid)
       order by inserted_at, id
       limit ${PAGE_SIZE}`,
      [after.insertedAt, after.id],
    )
    for (const row of rows) {
      publish({
        id: row.id,
        topic: row.topic,
        event: row.event,
        isPrivate: row.private,
        encoding: row.payload === null ? 'binary' : 'json',
        payload: row.payload === null ? (row.binary_payload ?? Buffer.alloc(0)) : Buffer.from(row.payload),
      })
    }
    const last = rows.at(-1)
    if (rows.length < PAGE_SIZE || !last) return
    after = { insertedAt: last.inserted_at, id: last.id }
  }
}
