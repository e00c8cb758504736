/**
 * Keeps the daily partitions of realtime.messages ahead of the clock: without one, `realtime.send` loses its message.
 * Runs before the server accepts sockets, by the hour, and soon after the date changed or the machine woke up (timers
 * stand still while it sleeps, so the wall clock is looked at often).
 */

import type pg from 'pg'

const LOOK_EVERY_MS = 30_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

export interface Partitions {
  ensure(): Promise<void>
  stop(): void
}

export function keepPartitions(
  pool: pg.Pool,
  onError: (error: unknown) => void,
  now: () => number = Date.now,
): Partitions {
  let doneAt = Number.NEGATIVE_INFINITY

  async function ensure(): Promise<void> {
    const startedAt = now()
    await pool.query('select realtime.maintain_message_partitions(to_timestamp($1))', [startedAt / 1000])
    doneAt = startedAt
  }

  const timer = setInterval(() => {
    const isNewDay = Math.floor(now() / DAY_MS) !== Math.floor(doneAt / DAY_MS)
    if (isNewDay || now() - doneAt >= HOUR_MS) ensure().catch(onError)
  }, LOOK_EVERY_MS)
  timer.unref()

  return { ensure, stop: () => clearInterval(timer) }
}
