/** Filters, evaluated by PostgreSQL with the column's own type. */

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type ChangeBench, changesOf, createChangeBench } from '../testing/change-bench.ts'

let bench: ChangeBench

const ROWS = `
  insert into public.facts values
    (1, 2, 1.50, 'abc', 'abc', 'abc', '2026-01-01 00:00:00+00', true, 'low', '00000000-0000-4000-8000-00000000000a', '{a}', 'Abc', 'abc'),
    (2, 10, 10, 'Abd', 'Abd', 'Abd', '2026-01-01 01:00:00+02', false, 'high', '00000000-0000-4000-8000-00000000000b', '{b,c}', 'abd', 'Bcd'),
    (3, null, null, null, null, null, null, null, null, null, null, null, null),
    (4, -1, 1e10, 'a, "b" \\c', 'x''y', '', '2025-12-31 23:59:59.999+00', true, 'mid', null, '{}', 'ABC', 'b')`

beforeAll(async () => {
  bench = await createChangeBench()
  await bench.sql(`
    create schema extensions;
    grant usage on schema extensions to anon;
    create extension citext with schema extensions;
    create type public.level as enum ('low', 'mid', 'high');
    create table public.facts (
      id int primary key, n int, d numeric(20, 2), t text, v varchar(20), c char(5), at timestamptz, b boolean,
      l public.level, u uuid, tags text[], ci extensions.citext,
      w text collate "und-x-icu"
    );
    grant select on public.facts to anon;
    alter publication supabase_realtime add table public.facts;
    -- What a filter must not be able to reach.
    create table public.secrets (id int primary key)`)
})

afterEach(async () => {
  bench.closeClients()
  await bench.sql('truncate public.facts')
})

afterAll(() => bench.close())

const CASES: [filter: string, ids: number[]][] = [
  // Numbers compare as numbers, not as text.
  ...(<[string, number[]][]>[
    ['n=eq.2', [1]],
    ['n=eq. 2 ', [1]],
    ['n=neq.2', [2, 4]],
    ['n=lt.10', [1, 4]],
    ['n=lte.10', [1, 2, 4]],
    ['n=gt.2', [2]],
    ['n=gte.2', [1, 2]],
    ['n=in.(2,10,99)', [1, 2]],
    ['n=isdistinct.2', [2, 3, 4]],
    ['n=isdistinct.null', [1, 2, 4]],
    ['d=eq.1.5', [1]],
    ['d=eq.1.504', []],
    ['d=gt.9.999', [2, 4]],
  ]),
  ...(<[string, number[]][]>[
    ['n=not.eq.2', [2, 4]],
    ['n=not.in.(2,10)', [4]],
    ['n=not.isdistinct.2', [1]],
    ['t=not.like.a%', [2]],
    ['n=not.is.null', [1, 2, 4]],
    ['b=not.is.true', [2, 3]],
  ]),
  ...(<[string, number[]][]>[
    ['n=is.null', [3]],
    ['b=is.true', [1, 4]],
    ['b=is.false', [2]],
    ['b=is.unknown', [3]],
    ['b=eq.yes', [1, 4]],
  ]),
  ...(<[string, number[]][]>[
    ['t=eq.abc', [1]],
    ['t=eq."a, \\"b\\" \\\\c"', [4]],
    ['t=in.("a, \\"b\\" \\\\c",abc)', [1, 4]],
    ['t=like.A%', [2]],
    ['t=ilike.A%', [1, 2, 4]],
    ['t=match.^a', [1, 4]],
    ['t=imatch.^AB', [1, 2]],
    // Bcd comes before b in the order of bytes, after it in that of the column.
    ['w=lt.b', [1]],
    ['w=gt.b', [2]],
    ["v=eq.x'y", [4]],
    // Longer than the column: no row has it, though its beginning is one.
    ['v=eq.abc                        x', []],
    ['c=eq.abc', [1]],
    ['c=like.ab%', [1]],
    ['ci=eq.ABC', [1, 4]],
  ]),
  ...(<[string, number[]][]>[
    ['at=eq.2026-01-01T00:00:00Z', [1]],
    ['at=eq.2025-12-31T23:00:00Z', [2]],
    ['at=lt.2026-01-01', [2, 4]],
    ['l=gt.low', [2, 4]],
    ['l=in.(low,high)', [1, 2]],
    ['u=eq.00000000-0000-4000-8000-00000000000A', [1]],
    ['tags=eq."{b,c}"', [2]],
  ]),
  ...(<[string, number[]][]>[
    ['n=gt.0,b=is.true', [1]],
    ['n=gt.0,n=lt.5,t=eq.abc', [1]],
    ['n=gt.0,n=lt.0', []],
  ]),
]

test('R119 every operator compares as the type of its column does', async () => {
  const client = await bench.connect()
  const ids = await bench.subscribe(
    client,
    'facts',
    CASES.map(([filter]) => ({ event: '*', schema: 'public', table: 'facts', filter })),
  )
  expect(new Set(ids).size).toBe(CASES.length)
  await bench.sql(ROWS)
  await bench.settle(client)
  const got = CASES.map(([filter], i) => [
    filter,
    changesOf(client)
      .filter(change => change.ids.includes(ids[i] ?? 0))
      .map(({ data }) => data.record?.id),
  ])
  expect(got).toEqual(CASES)
  // One frame a row, however many of a channel's subscriptions it is for.
  expect(changesOf(client)).toHaveLength(4)
})

const HOSTILE = [
  `t=eq.'; drop table public.secrets; --`,
  `t=eq.' or true or '' = '`,
  `t=eq.\\'; drop table public.secrets; --`,
  `t=in.("'); drop table public.secrets; --","x'::text) or true --")`,
  `t=like.' or true --`,
  `t=match.' or true --`,
  `t=eq.$1`,
  `t=eq.%s%I%L`,
  `t=eq.{"a":1}`,
]

test('R121 a hostile value is a value', async () => {
  const client = await bench.connect()
  await bench.subscribe(
    client,
    'hostile',
    HOSTILE.map(filter => ({ event: '*', table: 'facts', filter })),
  )
  await bench.sql(ROWS)
  await bench.sql('insert into public.secrets values (1)')
  await bench.settle(client)
  expect(changesOf(client)).toEqual([])
  // The positive control: the same values are found in rows that hold them.
  await bench.sql('insert into public.facts (id, t) values (9, $1)', [`' or true or '' = '`])
  await client.waitForEvent('postgres_changes')
  expect(changesOf(client).map(({ data, ids }) => [data.record?.id, ids.length])).toEqual([[9, 1]])
})

test.each([
  ...['n=eq.abc', 'n=like.1%', 'n=is.true', 'u=eq.1', 'l=eq.none', 't=match.(', 'at=gt.never', 'nope=eq.1'],
  ...['t"=eq.1', `t' or true --=eq.1`, 'b=eq.2', 'tags=eq.x', 'n=in.(1,x)', 'ctid=eq.1', 'n=foo.1'],
])('R120 the filter %s is refused in words, and the join stands', async filter => {
  const client = await bench.connect()
  const { status, response } = await client.join('bad', {
    postgres_changes: [
      { event: '*', table: 'facts' },
      { event: '*', table: 'facts', filter },
    ],
  })
  expect([status, response?.postgres_changes]).toEqual(['ok', [expect.anything(), expect.anything()]])
  const { payload } = await client.waitForEvent('system')
  expect(payload).toMatchObject({ extension: 'postgres_changes', status: 'error', channel: 'bad' })
  expect(payload.message).toMatch(
    /^Unable to subscribe to changes with given parameters\. Please check Realtime is enabled .*\[event: \*, schema: public, table: facts, filters: /,
  )
  client.broadcast('bad', 'still', {})
  await client.fence('bad')
})

test('R122 a deleted row is compared as far as it is known', async () => {
  await bench.sql(ROWS)
  const client = await bench.connect()
  await bench.subscribe(client, 'key', [{ event: 'DELETE', table: 'facts', filter: 'id=gt.2' }])
  await bench.subscribe(client, 'both', [{ event: 'DELETE', table: 'facts', filter: 'id=gt.2,n=eq.77' }])
  await bench.subscribe(client, 'unknown', [{ event: 'DELETE', table: 'facts', filter: 'n=is.null' }])
  await bench.sql('delete from public.facts')
  await bench.settle(client)
  const idsOf = (topic: string) => changesOf(client, topic).map(({ data }) => data.old_record?.id)
  expect([idsOf('key'), idsOf('both'), idsOf('unknown')]).toEqual([[3, 4], [3, 4], []])
})

test('R123 one filter that fails later costs the others nothing', async () => {
  await bench.sql(`
    create table public.changing (id int primary key, n int);
    grant select on public.changing to anon;
    alter publication supabase_realtime add table public.changing`)
  const client = await bench.connect()
  await bench.subscribe(client, 'broken', [{ event: '*', table: 'changing', filter: 'n=eq.1' }])
  await bench.subscribe(client, 'whole', [{ event: '*', table: 'changing', filter: 'id=gt.0' }])
  await bench.sql('alter table public.changing alter n type uuid using null')
  await bench.sql('insert into public.changing values (1, null)')
  await bench.settle(client)
  await bench.sql('alter table public.changing drop n')
  await bench.sql('insert into public.changing values (2)')
  await bench.sql('alter table public.changing add later text')
  await bench.sql(`insert into public.changing values (3, 'x')`)
  await bench.settle(client)
  expect(changesOf(client, 'broken')).toEqual([])
  expect(bench.server.logged).toContainEqual({ level: 'warn', event: 'policy-failed', detail: '22P02' })
  expect(changesOf(client, 'whole').map(({ data }) => data.record)).toEqual([
    { id: 1, n: null },
    { id: 2 },
    { id: 3, later: 'x' },
  ])
})
