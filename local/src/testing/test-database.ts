/** A database of its own for one test file, and SQL as anybody in it. */
import { randomBytes } from 'node:crypto'
import { Pool, type QueryResult, type QueryResultRow } from 'pg'
import { afterAll, inject } from 'vitest'
import { type DatabaseAddress, databaseUrl, withClient } from '../database/connect.ts'
import type { LoginRole, Secrets } from '../secrets.ts'
import { BARE_TEMPLATE, SEEDED_TEMPLATE, TEMPLATE } from './global-setup.ts'

/** What a token says: at least the role. `sub` makes `auth.uid()`. */
export interface TestClaims {
  role: 'anon' | 'authenticated' | 'service_role'
  sub?: string
  [claim: string]: unknown
}

export interface TestDatabase {
  readonly address: DatabaseAddress
  readonly secrets: Secrets
  /** As supabase_admin. */
  readonly superuserUrl: string
  /** As the migrations' role. */
  readonly postgresUrl: string
  /** As the role that becomes anon, authenticated or service_role. */
  readonly authenticatorUrl: string
  /** SQL as `postgres`, the migrations' role: rows past row level security, committed at once. */
  query<R extends QueryResultRow>(sql: string, params?: unknown[]): Promise<QueryResult<R>>
  /** SQL as the superuser. */
  superquery<R extends QueryResultRow>(sql: string, params?: unknown[]): Promise<QueryResult<R>>
  /** SQL in a transaction as the role and claims of a token, the way the gateway runs it. Undone, unless `commit`. */
  as<R extends QueryResultRow>(
    claims: TestClaims,
    sql: string,
    params?: unknown[],
    options?: { commit?: boolean },
  ): Promise<QueryResult<R>>
  drop(): Promise<void>
}

/** A signed-in person's claims. */
export const signedIn = (userId: string): TestClaims => ({
  role: 'authenticated',
  sub: userId,
  aud: 'authenticated',
})

/**
 * Clone a template. Await it at the top of a test file: it is dropped when that file is done.
 * `seed`: with the demo clinic in it; `bare`: before the first migration.
 */
export async function testDatabase(options: { seed?: boolean; bare?: boolean } = {}): Promise<TestDatabase> {
  const { host, port, secrets } = inject('bedsideCluster')
  const address = { host, port, database: `test_${randomBytes(6).toString('hex')}` }
  const admin = { host, port, database: 'template1' }
  await withClient(admin, 'supabase_admin', secrets, async client => {
    // Two clones of one template at the same time get in each other's way.
    await client.query('select pg_advisory_lock(1)')
    const template = options.bare ? BARE_TEMPLATE : options.seed ? SEEDED_TEMPLATE : TEMPLATE
    await client.query(`create database ${address.database} template ${template} owner postgres`)
  })
  const pools = new Map<LoginRole, Pool>()
  const poolOf = (role: LoginRole): Pool => {
    const known = pools.get(role)
    if (known) return known
    const pool = new Pool({
      connectionString: databaseUrl(address, role, secrets),
      max: 4,
      allowExitOnIdle: true,
    })
    // The database was dropped, or the server restarted by a test. Of clients that are just leaving the pool does not hear.
    pool.on('error', () => {})
    pool.on('connect', client => client.on('error', () => {}))
    pools.set(role, pool)
    return pool
  }

  const as: TestDatabase['as'] = async (claims, sql, params = [], { commit = false } = {}) => {
    const client = await poolOf('authenticator').connect()
    try {
      await client.query('begin')
      await client.query(
        `select set_config('role', $1, true), set_config('request.jwt.claims', $2, true),
                set_config('request.jwt.claim.sub', $3, true), set_config('request.jwt.claim.role', $1, true)`,
        [claims.role, JSON.stringify(claims), claims.sub ?? ''],
      )
      const result = await client.query(sql, params)
      if (commit) await client.query('commit')
      return result
    } finally {
      await client.query('rollback')
      client.release()
    }
  }

  let dropped: Promise<void> | null = null
  const drop = async () => {
    await Promise.all([...pools.values()].map(pool => pool.end()))
    await withClient(admin, 'supabase_admin', secrets, async client => {
      await client.query(
        `select pg_terminate_backend(active_pid) from pg_replication_slots where database = $1 and active`,
        [address.database],
      )
      await client.query(
        `select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = $1 and not active`,
        [address.database],
      )
      await client.query(`drop database if exists ${address.database} with (force)`)
    })
  }
  const database: TestDatabase = {
    address,
    secrets,
    superuserUrl: databaseUrl(address, 'supabase_admin', secrets),
    postgresUrl: databaseUrl(address, 'postgres', secrets),
    authenticatorUrl: databaseUrl(address, 'authenticator', secrets),
    query: (sql, params) => poolOf('postgres').query(sql, params),
    superquery: (sql, params) => poolOf('supabase_admin').query(sql, params),
    as,
    drop: () => {
      dropped ??= drop()
      return dropped
    },
  }
  afterAll(() => database.drop())
  return database
}
