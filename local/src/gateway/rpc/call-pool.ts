/**
 * The few connections that calls run on, each as `authenticator`, which may do nothing but become a request's role.
 * The queue before them is bounded: past it callers are told to come back rather than kept in memory.
 */
import { Pool, type PoolClient } from 'pg'
import { HttpError } from '../reply.ts'
import { type CallResult, type CallSettings, PipelinedCall } from './pipelined-call.ts'
import type { Statement } from './statement.ts'

const POOL_SIZE = 10
const MAX_WAITING = 500
const ACQUIRE_TIMEOUT_MS = 10_000
/** Beyond every statement timeout: a server that does not answer at all (paused, frozen disk). */
const CALL_DEADLINE_MS = 20_000

export interface CallPool {
  readonly pool: Pool
  /** `mustBeOneRow`: anything but exactly one row undoes the call and is an error. @throws */
  call(
    settings: CallSettings,
    statement: Statement,
    argument: string,
    mustBeOneRow: boolean,
  ): Promise<CallResult>
  close(): Promise<void>
}

export function createCallPool(database: {
  host: string
  port: number
  database: string
  user: string
  password: string
}): CallPool {
  const pool = new Pool({
    ...database,
    max: POOL_SIZE,
    connectionTimeoutMillis: ACQUIRE_TIMEOUT_MS,
    idleTimeoutMillis: 60_000,
    application_name: 'gateway rpc',
    keepAlive: true,
  })
  pool.on('error', () => {
    // An idle connection was lost; the pool has dropped it and the next call makes another.
  })
  pool.on('connect', client => {
    client.on('error', () => {
      // One in use was lost: the call that has it is told, and gives it back for good. Without a listener here, which
      // the pool takes away from a client that it hands out, the whole process would end.
    })
  })

  const acquire = async (): Promise<PoolClient> => {
    if (pool.waitingCount >= MAX_WAITING) {
      throw new HttpError(503, 'PGRST003', 'Too many calls are waiting for the database', {
        headers: { 'Retry-After': '1' },
      })
    }
    try {
      return await pool.connect()
    } catch (error) {
      if (error instanceof Error && error.message.includes('timeout exceeded')) {
        throw new HttpError(504, 'PGRST003', 'Timed out acquiring connection from connection pool.', {
          headers: { 'Retry-After': '1' },
          cause: error,
        })
      }
      throw error
    }
  }

  return {
    pool,
    call: async (settings, statement, argument, mustBeOneRow) => {
      const client = await acquire()
      let isHealthy = false
      const deadline = setTimeout(() => client.connection.stream.destroy(), CALL_DEADLINE_MS)
      const run = () => client.query(new PipelinedCall(settings, statement, argument)).done
      try {
        const result = mustBeOneRow ? await oneRowOf(client, run) : await run()
        isHealthy = true
        return result
      } catch (error) {
        // PostgreSQL said no: the connection is fine. Anything else, FATAL included: not to be used again.
        isHealthy =
          error instanceof HttpError ||
          (error instanceof Error && 'severity' in error && error.severity === 'ERROR')
        throw error
      } finally {
        clearTimeout(deadline)
        client.release(!isHealthy)
      }
    },
    close: () => pool.end(),
  }
}

async function oneRowOf(client: PoolClient, run: () => Promise<CallResult>): Promise<CallResult> {
  await client.query('begin')
  try {
    const result = await run()
    if (result.rows.length !== 1) throw notOneRow(result.rows.length)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

export const notOneRow = (count: number): HttpError =>
  new HttpError(406, 'PGRST116', 'Cannot coerce the result to a single JSON object', {
    details: `The result contains ${count} rows`,
  })
