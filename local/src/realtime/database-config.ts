/** Where the server's PostgreSQL is, and the settings that all its connections share. */

import type pg from 'pg'

export interface RealtimeDatabase {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
}

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
    // realtime.messages.inserted_at has no time zone.
    options: '-c TimeZone=UTC',
  }
}

/** The SQLSTATE of an error that PostgreSQL sent, else null. */
export function sqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null
}

/** A SQLSTATE, or the code of a network error, or the error's name: what may be logged of an error. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.name
}
