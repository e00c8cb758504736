/** The JSON form of a value, by the type of its column, and the name of that type. */

import { describe, expect } from 'vitest'
import { changesOf } from '../testing/change-bench.ts'
import { useChanges } from '../testing/use-changes.ts'
import { conforms, useRealtime, type Version } from '../testing/use-realtime.ts'

const realtime = useRealtime()
const changes = useChanges(realtime)

type Case = [type: string, sql: string, told: unknown, name?: string]

/** Inserts the literals into one row, a column each, and compares what is told. */
async function tells(version: Version, cases: Case[]): Promise<void> {
  const table = await changes.table(
    ['id int primary key', ...cases.map(([type], i) => `c${i} ${type}`)].join(', '),
  )
  const { client } = await changes.watch(version, [{ event: 'INSERT', table }])
  await changes.sql(`insert into public.${table} values (1, ${cases.map(([, sql]) => sql).join(', ')})`)
  await changes.settle(client)
  const [change] = changesOf(client)
  expect(change?.data.record).toStrictEqual({
    id: 1,
    ...Object.fromEntries(cases.map(([, , told], i) => [`c${i}`, told])),
  })
  expect(change?.data.columns).toEqual([
    { name: 'id', type: 'int4' },
    ...cases.map(([type, , , name], i) => ({ name: `c${i}`, type: name ?? type })),
  ])
}

describe('R163 1.6 postgres_changes: values', () => {
  conforms('1.6 numbers are JSON numbers', version =>
    tells(version, [
      ['int2', '-32768', -32768],
      ['int4', '2147483647', 2147483647],
      ['int8', '9007199254740991', 9007199254740991],
      ['float4', '1.5', 1.5],
      ['float8', '1e100', 1e100],
      ['numeric', '-0.10', -0.1],
      ['numeric(10,2)', '3', 3, 'numeric'],
    ]),
  )

  conforms('1.6 digits beyond what a double holds are in the frame', async version => {
    const table = await changes.table('id int8 primary key, d numeric')
    const { client } = await changes.watch(version, [{ event: 'INSERT', table }])
    const frames: string[] = []
    client.webSocket.on('message', data => frames.push(String(data)))
    await changes.sql(`insert into public.${table} values (9007199254740993, 0.12345678901234567890)`)
    await changes.settle(client)
    expect(frames.find(text => text.includes('postgres_changes'))).toContain(
      '"record":{"id":9007199254740993,"d":0.12345678901234567890}',
    )
  })

  conforms('1.6 numbers that JSON has not are texts', version =>
    tells(version, [
      ['float8', `'NaN'`, 'NaN'],
      ['float8', `'-Infinity'`, '-Infinity'],
      ['numeric', `'NaN'`, 'NaN'],
    ]),
  )

  conforms('1.6 booleans, NULL and texts are JSON ones, whatever their characters', version =>
    tells(version, [
      ['bool', 'true', true],
      ['bool', 'false', false],
      ['bool', 'null', null],
      ['text', `E'a"b\\\\c\\n\\t\\x01 é √ 𝄞'`, 'a"b\\c\n\t\u0001 é √ 𝄞'],
      ['text', `''`, ''],
      ['text', `'null'`, 'null'],
      ['varchar(9)', `'v'`, 'v', 'varchar'],
      ['char(3)', `'c'`, 'c  ', 'bpchar'],
      ['name', `'n'`, 'n'],
    ]),
  )

  conforms('1.6 dates and times are ISO 8601; timestamptz in UTC, with its offset', version =>
    tells(version, [
      ['timestamptz', `'2026-03-04 05:06:07.123456+02'`, '2026-03-04T03:06:07.123456+00:00'],
      ['timestamptz', `'2026-03-04 05:06:07Z'`, '2026-03-04T05:06:07+00:00'],
      ['timestamptz', `'infinity'`, 'infinity'],
      ['timestamp', `'2026-03-04 05:06:07.5'`, '2026-03-04T05:06:07.5'],
      ['date', `'2026-03-04'`, '2026-03-04'],
      ['time', `'05:06:07'`, '05:06:07'],
      ['timetz', `'05:06:07+02'`, '05:06:07+02'],
      ['interval', `'1 day 02:03:04'`, '1 day 02:03:04'],
    ]),
  )

  conforms('1.6 bytea is hex without a prefix', version =>
    tells(version, [
      ['bytea', `'\\x00ff10'`, '00ff10'],
      ['bytea', `''`, ''],
      ['bytea', 'null', null],
    ]),
  )

  conforms('1.6 json and jsonb are what they hold', version =>
    tells(version, [
      ['json', `'{"a": [1, null, {"b": "é"}]}'`, { a: [1, null, { b: 'é' }] }],
      ['jsonb', `'[true, 1.5, "x"]'`, [true, 1.5, 'x']],
      ['jsonb', `'null'`, null],
      ['jsonb', `'"text"'`, 'text'],
    ]),
  )

  conforms('1.6 arrays are JSON arrays of their elements', version =>
    tells(version, [
      ['int4[]', `'{1,null,3}'`, [1, null, 3], '_int4'],
      ['text[]', `array['a,b', '"', 'null', '']`, ['a,b', '"', 'null', ''], '_text'],
      [
        'int4[]',
        `'{{1,2},{3,4}}'`,
        [
          [1, 2],
          [3, 4],
        ],
        '_int4',
      ],
      ['bool[]', `'{}'`, [], '_bool'],
      ['jsonb[]', `array['{"a":1}'::jsonb]`, [{ a: 1 }], '_jsonb'],
      [
        'timestamptz[]',
        `array['2026-01-01 00:00+00'::timestamptz]`,
        ['2026-01-01T00:00:00+00:00'],
        '_timestamptz',
      ],
    ]),
  )

  conforms('1.6 other types are their text; columns tell the name of the type in pg_type', async version => {
    const made = `kind_${version[0]}`
    await changes.sql(`
      create type public.${made} as enum ('well', 'ill');
      create domain public.${made}_share as int check (value between 0 and 100);
      create type public.${made}_pair as (a int, b text)`)
    await tells(version, [
      ['uuid', `'00000000-0000-4000-8000-00000000000A'`, '00000000-0000-4000-8000-00000000000a'],
      ['inet', `'10.0.0.1/8'`, '10.0.0.1/8'],
      ['int4range', `'[1,5)'`, '[1,5)'],
      ['point', `'(1,2)'`, '(1,2)'],
      ['bit(3)', `B'101'`, '101', 'bit'],
      ['varbit', `B'1'`, '1'],
      ['"char"', `'c'`, 'c', 'char'],
      ['macaddr', `'08:00:2b:01:02:03'`, '08:00:2b:01:02:03'],
      ['tsvector', `'a b'`, `'a' 'b'`],
      ['int4range[]', `'{"[1,3)"}'`, ['[1,3)'], '_int4range'],
      [`public.${made}`, `'ill'`, 'ill', made],
      [`public.${made}[]`, `'{ill,well}'`, ['ill', 'well'], `_${made}`],
      [`public.${made}_share`, '7', 7, `${made}_share`],
      [`public.${made}_pair`, `row(1, 'x')`, { a: 1, b: 'x' }, `${made}_pair`],
    ])
  })

  conforms('1.6 names need no quoting to be told', async version => {
    const table = await changes.table('"Id" int primary key, "od""d, ñame" int, "select" int')
    const { client } = await changes.watch(version, [{ event: '*', table }])
    await changes.sql(`insert into public.${table} values (1, 2, 3)`)
    await changes.sql(`delete from public.${table}`)
    await changes.settle(client)
    expect(changesOf(client).map(({ data }) => data.record ?? data.old_record)).toEqual([
      { Id: 1, 'od"d, ñame': 2, select: 3 },
      { Id: 1 },
    ])
  })

  conforms('1.6 defaults, also those of columns added later, are told as values', async version => {
    const table = await changes.table('id int primary key, n int default 5')
    await changes.sql(`alter table public.${table} add s text not null default 'x'`)
    const { client } = await changes.watch(version, [{ event: '*', table }])
    await changes.sql(`insert into public.${table} (id) values (1)`)
    await changes.settle(client)
    expect(changesOf(client).map(({ data }) => data.record)).toEqual([{ id: 1, n: 5, s: 'x' }])
  })
})
