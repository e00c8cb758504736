/**
 * A database of a test file's own in the cluster of `BEDSIDE_TEST_PG_URL` (or in one that it started), with Supabase's
 * roles, the server's SQL, and policies that read a table of rights. Dropped at the end.
 */

import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import pg from 'pg'
import type { RealtimeDatabase } from '../database-config.ts'

export interface TestDatabase {
  readonly config: RealtimeDatabase
  /** As supabase_admin. */
  readonly pool: pg.Pool
  /** Lets a user (a token's `sub`) receive from a topic and, if asked, send to it. */
  allow(subject: string, topic: string, rights?: { write?: boolean; extension?: string }): Promise<void>
  forbid(subject: string): Promise<void>
  /** As the database itself does it in production: committed at once. Returns the payload's `id`. */
  send(topic: string, event: string, payload: object, isPrivate?: boolean): Promise<void>
  drop(): Promise<void>
}

const ROLES = `
  select pg_advisory_lock(7253);
  do $$
  declare wanted text;
  begin
    foreach wanted in array array[
      'anon', 'authenticated', 'service_role', 'authenticator', 'postgres', 'supabase_realtime_admin'
    ] loop
      if to_regrole(wanted) is null then execute format('create role %I noinherit', wanted); end if;
    end loop;
  end
  $$;
  alter role service_role bypassrls;
  alter role postgres inherit;
  grant supabase_realtime_admin to postgres with inherit true, set false;
  select pg_advisory_unlock(7253);
`

const POLICIES = `
  create table public.rights (subject text, topic text, extension text, may_write boolean);
  grant select on public.rights to anon, authenticated;
  set role postgres;
  create policy receive on realtime.messages for select to authenticated using (
    exists (
      select from public.rights
      where rights.subject = current_setting('request.jwt.claims')::json ->> 'sub'
        and rights.topic = (select realtime.topic())
        and rights.extension in ('*', messages.extension)
    )
  );
  create policy send on realtime.messages for insert to authenticated with check (
    exists (
      select from public.rights
      where rights.subject = current_setting('request.jwt.claims')::json ->> 'sub'
        and rights.topic = (select realtime.topic())
        and rights.extension in ('*', messages.extension)
        and rights.may_write
    )
  );
  reset role;
`

function testCluster(): RealtimeDatabase {
  const url = process.env.BEDSIDE_TEST_PG_URL
  if (!url)
    throw new Error('BEDSIDE_TEST_PG_URL is not set: it is the URL of a superuser of a PostgreSQL for tests')
  const { hostname, port, username, password } = new URL(url)
  return {
    host: hostname,
    port: Number(port || 5432),
    // Not the URL's own, which may be a template: those are not to be connected to.
    database: 'postgres',
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  }
}

export async function createTestDatabase(cluster = testCluster()): Promise<TestDatabase> {
  const database = `rt_${randomBytes(6).toString('hex')}`
  await asAdmin(cluster, async admin => {
    await admin.query(ROLES)
    await admin.query(`create database ${database} template template0`)
  })
  const config = { ...cluster, database }
  const pool = new pg.Pool({ ...config, max: 2 })
  // The database may be dropped while one of them is still on its way out of the pool.
  pool.on('connect', client => client.on('error', () => {}))
  // The last thing a test does is to drop the database under it.
  pool.on('error', () => undefined)
  for (const name of ['realtime', 'realtime-changes']) {
    await pool.query(await readFile(new URL(`../../../sql/${name}.sql`, import.meta.url), 'utf8'))
  }
  await pool.query(POLICIES)

  return {
    config,
    pool,
    async allow(subject, topic, { write = false, extension = '*' } = {}) {
      await pool.query('insert into public.rights values ($1, $2, $3, $4)', [
        subject,
        topic,
        extension,
        write,
      ])
    },
    async forbid(subject) {
      await pool.query('delete from public.rights where subject = $1', [subject])
    },
    async send(topic, event, payload, isPrivate = true) {
      await pool.query('select realtime.send($1, $2, $3, $4)', [payload, event, topic, isPrivate])
    },
    async drop() {
      await pool.end()
      await asAdmin(cluster, async admin => {
        await admin.query(`drop database ${database} with (force)`)
      })
    },
  }
}

async function asAdmin(cluster: RealtimeDatabase, use: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client(cluster)
  await admin.connect()
  try {
    await use(admin)
  } finally {
    await admin.end()
  }
}
