/**
 * `GET /health`: whether to send people here. 503 while the database does not answer and for no other reason: without
 * replication they write on and their clients ask more often, which no answer at all would not allow.
 *
 * Must never happen: a host, a name of a slot, an error's text; or more than one question to the database at a time,
 * however many ask.
 */
import { readFileSync } from 'node:fs'
import { inTime } from './in-time.ts'

export interface Health {
  /** `degraded`: it serves, and clients learn of news late. */
  status: 'up' | 'degraded' | 'down'
  version: string
  database: 'up' | 'down'
  /** `lagBytes`: of the log, committed and not yet sent; null: not known. */
  replication: { connected: boolean; lagBytes: number | null }
  realtime: { sockets: number; channels: number }
}

const VERSION = versionOf(new URL('../../../package.json', import.meta.url))

export function createHealth(options: {
  /** @throws when the database is down */
  askDatabase(): Promise<unknown>
  realtime: {
    health(): { replicationConnected: boolean; sockets: number; channels: number }
    slotLagBytes(): Promise<number | null>
  }
}): () => Promise<Health> {
  const { realtime } = options
  const look = async (): Promise<Health> => {
    const [isUp, lagBytes] = await Promise.all([
      inTime(
        options.askDatabase().then(() => true),
        false,
      ),
      inTime(realtime.slotLagBytes(), null),
    ])
    const { replicationConnected: connected, sockets, channels } = realtime.health()
    return {
      status: !isUp ? 'down' : connected ? 'up' : 'degraded',
      version: VERSION,
      database: isUp ? 'up' : 'down',
      replication: { connected, lagBytes },
      realtime: { sockets, channels },
    }
  }
  let looking: Promise<Health> | null = null
  return () => {
    looking ??= look().finally(() => {
      looking = null
    })
    return looking
  }
}

function versionOf(manifest: URL): string {
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  return version
}
