/** What subscribers are told of a row: its values, types and old values, whoever may see it. */

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type ChangeBench, changesOf, createChangeBench } from '../testing/change-bench.ts'

let bench: ChangeBench

beforeAll(async () => {
  bench = await createChangeBench({ limits: { maxChangeBytes: 10_000 } })
})

afterEach(() => bench.closeClients())

afterAll(() => bench.close())

test('R113 inserts, updates and deletes are told with their columns, in the order of their commits', async () => {
  await bench.sql(`
    create table public.notes (id int primary key, body text, done boolean not null default false);
    grant select on public.notes to anon;
    alter publication supabase_realtime add table public.notes`)
  const client = await bench.connect()
  const [id] = await bench.subscribe(client, 'notes', [{ event: '*', schema: 'public', table: 'notes' }])
  await bench.sql(`insert into public.notes values (1, 'a')`)
  await bench.sql(`update public.notes set body = 'b', id = 2`)
  await bench.sql(`update public.notes set done = true`)
  await bench.sql('truncate public.notes')
  await bench.sql(`insert into public.notes values (3, null)`)
  await bench.sql(`delete from public.notes`)
  await bench.settle(client)
  const common = {
    schema: 'public',
    table: 'notes',
    commit_timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    columns: [
      { name: 'id', type: 'int4' },
      { name: 'body', type: 'text' },
      { name: 'done', type: 'bool' },
    ],
    errors: null,
  }
  expect(changesOf(client).map(({ data }) => data)).toEqual([
    { ...common, type: 'INSERT', record: { id: 1, body: 'a', done: false } },
    { ...common, type: 'UPDATE', record: { id: 2, body: 'b', done: false }, old_record: { id: 1 } },
    { ...common, type: 'UPDATE', record: { id: 2, body: 'b', done: true }, old_record: { id: 2 } },
    { ...common, type: 'INSERT', record: { id: 3, body: null, done: false } },
    { ...common, type: 'DELETE', old_record: { id: 3 } },
  ])
  expect(changesOf(client).every(({ ids }) => ids.length === 1 && ids[0] === id)).toBe(true)
  const [message] = client.received.filter(({ event }) => event === 'postgres_changes')
  expect(message).toMatchObject({ joinRef: null, ref: null })
})

test('R113 both protocol versions get the same payload', async () => {
  await bench.sql(`
    create table public.both (id int primary key);
    grant select on public.both to anon;
    alter publication supabase_realtime add table public.both`)
  const [one, two] = [await bench.connect({ version: '1.0.0' }), await bench.connect()]
  for (const client of [one, two]) await bench.subscribe(client, 'both', [{ event: '*', table: 'both' }])
  await bench.sql('insert into public.both values (1)')
  for (const client of [one, two]) await client.waitForEvent('postgres_changes')
  expect(changesOf(one)).toEqual(changesOf(two))
})

test('R114 values have their JSON form, types their names', async () => {
  await bench.sql(`
    create type public.mood as enum ('well', 'ill');
    create domain public.percent as int check (value between 0 and 100);
    create table public.kinds (
      id bigint primary key, n numeric, f float8, b boolean, t text, v varchar(9), c char(4), j json, jb jsonb,
      at timestamptz, day date, raw bytea, tags text[], u uuid, m public.mood, p public.percent, none text,
      "od""d, name" int
    );
    grant select on public.kinds to anon;
    alter publication supabase_realtime add table public.kinds`)
  const client = await bench.connect()
  await bench.subscribe(client, 'kinds', [{ event: 'INSERT', table: 'kinds' }])
  await bench.sql(
    `insert into public.kinds values (9007199254740993, 1.50, 'NaN', true, E'a"\\\\\\n√', 'v', 'c', '{"a": [1, null]}',
       '{"b": 1.0}', '2026-01-02 03:04:05.678+02', '2026-01-02', '\\x00ff', array['x,y', null, '"'],
       '00000000-0000-4000-8000-000000000001', 'ill', 7, null, 5)`,
  )
  await client.waitForEvent('postgres_changes')
  const [change] = changesOf(client)
  expect(change?.data.record).toEqual({
    ...{ id: 9007199254740992, n: 1.5, f: 'NaN', b: true, t: 'a"\\\n√', v: 'v', c: 'c   ' },
    ...{ j: { a: [1, null] }, jb: { b: 1 }, at: '2026-01-02T01:04:05.678+00:00', day: '2026-01-02' },
    ...{ raw: '00ff', tags: ['x,y', null, '"'], u: '00000000-0000-4000-8000-000000000001', m: 'ill', p: 7 },
    ...{ none: null, 'od"d, name': 5 },
  })
  expect(change?.data.columns.map(({ type }) => type)).toEqual([
    ...[
      'int8',
      'numeric',
      'float8',
      'bool',
      'text',
      'varchar',
      'bpchar',
      'json',
      'jsonb',
      'timestamptz',
      'date',
    ],
    ...['bytea', '_text', 'uuid', 'mood', 'percent', 'text', 'int4'],
  ])
})

test('R115 with the whole row as identity the old row is told whole', async () => {
  await bench.sql(`
    create table public.whole (id int primary key, body text);
    alter table public.whole replica identity full;
    grant select on public.whole to anon;
    alter publication supabase_realtime add table public.whole`)
  const client = await bench.connect()
  await bench.subscribe(client, 'whole', [{ event: '*', table: 'whole' }])
  await bench.sql(`insert into public.whole values (1, 'a')`)
  await bench.sql(`update public.whole set body = 'b'`)
  await bench.sql('delete from public.whole')
  await bench.settle(client)
  expect(changesOf(client).map(({ data }) => [data.record, data.old_record])).toEqual([
    [{ id: 1, body: 'a' }, undefined],
    [
      { id: 1, body: 'b' },
      { id: 1, body: 'a' },
    ],
    [undefined, { id: 1, body: 'b' }],
  ])
})

test('R116 a large value that did not change is left out, filters still know it; a whole identity tells it', async () => {
  const large = 'x'.repeat(4_000)
  await bench.sql(`
    create table public.toasted (id int primary key, n int, body text);
    alter table public.toasted alter body set storage external;
    create table public.toasted_whole (like public.toasted including all);
    alter table public.toasted_whole replica identity full;
    grant select on public.toasted, public.toasted_whole to anon;
    alter publication supabase_realtime add table public.toasted, public.toasted_whole`)
  const client = await bench.connect()
  await bench.subscribe(client, 'all', [{ event: 'UPDATE', table: 'toasted' }])
  await bench.subscribe(client, 'same', [{ event: 'UPDATE', table: 'toasted', filter: `body=eq.${large}` }])
  await bench.subscribe(client, 'other', [{ event: 'UPDATE', table: 'toasted', filter: 'body=eq.x' }])
  await bench.subscribe(client, 'whole', [{ event: 'UPDATE', table: 'toasted_whole' }])
  for (const table of ['toasted', 'toasted_whole']) {
    await bench.sql(`insert into public.${table} values (1, 1, $1)`, [large])
    await bench.sql(`update public.${table} set n = 2`)
  }
  await bench.settle(client)
  expect(changesOf(client, 'all').map(({ data }) => data.record)).toEqual([{ id: 1, n: 2 }])
  expect(changesOf(client, 'same')).toHaveLength(1)
  expect(changesOf(client, 'other')).toEqual([])
  expect(changesOf(client, 'whole')[0]?.data.record).toEqual({ id: 1, n: 2, body: large })
})

test('R117 of a row above the limit only the small values are told, and that it was too large', async () => {
  await bench.sql(`
    create table public.large (id int primary key, small text, body text);
    grant select on public.large to anon;
    alter publication supabase_realtime add table public.large`)
  const client = await bench.connect()
  await bench.subscribe(client, 'large', [{ event: '*', table: 'large', filter: 'body=like.y%' }])
  const insert = 'insert into public.large values ($1, $2, $3)'
  await bench.sql(insert, [1, 's'.repeat(64), `y${'x'.repeat(10_000)}`])
  await bench.sql(insert, [2, 's'.repeat(65), `y${'x'.repeat(10_000)}`])
  await bench.sql(insert, [3, 's'.repeat(65), `y${'x'.repeat(100)}`])
  await bench.sql(insert, [4, 's', 'x'.repeat(11_000)])
  await bench.settle(client)
  expect(changesOf(client).map(({ data }) => [data.errors, Object.keys(data.record ?? {})])).toEqual([
    [['Error 413: Payload Too Large'], ['id', 'small']],
    [['Error 413: Payload Too Large'], ['id']],
    [null, ['id', 'small', 'body']],
  ])
})

test('R118 a burst of many transactions to many subscribers keeps its order and loses nothing', async () => {
  await bench.sql(`
    create table public.burst (id int primary key);
    grant select on public.burst to anon;
    alter publication supabase_realtime add table public.burst`)
  const clients = []
  for (let i = 0; i < 5; i++) clients.push(await bench.connect())
  for (const client of clients) await bench.subscribe(client, 'burst', [{ event: '*', table: 'burst' }])
  const count = 600
  for (let n = 0; n < count; n += 100) {
    await bench.sql('insert into public.burst select generate_series($1::int, $1::int + 99)', [n])
  }
  for (const client of clients) {
    await client.until(() => changesOf(client).length >= count, `${count} changes`)
    expect(changesOf(client).map(({ data }) => data.record?.id)).toEqual(
      Array.from({ length: count }, (_, n) => n),
    )
  }
})
