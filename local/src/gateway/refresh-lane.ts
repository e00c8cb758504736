/**
 * Renewals with one refresh token, one at a time. lite reads the token, revokes it and makes its successor in separate
 * steps: two at once would both succeed, and whoever then lost an answer and asked once more with that token would be
 * taken for a thief and signed out. Hosted Supabase holds a lock on its row.
 */
import { createHash } from 'node:crypto'

export interface RefreshLane {
  /** Runs what has the same body after one another; other bodies at once. */
  run<T>(body: string, renew: () => Promise<T>): Promise<T>
}

export function createRefreshLane(): RefreshLane {
  const last = new Map<string, Promise<unknown>>()
  return {
    async run(body, renew) {
      // No token is kept as a key.
      const key = createHash('sha256').update(body).digest('base64')
      const before = last.get(key) ?? Promise.resolve()
      const mine = before.then(renew, renew)
      last.set(key, mine)
      try {
        return await mine
      } finally {
        if (last.get(key) === mine) last.delete(key)
      }
    },
  }
}
