/** Which columns and values of a row are told, whoever asks: as the table, the publication and the limit have it. */

import { describe, expect } from 'vitest'
import { changesOf } from '../testing/change-bench.ts'
import { useChanges } from '../testing/use-changes.ts'
import { conforms, useRealtime } from '../testing/use-realtime.ts'

const realtime = useRealtime({ limits: { maxChangeBytes: 10_000 } })
const changes = useChanges(realtime)
const { sql, told, rowsOf } = changes

describe('R163 1.6 postgres_changes: columns', () => {
  conforms('1.6 columns come in the order of the table, without what was dropped', async version => {
    const table = await changes.table('z int primary key, gone int, a text, m bigint[]')
    await sql(`alter table public.${table} drop gone, add added date`)
    const { client } = await changes.watch(version, [{ event: '*', table }])
    await sql(`insert into public.${table} values (1, 'a', '{2}', null)`)
    const [change] = await told(client)
    expect(change?.columns).toEqual([
      { name: 'z', type: 'int4' },
      { name: 'a', type: 'text' },
      { name: 'm', type: '_int8' },
      { name: 'added', type: 'date' },
    ])
    expect(Object.keys(change?.record ?? {})).toEqual(['z', 'a', 'm', 'added'])
  })

  conforms(
    '1.6 a column added, renamed or retyped under an open subscription is told as it is now',
    async version => {
      const table = await changes.table('id int primary key, n int')
      const { client } = await changes.watch(version, [{ event: 'INSERT', table }])
      for (const [alteration, values] of [
        ['', '1, 1'],
        ['add more text', `2, 2, 'x'`],
        ['rename n to m', `3, 3, 'y'`],
        ['alter m type text using m::text', `4, '4', 'z'`],
      ]) {
        if (alteration) await sql(`alter table public.${table} ${alteration}`)
        await sql(`insert into public.${table} values (${values})`)
        // A row is looked at with the columns that its table has then.
        await changes.settle(client)
      }
      const all = await told(client)
      expect(all.map(({ record }) => record)).toEqual([
        { id: 1, n: 1 },
        { id: 2, n: 2, more: 'x' },
        { id: 3, m: 3, more: 'y' },
        { id: 4, m: '4', more: 'z' },
      ])
      expect(all.map(({ columns }) => columns[1])).toEqual([
        { name: 'n', type: 'int4' },
        { name: 'n', type: 'int4' },
        { name: 'm', type: 'int4' },
        { name: 'm', type: 'text' },
      ])
    },
  )

  conforms('1.6 a large value that an UPDATE left alone is absent from the record', async version => {
    const large = 'x'.repeat(4_000)
    const table = await changes.table(
      'id int primary key, n int, body text',
      name => `alter table public.${name} alter body set storage external`,
    )
    await sql(`insert into public.${table} values (1, 1, $1)`, [large])
    const { client } = await changes.watch(version, [{ event: 'UPDATE', table }])
    await sql(`update public.${table} set n = 2`)
    await sql(`alter table public.${table} replica identity full`)
    await sql(`update public.${table} set n = 3`)
    expect((await rowsOf(client)).map(({ record }) => record)).toStrictEqual([
      { id: 1, n: 2 },
      { id: 1, n: 3, body: large },
    ])
  })

  conforms(
    '1.6 of a row above the limit only values of up to 64 bytes are told, with error 413',
    async version => {
      const table = await changes.table('id int primary key, short text, longer text, body text')
      const { client, ids } = await changes.watch(version, [{ event: '*', table }])
      const row = ['s'.repeat(64), 'l'.repeat(65), 'x'.repeat(10_000)]
      await sql(`insert into public.${table} values (1, $1, $2, $3)`, row)
      await sql(`update public.${table} set body = 'small again'`)
      const [oversize, normal] = await told(client)
      expect(oversize).toMatchObject({ type: 'INSERT', errors: ['Error 413: Payload Too Large'] })
      expect(oversize?.record).toStrictEqual({ id: 1, short: row[0] })
      expect(normal).toMatchObject({ errors: null, record: { longer: row[1], body: 'small again' } })
      expect(changesOf(client).map(change => change.ids)).toEqual([ids, ids])
    },
  )

  conforms('1.6 above the limit old rows are cut as well, and so is a DELETE', async version => {
    const table = await changes.table(
      'id int primary key, n int, body text',
      name => `alter table public.${name} replica identity full`,
    )
    await sql(`insert into public.${table} values (1, 1, $1)`, ['x'.repeat(10_000)])
    const { client } = await changes.watch(version, [{ event: '*', table }])
    await sql(`update public.${table} set n = 2`)
    await sql(`delete from public.${table}`)
    const errors = ['Error 413: Payload Too Large']
    expect(
      (await told(client)).map(({ record, old_record, errors: of }) => [record, old_record, of]),
    ).toEqual([
      [{ id: 1, n: 2 }, { id: 1, n: 1 }, errors],
      [undefined, { id: 1, n: 2 }, errors],
    ])
  })

  conforms('1.6 columns and rows that the publication leaves out are not told', async version => {
    const table = await changes.table('id int primary key, body text, secret text')
    await sql(`alter publication supabase_realtime drop table public.${table}`)
    await sql(`alter publication supabase_realtime add table public.${table} (id, body) where (id > 1)`)
    const { client } = await changes.watch(version, [{ event: 'INSERT', table }])
    await sql(`insert into public.${table} values (1, 'a', 'x'), (2, 'b', 'y')`)
    const all = await told(client)
    expect(all.map(({ record }) => record)).toEqual([{ id: 2, body: 'b' }])
    expect(all[0]?.columns.map(({ name }) => name)).toEqual(['id', 'body'])
  })
})
