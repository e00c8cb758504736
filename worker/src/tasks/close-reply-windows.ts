import type { Task } from 'graphile-worker'

/** Makes rooms read-only whose reply window is over, in portions, until none is left. */
export const closeReplyWindows: Task = async (_payload, { withPgClient }) => {
  let closed: number
  do {
    closed = await withPgClient(async client => {
      const { rows } = await client.query<{ count: number }>('select private.close_reply_windows() as count')
      return rows[0]?.count ?? 0
    })
  } while (closed > 0)
}
