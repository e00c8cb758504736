/** Filters: every operator and its negation, lists, quoting, types, and what is compared when. */

import { describe, expect } from 'vitest'
import { changesOf } from '../testing/change-bench.ts'
import { useChanges } from '../testing/use-changes.ts'
import { conforms, useRealtime, type Version } from '../testing/use-realtime.ts'

const realtime = useRealtime()
const changes = useChanges(realtime)
const { sql } = changes

type Matches = [filter: string, ids: number[]]

const COLUMNS = `
  id int primary key, n int, d numeric, t text, c char(5), at timestamptz, b boolean, u uuid, tags text[], "a b" int`

const ROWS = `
  (1, 2, 1.50, 'abc', 'abc', '2026-01-01 00:00Z', true, '00000000-0000-4000-8000-00000000000a', '{a}', 1),
  (2, 10, 10, 'Abd', 'Abd', '2026-01-01 01:00+02', false, '00000000-0000-4000-8000-00000000000b', '{b,c}', 2),
  (3, null, null, null, null, null, null, null, null, null),
  (4, -1, 1e10, 'a, "b" \\c', '', '2025-12-31 23:59:59.999Z', true, null, '{}', 4)`

/** Inserts the rows above under a channel that has each filter as a binding of its own. */
async function matches(version: Version, expected: Matches[]): Promise<void> {
  const table = await changes.table(COLUMNS)
  const { client, ids } = await changes.watch(
    version,
    expected.map(([filter]) => ({ event: 'INSERT', schema: 'public', table, filter })),
  )
  await sql(`insert into public.${table} values ${ROWS}`)
  await changes.settle(client)
  const got = expected.map(([filter], i) => [
    filter,
    changesOf(client)
      .filter(change => change.ids.includes(ids[i] ?? 0))
      .map(({ data }) => data.record?.id),
  ])
  expect(got).toEqual(expected)
}

describe('R163 1.6 postgres_changes: filters', () => {
  conforms('1.6 eq and neq, and their negations; NULL is neither', version =>
    matches(version, [
      ['n=eq.2', [1]],
      ['n=not.eq.2', [2, 4]],
      ['n=neq.2', [2, 4]],
      ['n=not.neq.2', [1]],
      ['t=eq.abc', [1]],
      ['t=eq.ABC', []],
      ['c=eq.', [4]],
      ['n=eq. 2 ', [1]],
    ]),
  )

  conforms('1.6 lt, lte, gt and gte compare numbers as numbers', version =>
    matches(version, [
      ['n=lt.10', [1, 4]],
      ['n=not.lt.10', [2]],
      ['n=lte.10', [1, 2, 4]],
      ['n=not.lte.2', [2]],
      ['n=gt.2', [2]],
      ['n=not.gt.2', [1, 4]],
      ['n=gte.2', [1, 2]],
      ['n=not.gte.2', [4]],
      ['d=eq.1.5', [1]],
      ['d=gt.9.999', [2, 4]],
    ]),
  )

  conforms('1.6 in takes a list', version =>
    matches(version, [
      ['n=in.(2,10,99)', [1, 2]],
      ['n=not.in.(2,10)', [4]],
      ['n=in.(2)', [1]],
      ['n=in.( 2 , -1 )', [1, 4]],
      ['t=in.(abc,Abd)', [1, 2]],
      ['t=in.("a, \\"b\\" \\\\c",abc)', [1, 4]],
    ]),
  )

  conforms('1.6 in takes a hundred values and not one more', async version => {
    const table = await changes.table('id int primary key')
    const list = (count: number) => Array.from({ length: count }, (_, n) => n).join(',')
    const { client } = await changes.watch(version, [{ event: '*', table, filter: `id=in.(${list(100)})` }])
    await sql(`insert into public.${table} values (99), (100)`)
    await changes.settle(client)
    expect(changesOf(client).map(({ data }) => data.record)).toEqual([{ id: 99 }])
    const entry = { event: '*', table, filter: `id=in.(${list(101)})` }
    expect((await client.join('too-many', { postgres_changes: [entry] })).status).toBe('ok')
    expect((await client.waitForEvent('system', 'too-many')).payload.status).toBe('error')
  })

  conforms('1.6 like and ilike are patterns of SQL', version =>
    matches(version, [
      ['t=like.a%', [1, 4]],
      ['t=not.like.a%', [2]],
      ['t=like.ab_', [1]],
      ['t=like.b', []],
      ['t=ilike.A%', [1, 2, 4]],
      ['t=not.ilike.AB%', [4]],
      ['c=like.ab%', [1]],
    ]),
  )

  conforms('1.6 match and imatch are regular expressions', version =>
    matches(version, [
      ['t=match.^a', [1, 4]],
      ['t=not.match.^a', [2]],
      ['t=match.b(c|d)$', [1, 2]],
      ['t=imatch.^AB', [1, 2]],
      ['t=not.imatch.^AB', [4]],
    ]),
  )

  conforms('1.6 is knows null, true, false and unknown', version =>
    matches(version, [
      ['n=is.null', [3]],
      ['n=not.is.null', [1, 2, 4]],
      ['b=is.true', [1, 4]],
      ['b=not.is.true', [2, 3]],
      ['b=is.false', [2]],
      ['b=not.is.false', [1, 3, 4]],
      ['b=is.unknown', [3]],
      ['b=not.is.unknown', [1, 2, 4]],
    ]),
  )

  conforms('1.6 isdistinct takes NULL for a value', version =>
    matches(version, [
      ['n=isdistinct.2', [2, 3, 4]],
      ['n=not.isdistinct.2', [1]],
      ['n=isdistinct.null', [1, 2, 4]],
      ['n=not.isdistinct.null', [3]],
    ]),
  )

  conforms('1.6 a value compares as its column’s type does', version =>
    matches(version, [
      ['at=eq.2026-01-01T00:00:00Z', [1]],
      ['at=eq.2025-12-31T23:00:00Z', [2]],
      ['at=lt.2026-01-01T00:00:00Z', [2, 4]],
      ['b=eq.true', [1, 4]],
      ['u=eq.00000000-0000-4000-8000-00000000000A', [1]],
      ['tags=eq."{b,c}"', [2]],
      ['c=eq.abc', [1]],
      ['a b=eq.2', [2]],
    ]),
  )

  conforms('1.6 commas between filters are AND; quotes hold commas, \\ escapes', version =>
    matches(version, [
      ['n=gt.0,b=is.true', [1]],
      ['n=gt.0,n=lt.5,t=eq.abc', [1]],
      ['n=gt.0,n=lt.0', []],
      ['n=in.(2,10),t=not.eq.abc', [2]],
      ['t=eq."a, \\"b\\" \\\\c"', [4]],
      ['t=eq."a, \\"b\\" \\\\c",n=lt.0', [4]],
      ['t=eq."abc"', [1]],
    ]),
  )

  conforms('1.6 an UPDATE is compared as it is now, not as it was', async version => {
    const table = await changes.table(
      'id int primary key, n int',
      name => `alter table public.${name} replica identity full`,
    )
    await sql(`insert into public.${table} values (1, 1), (2, 2)`)
    const { client } = await changes.watch(version, [{ event: 'UPDATE', table, filter: 'n=eq.1' }])
    await sql(`update public.${table} set n = 3 - n`)
    await changes.settle(client)
    expect(changesOf(client).map(({ data }) => data.record)).toEqual([{ id: 2, n: 1 }])
  })

  conforms('1.6 a large value that was not sent is compared all the same', async version => {
    const large = 'x'.repeat(4_000)
    const table = await changes.table(
      'id int primary key, n int, body text',
      name => `alter table public.${name} alter body set storage external`,
    )
    await sql(`insert into public.${table} values (1, 1, $1), (2, 1, 'y')`, [large])
    const { client } = await changes.watch(version, [{ event: 'UPDATE', table, filter: 'body=like.xx%' }])
    await sql(`update public.${table} set n = 2`)
    await changes.settle(client)
    expect(changesOf(client).map(({ data }) => data.record)).toEqual([{ id: 1, n: 2 }])
  })

  conforms('1.6 a DELETE is compared with what is known of the old row', async version => {
    const columns = 'id int primary key, n int'
    const [keyed, whole] = [
      await changes.table(columns),
      await changes.table(columns, name => `alter table public.${name} replica identity full`),
    ]
    const entries = [keyed, whole].flatMap(table =>
      ['id=gt.1', 'n=eq.1'].map(filter => ({ event: 'DELETE', table, filter })),
    )
    for (const table of [keyed, whole]) await sql(`insert into public.${table} values (1, 1), (2, 2)`)
    const { client, ids } = await changes.watch(version, entries)
    for (const table of [keyed, whole]) await sql(`delete from public.${table}`)
    await changes.settle(client)
    const told = ids.map(id => changesOf(client).filter(change => change.ids.includes(id)))
    expect(told.map(each => each.map(({ data }) => data.old_record))).toEqual([
      [{ id: 2 }],
      [],
      [{ id: 2, n: 2 }],
      [{ id: 1, n: 1 }],
    ])
  })

  conforms('1.6 a value is never SQL', async version => {
    const table = await changes.table('id int primary key, t text')
    const values = [`' or true or '' = '`, `'; drop table public.${table}; --`, '$1', '%s%I', '\\']
    const { client, ids } = await changes.watch(
      version,
      values.map(value => ({ event: '*', table, filter: `t=eq."${value.replace(/["\\]/g, '\\$&')}"` })),
    )
    await sql(`insert into public.${table} values (0, 'innocent')`)
    for (const [i, value] of values.entries()) {
      await sql(`insert into public.${table} values ($1, $2)`, [i + 1, value])
    }
    await changes.settle(client)
    expect(changesOf(client).map(change => [change.data.record?.t, change.ids])).toEqual(
      values.map((value, i) => [value, [ids[i]]]),
    )
  })
})
