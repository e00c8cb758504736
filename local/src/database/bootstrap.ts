/**
 * Makes a cluster and a database look like Supabase's before the first migration: roles, schemas, default privileges,
 * auth tables. All of it may run again at any time; it does so when something in it has changed.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Client, escapeIdentifier, escapeLiteral } from 'pg'
import { LOGIN_ROLES, type Secrets } from '../secrets.ts'
import { type DatabaseAddress, withClient } from './connect.ts'

const FILES = ['roles', 'schemas', 'auth', 'storage', 'realtime', 'realtime-changes'] as const
type Sql = Record<(typeof FILES)[number], string>

/**
 * Makes the database, owned by `postgres`, and everything a migration may take for granted in it.
 * `authSchemaSql`: the tables of the auth server, asked for only when needed.
 */
export async function bootstrap(
  address: DatabaseAddress,
  secrets: Secrets,
  authSchemaSql: () => Promise<string>,
): Promise<void> {
  const sql = await readSql()
  const mark = await fingerprint(sql)
  const database = escapeIdentifier(address.database)
  const isDone = await withClient(
    { ...address, database: 'template1' },
    'supabase_admin',
    secrets,
    async client => {
      const found = await client.query<{ mark: string | null }>(
        `select shobj_description(oid, 'pg_database') as mark from pg_database where datname = $1`,
        [address.database],
      )
      if (found.rows[0]?.mark === mark) return true
      await makeRoles(client, sql.roles, secrets)
      if (found.rowCount === 0) await client.query(`create database ${database} owner postgres`)
      else await client.query(`alter database ${database} owner to postgres`)
      return false
    },
  )
  if (isDone) return
  const authTables = await authSchemaSql()
  await withClient(address, 'supabase_admin', secrets, async client => {
    const { schemas, auth, storage, realtime } = sql
    for (const step of [schemas, authTables, auth, storage, realtime, sql['realtime-changes']])
      await client.query(step)
    // Last, so that a start that was cut short begins again.
    await client.query(`comment on database ${database} is ${escapeLiteral(mark)}`)
  })
}

async function readSql(): Promise<Sql> {
  const read = (name: string) => readFile(new URL(`../../sql/${name}.sql`, import.meta.url), 'utf8')
  const texts = await Promise.all(FILES.map(read))
  const [roles = '', schemas = '', auth = '', storage = '', realtime = '', changes = ''] = texts
  return { roles, schemas, auth, storage, realtime, 'realtime-changes': changes }
}

/** Changes with our SQL and with the pinned version of lite, whose tables are part of it. */
async function fingerprint(sql: Sql): Promise<string> {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  const hash = createHash('sha256').update(manifest).update(JSON.stringify(sql)).digest('hex')
  return `bootstrap ${hash.slice(0, 32)}`
}

/** For the whole cluster, with the passwords of this data directory. */
async function makeRoles(client: Client, sql: string, secrets: Secrets): Promise<void> {
  await client.query(sql)
  for (const role of LOGIN_ROLES) {
    if (role === 'supabase_admin') continue
    await client.query(
      `alter role ${escapeIdentifier(role)} password ${escapeLiteral(secrets.passwords[role])}`,
    )
  }
}
