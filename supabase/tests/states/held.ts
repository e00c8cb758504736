/** Two calls, the first of which is not committed before the second has come to an end or waits: any race, every time. */
import { expect } from 'vitest'
import type { Attempt, Connection, EmptyClinic } from '../empty-clinic.ts'

/** How many of these sessions wait for a lock. */
export async function waiting(clinic: EmptyClinic, pids: readonly (number | undefined)[]): Promise<number> {
  const [row] = await clinic.owner<{ waiting: number }>(
    `select count(*)::int as waiting from pg_stat_activity where pid = any($1) and wait_event_type = 'Lock'`,
    [pids],
  )
  return row?.waiting ?? 0
}

export const pidOf = async (connection: Connection) =>
  (await connection.owner<{ pid: number }>('select pg_backend_pid() as pid'))[0]?.pid

export interface Held {
  first: Attempt
  second: Attempt
  /** Whether the second one waited for the first one's commit. */
  didWait: boolean
}

export async function held(clinic: EmptyClinic) {
  const [here, there] = await Promise.all([clinic.connect(), clinic.connect()])
  const pid = await pidOf(there)
  return {
    here,
    there,
    async both(first: () => Promise<Attempt>, second: () => Promise<Attempt>): Promise<Held> {
      await here.owner('begin')
      try {
        const firstSaid = await first()
        let isOver = false
        let didWait = false
        const running = second().finally(() => {
          isOver = true
        })
        await expect
          .poll(
            async () => {
              didWait = !isOver && (await waiting(clinic, [pid])) > 0
              return isOver || didWait
            },
            { interval: 1, timeout: 15_000 },
          )
          .toBe(true)
        await here.owner('commit')
        return { first: firstSaid, second: await running, didWait }
      } finally {
        await here.owner('rollback')
      }
    },
  }
}
