/** What a change says: its payload, rows old and new, order and time, and what is not told at all. */

import { describe, expect } from 'vitest'
import { useChanges } from '../testing/use-changes.ts'
import { conforms, useRealtime } from '../testing/use-realtime.ts'

const realtime = useRealtime()
const changes = useChanges(realtime)
const { sql, told, rowsOf } = changes

describe('R163 1.6 postgres_changes: what a change says', () => {
  conforms('1.6 INSERT: ids and data, whole, with record and without old_record', async version => {
    const table = await changes.table('id int primary key, body text')
    const { client, ids } = await changes.watch(version, [{ event: 'INSERT', schema: 'public', table }])
    await sql(`insert into public.${table} values (1, 'a')`)
    await told(client)
    const [message] = client.received.filter(({ event }) => event === 'postgres_changes')
    expect(message).toMatchObject({ topic: 'realtime:rows', isBinary: false })
    expect([message?.joinRef ?? null, message?.ref ?? null]).toEqual([null, null])
    expect(message?.payload).toStrictEqual({
      ids,
      data: {
        schema: 'public',
        table,
        type: 'INSERT',
        commit_timestamp: expect.any(String),
        columns: [
          { name: 'id', type: 'int4' },
          { name: 'body', type: 'text' },
        ],
        record: { id: 1, body: 'a' },
        errors: null,
      },
    })
  })

  conforms('1.6 UPDATE has the new row as record and the key as old_record', async version => {
    const table = await changes.table('id int primary key, body text')
    await sql(`insert into public.${table} values (1, 'a')`)
    const { client } = await changes.watch(version, [{ event: '*', table }])
    await sql(`update public.${table} set body = 'b'`)
    await sql(`update public.${table} set id = 2`)
    expect(await rowsOf(client)).toStrictEqual([
      { type: 'UPDATE', record: { id: 1, body: 'b' }, old_record: { id: 1 } },
      { type: 'UPDATE', record: { id: 2, body: 'b' }, old_record: { id: 1 } },
    ])
  })

  conforms('1.6 UPDATE under REPLICA IDENTITY FULL has the whole old row', async version => {
    const table = await changes.table(
      'id int primary key, body text',
      name => `alter table public.${name} replica identity full`,
    )
    await sql(`insert into public.${table} values (1, 'a')`)
    const { client } = await changes.watch(version, [{ event: '*', table }])
    await sql(`update public.${table} set body = null`)
    expect(await rowsOf(client)).toStrictEqual([
      { type: 'UPDATE', record: { id: 1, body: null }, old_record: { id: 1, body: 'a' } },
    ])
  })

  conforms('1.6 DELETE carries the key only, and no record', async version => {
    const table = await changes.table('id int primary key, body text')
    await sql(`insert into public.${table} values (1, 'a')`)
    const { client } = await changes.watch(version, [{ event: '*', table }])
    await sql(`delete from public.${table}`)
    const [change, ...rest] = await told(client)
    expect(rest).toEqual([])
    expect(change).toStrictEqual({
      schema: 'public',
      table,
      type: 'DELETE',
      commit_timestamp: expect.any(String),
      columns: [
        { name: 'id', type: 'int4' },
        { name: 'body', type: 'text' },
      ],
      old_record: { id: 1 },
      errors: null,
    })
  })

  conforms('1.6 DELETE under REPLICA IDENTITY FULL without RLS carries the whole row', async version => {
    const table = await changes.table(
      'id int primary key, body text',
      name => `alter table public.${name} replica identity full`,
    )
    await sql(`insert into public.${table} values (1, 'a')`)
    const { client } = await changes.watch(version, [{ event: '*', table }])
    await sql(`delete from public.${table}`)
    expect(await rowsOf(client)).toStrictEqual([
      { type: 'DELETE', record: undefined, old_record: { id: 1, body: 'a' } },
    ])
  })

  conforms('1.6 a key of several columns is told whole, in the order of the columns', async version => {
    const table = await changes.table('b text, a int, n int, primary key (a, b)')
    await sql(`insert into public.${table} values ('x', 1, 0)`)
    const { client } = await changes.watch(version, [{ event: '*', table }])
    await sql(`update public.${table} set n = 1`)
    await sql(`delete from public.${table}`)
    const rows = await rowsOf(client)
    expect(rows.map(({ old_record }) => Object.entries(old_record ?? {}))).toEqual(
      Array(2).fill([
        ['b', 'x'],
        ['a', 1],
      ]),
    )
  })

  conforms('1.6 TRUNCATE is not told', async version => {
    const table = await changes.table('id int primary key')
    await sql(`insert into public.${table} values (1)`)
    const { client } = await changes.watch(version, [{ event: '*', table }])
    await sql(`truncate public.${table}`)
    await sql(`insert into public.${table} values (2)`)
    expect((await rowsOf(client)).map(({ type }) => type)).toEqual(['INSERT'])
  })

  conforms('1.6 what was rolled back is not told, and a transaction keeps its order', async version => {
    const [first, second] = [
      await changes.table('id int primary key, n int'),
      await changes.table('id int primary key'),
    ]
    const { client } = await changes.watch(version, [
      { event: '*', table: first },
      { event: '*', table: second },
    ])
    await sql(
      `do $$ begin insert into public.${first} values (8); raise 'no'; exception when others then end $$`,
    )
    await sql(`begin; insert into public.${first} values (9); rollback`)
    await sql(`
      begin;
      insert into public.${first} values (1, 1);
      insert into public.${second} values (1);
      update public.${first} set n = 2;
      delete from public.${second};
      commit`)
    expect((await told(client)).map(({ table, type }) => [table, type])).toEqual([
      [first, 'INSERT'],
      [second, 'INSERT'],
      [first, 'UPDATE'],
      [second, 'DELETE'],
    ])
  })

  conforms(
    '1.6 commit_timestamp is the commit in UTC, with milliseconds; one for all of its rows',
    async version => {
      const table = await changes.table('id int primary key')
      const { client } = await changes.watch(version, [{ event: '*', table }])
      const { rows } = await realtime.database.pool.query<{ before: Date }>(
        'select clock_timestamp() as before',
      )
      await sql(`insert into public.${table} values (1), (2)`)
      const times = (await told(client)).map(({ commit_timestamp }) => commit_timestamp)
      const { rows: later } = await realtime.database.pool.query<{ after: Date }>(
        'select clock_timestamp() as after',
      )
      expect(times).toHaveLength(2)
      const [time = ''] = times
      expect(times[1]).toBe(time)
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      expect(Date.parse(time)).toBeGreaterThanOrEqual(Number(rows[0]?.before) - 1)
      expect(Date.parse(time)).toBeLessThanOrEqual(Number(later[0]?.after))
    },
  )

  conforms('1.6 Subscribed to PostgreSQL is told after the join reply, under the join_ref', async version => {
    const table = await changes.table('id int primary key')
    const { client } = await changes.watch(version, [{ event: '*', table }])
    const [reply, system, ...rest] = client.received.filter(({ topic }) => topic === 'realtime:rows')
    expect([reply?.event, system?.event, rest]).toEqual(['phx_reply', 'system', []])
    expect(system).toMatchObject({ topic: 'realtime:rows', joinRef: reply?.joinRef })
    expect(system?.payload).toStrictEqual({
      extension: 'postgres_changes',
      status: 'ok',
      message: 'Subscribed to PostgreSQL',
      channel: 'rows',
    })
  })
})
