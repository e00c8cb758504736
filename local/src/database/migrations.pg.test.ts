import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { MigrationError } from '../errors.ts'
import { testDatabase } from '../testing/index.ts'
import { migrate } from './migrations.ts'

const database = await testDatabase()
const supabaseDir = await mkdtemp(join(tmpdir(), 'bedside-migrations-'))
afterAll(() => rm(supabaseDir, { recursive: true, force: true }))

const write = (file: string, sql: string) => writeFile(join(supabaseDir, 'migrations', file), sql)
const run = (seed = false) => migrate(database.address, database.secrets, { supabaseDir, seed })
const failure = () => run().catch((error: unknown) => error)

beforeEach(async () => {
  await rm(join(supabaseDir, 'migrations'), { recursive: true, force: true })
  await mkdir(join(supabaseDir, 'migrations'))
  await database.query('drop schema supabase_migrations cascade; drop table if exists public.made')
})

it('L14 applies in order, once, as postgres, and records what it applied', async () => {
  await write('20260101000000_first.sql', 'create table public.made (by text default current_user, n int)')
  await write(
    '20260102000000_second.sql',
    'insert into public.made (n) values (1); insert into public.made (n) values (2)',
  )
  expect(await run()).toEqual({
    applied: ['20260101000000_first.sql', '20260102000000_second.sql'],
    isSeeded: false,
  })
  expect((await run()).applied).toEqual([])
  expect((await database.query('select * from public.made order by n')).rows).toEqual([
    { by: 'postgres', n: 1 },
    { by: 'postgres', n: 2 },
  ])
  const { rows } = await database.query(
    'select version, name, statements from supabase_migrations.schema_migrations order by version',
  )
  expect(rows[0]).toEqual({
    version: '20260101000000',
    name: 'first',
    statements: ['create table public.made (by text default current_user, n int)'],
  })
})

it('L14 a failing migration leaves nothing of itself and names file, line and reason', async () => {
  await write(
    '20260101000000_first.sql',
    'create table public.made (n int);\n\nselect wrong_column from public.made;',
  )
  const error = await failure()
  expect(error).toBeInstanceOf(MigrationError)
  expect(error).toMatchObject({
    message: expect.stringMatching(/20260101000000_first\.sql: .*wrong_column.*line 3.*42703/),
  })
  expect((await database.query(`select to_regclass('public.made') as made`)).rows).toEqual([{ made: null }])
})

it('L14 changed, missing, late and misnamed files are errors that say what to do', async () => {
  await write('20260102000000_second.sql', 'select 1')
  await run()
  await write('20260102000000_second.sql', 'select 2')
  expect(await failure()).toMatchObject({
    message: expect.stringMatching(/second\.sql was changed/),
    hint: expect.stringContaining('Put the file back'),
  })
  await rm(join(supabaseDir, 'migrations', '20260102000000_second.sql'))
  expect(await failure()).toMatchObject({
    message: expect.stringMatching(/second\.sql was applied.*missing/),
    hint: expect.stringContaining('start afresh'),
  })
  await write('20260102000000_second.sql', 'select 1')
  await write('20260101000000_late.sql', 'select 1')
  expect(await failure()).toMatchObject({
    message: expect.stringContaining('late.sql is older'),
    hint: expect.stringContaining('newer version'),
  })
  await rm(join(supabaseDir, 'migrations', '20260101000000_late.sql'))
  await write('3_short.sql', 'select 1')
  expect(await failure()).toMatchObject({ message: expect.stringContaining('<14 digits>') })
})

it('L14 two runners at once apply everything once; the seed is applied once', async () => {
  await write('20260101000000_first.sql', 'create table public.made (n int)')
  await writeFile(join(supabaseDir, 'seed.sql'), 'insert into public.made values (1)')
  const runs = await Promise.all([run(true), run(true), run(true)])
  expect(runs.map(one => one.applied.length).sort()).toEqual([0, 0, 1])
  expect(runs.filter(one => one.isSeeded)).toHaveLength(1)
  await run(true)
  expect((await database.query('select n from public.made')).rows).toEqual([{ n: 1 }])
  await rm(join(supabaseDir, 'seed.sql'))
})

it('GA5 roles and privileges are those of hosted Supabase', async () => {
  const { rows } = await database.superquery(
    `select rolname as name, rolsuper as super, rolbypassrls as bypass, rolcreaterole as createrole, rolcanlogin as login, rolinherit as inherit
     from pg_roles where rolname in ('postgres', 'anon', 'authenticated', 'service_role', 'authenticator') order by 1`,
  )
  const role = (name: string, flags: string) => ({
    name,
    super: false,
    bypass: flags.includes('b'),
    createrole: flags.includes('c'),
    login: flags.includes('l'),
    inherit: flags.includes('i'),
  })
  expect(rows).toEqual([
    role('anon', ''),
    role('authenticated', ''),
    role('authenticator', 'l'),
    role('postgres', 'bcli'),
    role('service_role', 'b'),
  ])
  await database.query('create table public.made (n int)')
  const granted = await database.query(
    `select has_table_privilege('anon', 'public.made', 'insert') as table,
       has_function_privilege('authenticated', 'auth.uid()', 'execute') as uid,
       has_table_privilege('authenticated', 'auth.users', 'select') as accounts,
       has_table_privilege('postgres', 'auth.users', 'select, insert, update, delete') as own`,
  )
  expect(granted.rows).toEqual([{ table: true, uid: true, accounts: false, own: true }])
  for (const allowed of [
    'create policy p on realtime.messages for select to authenticated using (true)',
    'create policy p on storage.objects for select to authenticated using (true)',
  ]) {
    await database.query(allowed)
  }
  for (const refused of [
    'create table auth.more (n int)',
    'create table storage.more (n int)',
    'alter table auth.users add column more int',
    'create policy p on auth.users using (true)',
    `alter role postgres superuser`,
    `copy public.made from program 'true'`,
  ]) {
    await expect(database.query(refused)).rejects.toMatchObject({ code: '42501' })
  }
})
