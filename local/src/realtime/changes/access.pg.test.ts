/** Who is told of a row: row level security, column privileges, keys, and what the token says now. */

import type { PoolClient } from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type ChangeBench, changesOf, createChangeBench } from '../testing/change-bench.ts'
import type { RawClient } from '../testing/raw-client.ts'
import { SECRET_KEY, signToken } from '../testing/test-server.ts'

let bench: ChangeBench

beforeAll(async () => {
  bench = await createChangeBench({ limits: { authorizationTimeoutMs: 500 } })
  await bench.sql(`
    create function public.subject() returns text language sql stable
      as $$ select current_setting('request.jwt.claims', true)::json ->> 'sub' $$;
    create table public.letters (id int primary key, owner text, body text);
    alter table public.letters enable row level security;
    create policy mine on public.letters for select to authenticated using (owner = public.subject());
    grant select on public.letters to anon, authenticated, service_role;
    alter publication supabase_realtime add table public.letters`)
})

afterEach(async () => {
  bench.closeClients()
  await bench.sql('delete from public.letters')
})

afterAll(() => bench.close())

const LETTERS = { event: '*', schema: 'public', table: 'letters' }

async function watching(
  topic: string,
  entries: object[],
  subject?: string,
  key?: string,
): Promise<RawClient> {
  const client = await bench.connect(key === undefined ? {} : { key })
  await bench.subscribe(client, topic, entries, subject)
  return client
}

const idsOf = (client: RawClient) =>
  changesOf(client).map(({ data }) => [data.type, data.record?.id ?? data.old_record?.id])

/** In a transaction of its own, which would else see the activity of its first look for ever. */
async function untilWaiting(session: PoolClient, condition: string): Promise<void> {
  const look = async () => {
    await session.query('select pg_stat_clear_snapshot()')
    const { rowCount } = await session.query(
      `select from pg_stat_activity where datname = current_database() and ${condition}`,
    )
    return rowCount
  }
  await expect.poll(look, { interval: 5, timeout: 10_000 }).toBe(1)
}

test('R124 each is told of the rows that the policies let them see', async () => {
  const ada = await watching('letters', [LETTERS], 'ada')
  const adaAgain = await watching('letters', [LETTERS], 'ada')
  const eve = await watching('letters', [LETTERS], 'eve')
  const nobody = await watching('letters', [LETTERS])
  const service = await watching('letters', [LETTERS], undefined, SECRET_KEY)
  await bench.sql(`insert into public.letters values (1, 'ada', 'a'), (2, 'eve', 'b'), (3, null, 'c')`)
  await bench.settle(service)
  await Promise.all([ada, adaAgain, eve, nobody].map(client => client.heartbeat()))
  expect([ada, adaAgain, eve, nobody, service].map(idsOf)).toEqual([
    [['INSERT', 1]],
    [['INSERT', 1]],
    [['INSERT', 2]],
    [],
    [1, 2, 3].map(id => ['INSERT', id]),
  ])
})

test('R124 step by step: a row comes into sight and goes out of it', async () => {
  const [ada, eve] = [
    await watching('letters', [LETTERS], 'ada'),
    await watching('letters', [LETTERS], 'eve'),
  ]
  for (const statement of [
    `insert into public.letters values (1, 'ada', 'a')`,
    `update public.letters set body = 'b'`,
    `update public.letters set owner = 'eve'`,
    `update public.letters set body = 'c'`,
  ]) {
    await bench.sql(statement)
    await bench.settle(ada)
  }
  await eve.heartbeat()
  expect(changesOf(ada).map(({ data }) => data.record?.body)).toEqual(['a', 'b'])
  expect(changesOf(eve).map(({ data }) => data.record?.body)).toEqual(['b', 'c'])
})

test('R125 everyone is told the key of a deleted row, and nothing else of it', async () => {
  await bench.sql('alter table public.letters replica identity full')
  await bench.sql(`insert into public.letters values (1, 'ada', 'secret')`)
  const eve = await watching('letters', [LETTERS], 'eve')
  const guess = await watching('guess', [{ ...LETTERS, filter: 'body=eq.secret' }], 'eve')
  await bench.sql('delete from public.letters')
  await bench.settle(eve)
  await guess.heartbeat()
  expect(changesOf(eve).map(({ data }) => data.old_record)).toEqual([{ id: 1 }])
  // Else a filter would tell what the row held.
  expect(changesOf(guess)).toEqual([])
  await bench.sql('alter table public.letters replica identity default')
})

test('R126 a role is told the columns that it may read', async () => {
  await bench.sql(`
    create table public.staff (id int primary key, name text, salary int);
    grant select (id, name) on public.staff to anon;
    grant select (name) on public.staff to authenticated;
    grant select on public.staff to service_role;
    alter publication supabase_realtime add table public.staff`)
  const entry = { event: '*', table: 'staff' }
  const anon = await watching('staff', [entry])
  const noKey = await watching('staff', [entry], 'ada')
  const service = await watching('staff', [entry], undefined, SECRET_KEY)
  await bench.sql(`insert into public.staff values (1, 'Bo', 9)`)
  await bench.sql('delete from public.staff')
  await bench.settle(service)
  await Promise.all([anon, noKey].map(client => client.heartbeat()))
  const [inserted, deleted] = changesOf(anon)
  expect(inserted?.data).toMatchObject({ record: { id: 1, name: 'Bo' }, errors: null })
  expect(inserted?.data.record).not.toHaveProperty('salary')
  expect(inserted?.data.columns.map(({ name }) => name)).toEqual(['id', 'name'])
  expect(deleted?.data.old_record).toEqual({ id: 1 })
  expect(changesOf(service)[0]?.data.record).toEqual({ id: 1, name: 'Bo', salary: 9 })
  expect(changesOf(noKey)[0]?.data).toMatchObject({ errors: ['Error 401: Unauthorized'], columns: [] })
  expect(changesOf(noKey)[0]?.data).not.toHaveProperty('record')

  // A filter on what one may not read would tell it.
  const client = await bench.connect()
  await client.join('guess', { postgres_changes: [{ ...entry, filter: 'salary=gt.8' }] })
  expect((await client.waitForEvent('system', 'guess')).payload.status).toBe('error')
  await client.join('select', { postgres_changes: [{ ...entry, select: ['salary'] }] })
  expect((await client.waitForEvent('system', 'select')).payload.status).toBe('error')
})

test('R126 a filter on a column whose right was taken away matches nothing any more', async () => {
  await bench.sql(`
    create table public.files (id int primary key, body text);
    grant select on public.files to anon;
    alter publication supabase_realtime add table public.files`)
  const filtered = await watching('files', [{ event: '*', table: 'files', filter: 'body=eq.x' }])
  const plain = await watching('plain', [{ event: '*', table: 'files' }])
  await bench.sql(`insert into public.files values (1, 'x')`)
  await bench.settle(plain)
  await bench.sql('revoke select on public.files from anon')
  await bench.sql('grant select (id) on public.files to anon')
  await bench.sql(`insert into public.files values (2, 'x')`)
  await bench.settle(plain)
  await filtered.heartbeat()
  expect(changesOf(plain).map(({ data }) => data.record)).toEqual([{ id: 1, body: 'x' }, { id: 2 }])
  expect(changesOf(filtered).map(({ data }) => data.record)).toEqual([{ id: 1, body: 'x' }])
})

test('R126 without a right to its schema nothing of a table is told', async () => {
  await bench.sql(`
    create schema hidden;
    create table hidden.things (id int primary key);
    grant select on hidden.things to anon;
    alter publication supabase_realtime add table hidden.things`)
  const client = await watching('hidden', [{ event: '*', schema: '*' }])
  await bench.sql('insert into hidden.things values (1)')
  await bench.sql('delete from hidden.things')
  await client.until(() => changesOf(client).length === 2, '2 changes')
  for (const { data } of changesOf(client)) {
    expect(data).toMatchObject({ errors: ['Error 401: Unauthorized'], columns: [] })
    expect(data).not.toHaveProperty('record')
    expect(data).not.toHaveProperty('old_record')
  }
})

test('R127 chosen columns are told, and the key with them', async () => {
  await bench.sql(`
    create table public.wide (a text, b text, id int primary key, c text);
    grant select on public.wide to anon;
    alter publication supabase_realtime add table public.wide`)
  const client = await bench.connect()
  const ids = await bench.subscribe(client, 'wide', [
    { event: '*', table: 'wide', select: ['b'] },
    { event: '*', table: 'wide', select: ['b', 'id'] },
    { event: '*', table: 'wide', select: ['c', 'a'] },
    { event: 'INSERT', table: 'wide' },
    { event: 'INSERT', table: 'wide' },
  ])
  expect(new Set(ids).size).toBe(4)
  await bench.sql(`insert into public.wide values ('1', '2', 3, '4')`)
  await bench.settle(client)
  const seen = changesOf(client).map(({ ids: of, data }) => [
    of,
    data.record,
    data.columns.map(({ name }) => name),
  ])
  expect(seen).toEqual([
    [[ids[0], ids[1]], { id: 3, b: '2' }, ['b', 'id']],
    [[ids[2]], { a: '1', id: 3, c: '4' }, ['a', 'id', 'c']],
    [[ids[3]], { a: '1', b: '2', id: 3, c: '4' }, ['a', 'b', 'id', 'c']],
  ])
})

test('R128 a table without a key is told whole if it has no policies, and with error 400 if it has', async () => {
  await bench.sql(`
    create table public.log (line text);
    grant select on public.log to anon, authenticated;
    alter publication supabase_realtime add table public.log`)
  const client = await watching('log', [{ event: '*', table: 'log' }])
  await bench.sql(`insert into public.log values ('open')`)
  await bench.settle(client)
  await bench.sql('alter table public.log enable row level security')
  await bench.sql('create policy all_of_it on public.log for select to anon using (true)')
  await bench.sql(`insert into public.log values ('closed')`)
  await bench.settle(client)
  const [open, closed] = changesOf(client)
  expect(open?.data).toMatchObject({ record: { line: 'open' }, errors: null })
  expect(closed?.data).toMatchObject({ errors: ['Error 400: Bad Request, no primary key'] })
  expect(closed?.data).not.toHaveProperty('record')
})

test('R129 a policy that fails is a no, for who it fails for', async () => {
  await bench.sql(`
    create table public.odd (id int primary key);
    alter table public.odd enable row level security;
    create policy odd on public.odd for select to authenticated using (1 / (length(public.subject()) - 3) <> 0);
    grant select on public.odd to authenticated;
    alter publication supabase_realtime add table public.odd`)
  const entry = { event: '*', table: 'odd' }
  const [failing, fine] = [await watching('odd', [entry], 'eve'), await watching('odd', [entry], 'adam')]
  await bench.sql('insert into public.odd values (1)')
  await bench.settle(fine)
  await failing.heartbeat()
  expect([idsOf(failing), idsOf(fine)]).toEqual([[], [['INSERT', 1]]])
  expect(bench.server.logged).toContainEqual({ level: 'warn', event: 'policy-failed', detail: '22012' })
})

test('R129 a policy that hangs is cut off; who missed a change is sent to join again', async () => {
  await bench.sql(`
    create table public.slow (id int primary key);
    alter table public.slow enable row level security;
    create policy slow on public.slow for select to authenticated using (pg_sleep(5) is not null);
    grant select on public.slow to authenticated;
    alter publication supabase_realtime add table public.slow`)
  const slow = await watching('slow', [{ event: '*', table: 'slow' }], 'ada')
  const other = await watching('letters', [LETTERS], 'ada')
  await bench.sql('insert into public.slow values (1)')
  await bench.sql(`insert into public.letters values (1, 'ada', 'a')`)
  await slow.waitForEvent('phx_error', 'slow')
  await other.waitForEvent('postgres_changes')
  expect([idsOf(slow), idsOf(other)]).toEqual([[], [['INSERT', 1]]])
})

test('R129 a pattern that takes too long costs those who filter by patterns, and nobody else', async () => {
  await bench.sql(`
    create type public.sluggish as enum ('x');
    create function public.sleepy(public.sluggish, text) returns boolean language plpgsql strict
      as $$ begin perform pg_sleep(5); return true; end $$;
    create operator public.~ (leftarg = public.sluggish, rightarg = text, function = public.sleepy);
    create table public.texts (id int primary key, s public.sluggish);
    grant select on public.texts to anon;
    alter publication supabase_realtime add table public.texts`)
  const hostile = await watching('hostile', [{ event: '*', table: 'texts', filter: 's=match.x' }])
  const plain = await watching('plain', [{ event: '*', table: 'texts' }])
  const filtered = await watching('filtered', [{ event: '*', table: 'texts', filter: 's=eq.x' }])
  await bench.sql(`insert into public.texts values (1, 'x')`)
  await hostile.waitForEvent('phx_error')
  await Promise.all([plain, filtered].map(client => client.waitForEvent('postgres_changes')))
  expect([hostile, plain, filtered].map(idsOf)).toEqual([[], [['INSERT', 1]], [['INSERT', 1]]])
})

test('R129 a policy cannot write', async () => {
  await bench.sql(`
    create table public.seen (id int);
    grant insert on public.seen to authenticated;
    create function public.spy() returns boolean language plpgsql volatile
      as $$ begin insert into public.seen values (1); return true; end $$;
    create table public.spied (id int primary key);
    alter table public.spied enable row level security;
    create policy spied on public.spied for select to authenticated using (public.spy());
    grant select on public.spied to authenticated;
    alter publication supabase_realtime add table public.spied`)
  const client = await watching('spied', [{ event: '*', table: 'spied' }], 'ada')
  await bench.sql('insert into public.spied values (1)')
  await bench.settle(client)
  const { rows } = await bench.database.pool.query('select from public.seen')
  expect([idsOf(client), rows.length]).toEqual([[], 0])
})

test('R130 a new token is what counts for the next change', async () => {
  const client = await watching('letters', [LETTERS], 'ada')
  const insert = 'insert into public.letters values ($1, $2)'
  await bench.sql(insert, [1, 'ada'])
  await bench.settle(client)
  client.push('realtime:letters', 'access_token', { access_token: await signToken({ sub: 'eve' }) })
  await client.fence('letters')
  await bench.sql(insert, [2, 'ada'])
  await bench.sql(insert, [3, 'eve'])
  await bench.settle(client)
  expect(idsOf(client)).toEqual([
    ['INSERT', 1],
    ['INSERT', 3],
  ])
})

test('R130 an answer about a token that was replaced meanwhile does not count, and is asked for anew', async () => {
  await bench.sql(`
    create table public.gate (id int primary key);
    create table public.held (id int primary key, owner text);
    alter table public.held enable row level security;
    create policy mine on public.held for select to authenticated
      using (owner = public.subject() and (select count(*) from public.gate) = 0);
    grant select on public.gate, public.held to authenticated;
    alter publication supabase_realtime add table public.held`)
  const client = await watching('held', [{ event: '*', table: 'held' }], 'ada')
  const leaver = await watching('held', [{ event: '*', table: 'held' }], 'eve')
  const blocker = await bench.database.pool.connect()
  await blocker.query('begin')
  await blocker.query('lock table public.gate in access exclusive mode')
  await bench.sql(`insert into public.held values (1, 'eve'), (2, 'ada'), (3, 'eve')`)
  try {
    await untilWaiting(blocker, `wait_event_type = 'Lock' and application_name = 'realtime changes'`)
    client.push('realtime:held', 'access_token', { access_token: await signToken({ sub: 'eve' }) })
    await client.fence('held')
    await leaver.reply(leaver.push('realtime:held', 'phx_leave', {}))
  } finally {
    await blocker.query('rollback')
    blocker.release()
  }
  await client.waitForEvent('postgres_changes')
  await bench.settle(client)
  expect(idsOf(client)).toEqual([
    ['INSERT', 1],
    ['INSERT', 3],
  ])
  // Nor about a channel that was left meanwhile.
  await leaver.heartbeat()
  expect(changesOf(leaver)).toEqual([])
})

test('R130 a refused subscription is asked for again with a new token', async () => {
  await bench.sql(`
    create table public.members (id int primary key, name text);
    grant select (id) on public.members to anon;
    grant select on public.members to authenticated;
    alter publication supabase_realtime add table public.members`)
  const client = await bench.connect()
  const entry = { event: '*', table: 'members', filter: 'name=eq.ada' }
  await client.join('members', { postgres_changes: [entry] })
  expect((await client.waitForEvent('system')).payload.status).toBe('error')
  client.push('realtime:members', 'access_token', { access_token: await signToken({ sub: 'ada' }) })
  await client.waitFor(({ event, payload }) => event === 'system' && payload.status === 'ok')
  await bench.sql(`insert into public.members values (1, 'ada'), (2, 'eve')`)
  await bench.settle(client)
  expect(idsOf(client)).toEqual([['INSERT', 1]])
})

test('R120 of more subscriptions than a channel may have none is made', async () => {
  const client = await bench.connect()
  const entries = Array.from({ length: 101 }, (_, n) => ({ ...LETTERS, filter: `id=eq.${n}` }))
  const { status, response } = await client.join('many', { postgres_changes: entries })
  expect([status, (response?.postgres_changes as unknown[] | undefined)?.length]).toEqual(['ok', 101])
  expect((await client.waitForEvent('system')).payload).toMatchObject({
    status: 'error',
    message: expect.stringContaining('filters: [{"id", "eq", "100"}]'),
  })
  await bench.subscribe(await bench.connect(), 'many', entries.slice(0, 100))
})

test('R130 a token of a role that is none of the three subscribes to nothing', async () => {
  const client = await bench.connect()
  const token = await signToken({ sub: 'ada', role: 'postgres' })
  await client.join('letters', { postgres_changes: [LETTERS] }, token)
  expect((await client.waitForEvent('system')).payload.status).toBe('error')
  const known = await watching('letters', [LETTERS], 'ada')
  known.push('realtime:letters', 'access_token', { access_token: token })
  await known.fence('letters')
  await bench.sql(`insert into public.letters values (1, 'ada')`)
  await bench.settle(known)
  expect(changesOf(known)).toEqual([])
})

test('R130 nothing comes after the channel is left', async () => {
  const client = await watching('letters', [LETTERS], 'ada')
  await client.reply(client.push('realtime:letters', 'phx_leave', {}))
  await bench.sql(`insert into public.letters values (1, 'ada')`)
  await bench.settle(client)
  expect(changesOf(client)).toEqual([])
})

test('R139 a change is looked at once others can see its transaction, however early it is told', async () => {
  const writer = await bench.database.pool.connect()
  await writer.query('begin')
  await writer.query(`insert into public.letters values (1, 'ada')`)
  const { rows } = await writer.query<{ xid: string; oid: number }>(
    `select (pg_current_xact_id()::text::bigint % 4294967296)::text as xid, 'public.letters'::regclass::oid as oid`,
  )
  const reader = { role: 'authenticated', claims: '{"sub": "ada"}', subject: 'ada', filters: [0] }
  const answer = bench.database.pool.query<{ answer: { readers: boolean[] } }>(
    `select realtime.check_change($1, $2, 'INSERT', '{id,owner}', '{23,25}', '{1,ada}', '{t,t}', null, null, null,
       '[[]]', $3) as answer`,
    [rows[0]?.oid, rows[0]?.xid, JSON.stringify([reader])],
  )
  try {
    await untilWaiting(writer, `wait_event = 'PgSleep' and query like '%check_change%'`)
  } finally {
    await writer.query('commit')
    writer.release()
  }
  expect((await answer).rows[0]?.answer.readers).toEqual([true])
})
