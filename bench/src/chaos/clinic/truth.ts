/** What the database holds of a visit, in the client's shapes. */
import type pg from 'pg'

export interface TrueMessage {
  id: string
  seq: number
  senderId: string | null
  body: string | null
  isEdited: boolean
  isRetracted: boolean
  change: number | null
}

export interface TrueRoom {
  messages: readonly TrueMessage[]
  /** By user id. */
  cursors: ReadonlyMap<string, { deliveredSeq: number; readSeq: number; isGone: boolean; unread: number }>
}

export async function readRoom(truth: pg.Pool, roomId: string): Promise<TrueRoom> {
  const messages = await truth.query(
    `select id, seq::int, sender_id, case when retracted_at is null then body end as body,
            edited_at is not null as is_edited, retracted_at is not null as is_retracted, change::int
     from public.chat_messages where room_id = $1 order by seq`,
    [roomId],
  )
  const cursors = await truth.query(
    `select p.user_id, p.delivered_seq::int, p.read_seq::int, p.left_at is not null as is_gone,
            (select least(count(*), 100)::int from public.chat_messages m where m.room_id = p.room_id and m.seq > p.read_seq
               and m.sender_id is distinct from p.user_id and (m.kind <> 'system' or m.body is not null)) as unread
     from public.chat_participants p where p.room_id = $1`,
    [roomId],
  )
  return {
    messages: messages.rows.map(row => ({
      id: row.id,
      seq: row.seq,
      senderId: row.sender_id,
      body: row.body,
      isEdited: row.is_edited,
      isRetracted: row.is_retracted,
      change: row.change,
    })),
    cursors: new Map(
      cursors.rows.map(row => [
        row.user_id as string,
        { deliveredSeq: row.delivered_seq, readSeq: row.read_seq, isGone: row.is_gone, unread: row.unread },
      ]),
    ),
  }
}

/** In how many places the hash chains of the audit log do not hold. */
export async function readProblemsOfLog(truth: pg.Pool): Promise<number> {
  const { rows } = await truth.query<{ count: number }>(
    'select count(*)::int as count from private.verify_audit_log()',
  )
  return rows[0]?.count ?? 0
}
