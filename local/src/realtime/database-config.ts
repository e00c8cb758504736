/** Where the server's PostgreSQL is, and the settings that all its connections share. */

import type pg from 'pg'

export interface RealtimeDatabase {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
}

/**
 * A database may give its sessions others. The first because realtime.messages.inserted_at has no time zone, the rest
 * because values are read, and told, as the text that they make.
 */
const SETTINGS = ['TimeZone=UTC', 'IntervalStyle=postgres', 'bytea_output=hex', 'extra_float_digits=1']

export function connectionConfig(database: RealtimeDatabase, name: string): pg.ClientConfig {
  return {
    host: database.host,
    port: database.port,
    database: database.database,
    user: database.user,
    password: database.password,
    application_name: `realtime ${name}`,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    options: SETTINGS.map(setting => `-c ${setting}`).join(' '),
  }
}

/** The SQLSTATE of an error that PostgreSQL sent, else null. */
export function sqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null
}

/** Of a statement that ran into its timeout. */
export const QUERY_CANCELED = '57014'

/** Connection, resources, shutdown. */
const UNAVAILABLE_CLASSES: ReadonlySet<string> = new Set(['08', '53', '57', '58', 'XX'])

/** Whether an error is the database's trouble rather than that of what it was asked: another time it may answer. */
export function isUnavailable(error: unknown): boolean {
  const code = sqlState(error)
  return code === null || (code !== QUERY_CANCELED && UNAVAILABLE_CLASSES.has(code.slice(0, 2)))
}

/** A SQLSTATE, or the code of a network error, or the error's name: what may be logged of an error. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.name
}
