import type { Task } from 'graphile-worker'

/**
 * What the database does by the clock: each is a function `private.<name>()` that does a portion and says how much it
 * did. Nothing waits for them to be right: a window, a grant or a limit ends at its moment, whether or not they have run.
 */
export const HOUSEKEEPING = [
  'close_reply_windows',
  'end_expired_grants',
  'archive_rooms',
  'erase_due_rooms',
] as const

/** Runs `private.<name>()` until there is nothing left to do. */
export function inPortions(name: (typeof HOUSEKEEPING)[number]): Task {
  return async (_payload, { withPgClient }) => {
    let done: number
    do {
      done = await withPgClient(async client => {
        const { rows } = await client.query<{ count: number }>(`select private.${name}() as count`)
        return rows[0]?.count ?? 0
      })
    } while (done > 0)
  }
}
