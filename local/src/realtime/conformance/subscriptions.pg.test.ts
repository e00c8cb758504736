/** What a join may ask for: defaults, wildcards, several bindings, chosen columns and tables that come. */

import { describe, expect } from 'vitest'
import { changesOf } from '../testing/change-bench.ts'
import type { RawClient } from '../testing/raw-client.ts'
import { signToken } from '../testing/test-server.ts'
import { useChanges } from '../testing/use-changes.ts'
import { conforms, useRealtime } from '../testing/use-realtime.ts'

const realtime = useRealtime()
const changes = useChanges(realtime)
const { sql } = changes

const told = async (client: RawClient) => {
  await changes.settle(client)
  return changesOf(client).map(({ ids, data }) => ({ ids, ...data }))
}

describe('R163 1.6 postgres_changes: what a join asks for', () => {
  conforms('1.6 each event hears of its own kind, * of all', async version => {
    const table = await changes.table('id int primary key, n int')
    const events = ['INSERT', 'UPDATE', 'DELETE', '*']
    const { client, ids } = await changes.watch(
      version,
      events.map(event => ({ event, schema: 'public', table })),
    )
    expect(new Set(ids).size).toBe(4)
    await sql(`insert into public.${table} values (1, 1)`)
    await sql(`update public.${table} set n = 2`)
    await sql(`delete from public.${table}`)
    const [onInsert, onUpdate, onDelete, onAny] = ids
    expect((await told(client)).map(change => [change.type, change.ids])).toEqual([
      ['INSERT', [onInsert, onAny]],
      ['UPDATE', [onUpdate, onAny]],
      ['DELETE', [onDelete, onAny]],
    ])
  })

  conforms(
    '1.6 one change for several bindings of a channel is one message with all of their ids',
    async version => {
      const table = await changes.table('id int primary key, n int')
      const { client, ids } = await changes.watch(version, [
        { event: 'INSERT', schema: 'public', table, filter: 'n=gt.0' },
        { event: 'INSERT', schema: 'public', table, filter: 'n=gt.1' },
      ])
      expect(new Set(ids).size).toBe(2)
      await sql(`insert into public.${table} values (1, 1), (2, 2), (3, 0)`)
      expect((await told(client)).map(change => [change.record?.id, change.ids])).toEqual([
        [1, [ids[0]]],
        [2, ids],
      ])
    },
  )

  conforms('1.6 bindings of equal parameters share one id, told once', async version => {
    const table = await changes.table('id int primary key')
    const entry = { event: 'INSERT', schema: 'public', table }
    const { client, ids } = await changes.watch(version, [entry, entry])
    expect(ids[0]).toBe(ids[1])
    await sql(`insert into public.${table} values (1)`)
    expect((await told(client)).map(change => change.ids)).toEqual([[ids[0]]])
  })

  conforms('1.6 two channels of one socket each get their change', async version => {
    const table = await changes.table('id int primary key')
    const { client } = await changes.watch(version, [{ event: '*', table }])
    await changes.subscribe(client, 'other', [{ event: '*', table }])
    await sql(`insert into public.${table} values (1)`)
    await told(client)
    expect(['rows', 'other'].map(topic => changesOf(client, topic).length)).toEqual([1, 1])
  })

  conforms('1.6 the reply repeats the entries in order, each with a number of its own', async version => {
    const table = await changes.table('id int primary key')
    const client = await realtime.connect({ version })
    const entries = [
      { event: 'DELETE', schema: 'public', table },
      { event: 'INSERT', schema: 'public', table, filter: 'id=gt.1', extra: true },
      { event: '*', schema: 'public', table, select: ['id'] },
    ]
    const { response } = await client.join('rows', { postgres_changes: entries })
    const echoed = response?.postgres_changes as { id: number }[]
    expect(echoed).toEqual(entries.map(entry => ({ ...entry, id: expect.any(Number) })))
    expect(echoed.every(({ id }) => Number.isInteger(id) && id > 0)).toBe(true)
    expect(new Set(echoed.map(({ id }) => id)).size).toBe(3)
  })

  conforms('1.6 a private channel has changes as well, if its topic may be read', async version => {
    const [table, topic] = [await changes.table('id int primary key'), `private-${version}`]
    const config = { private: true, postgres_changes: [{ event: '*', schema: 'public', table }] }
    const client = await realtime.connect({ version })
    const token = await signToken({ sub: 'ada' })
    expect((await client.join(topic, config, token)).status).toBe('error')
    await realtime.database.allow('ada', topic)
    expect((await client.join(topic, config, token)).status).toBe('ok')
    await client.waitFor(({ payload }) => payload.message === 'Subscribed to PostgreSQL')
    await sql(`insert into public.${table} values (1)`)
    expect((await told(client)).map(({ record }) => record)).toEqual([{ id: 1 }])
  })

  conforms('1.6 without a schema it is public', async version => {
    const table = await changes.table('id int primary key')
    await sql(`
      create schema if not exists elsewhere;
      grant usage on schema elsewhere to anon;
      create table elsewhere.${table} (id int primary key);
      grant select on elsewhere.${table} to anon;
      alter publication supabase_realtime add table elsewhere.${table}`)
    const { client } = await changes.watch(version, [{ event: 'INSERT', table }])
    const { client: other } = await changes.watch(version, [{ event: 'INSERT', schema: 'elsewhere', table }])
    await sql(`insert into elsewhere.${table} values (1)`)
    await sql(`insert into public.${table} values (2)`)
    expect((await told(client)).map(({ schema, record }) => [schema, record?.id])).toEqual([['public', 2]])
    expect((await told(other)).map(({ schema, record }) => [schema, record?.id])).toEqual([['elsewhere', 1]])
  })

  conforms('1.6 the schema * is every schema, by table or whole', async version => {
    const table = await changes.table('id int primary key')
    const schema = `beside_${version[0]}`
    await sql(`
      create schema ${schema};
      grant usage on schema ${schema} to anon;
      create table ${schema}.${table} (id int primary key);
      grant select on ${schema}.${table} to anon;
      alter publication supabase_realtime add table ${schema}.${table}`)
    const { client: byTable } = await changes.watch(version, [{ event: '*', schema: '*', table }])
    const { client: whole } = await changes.watch(version, [{ event: '*', schema: '*' }])
    await sql(`insert into public.${table} values (1)`)
    await sql(`insert into ${schema}.${table} values (2)`)
    for (const client of [byTable, whole]) {
      const heard = (await told(client)).filter(change => change.table === table)
      expect(heard.map(change => [change.schema, change.record])).toEqual([
        ['public', { id: 1 }],
        [schema, { id: 2 }],
      ])
    }
  })

  conforms('1.6 schemas and tables may have any name', async version => {
    const [schema, table] = [`My "Schema" ${version}`, `Tä.ble, "x" ${version}`]
    const quote = (name: string) => `"${name.replaceAll('"', '""')}"`
    const name = `${quote(schema)}.${quote(table)}`
    await sql(`
      create schema ${quote(schema)};
      grant usage on schema ${quote(schema)} to authenticated;
      create table ${name} ("Key" int primary key, body text);
      alter table ${name} enable row level security;
      create policy odd on ${name} for select to authenticated using ("Key" % 2 = 1);
      grant select on ${name} to authenticated;
      alter publication supabase_realtime add table ${name}`)
    const entry = { event: '*', schema, table, filter: 'Key=gt.0' }
    const { client } = await changes.watch(version, [entry], { subject: 'ada' })
    await sql(`insert into ${name} values (1, 'a'), (2, 'b')`)
    const [change, ...rest] = await told(client)
    expect(change).toMatchObject({ schema, table, record: { Key: 1, body: 'a' } })
    expect(rest).toEqual([])
  })

  conforms('1.6 a schema that is published whole has its later tables', async version => {
    const schema = `whole_${version[0]}`
    await sql(`
      create schema ${schema};
      grant usage on schema ${schema} to anon;
      create table ${schema}.first (id int primary key);
      grant select on ${schema}.first to anon;
      alter publication supabase_realtime add tables in schema ${schema}`)
    const { client } = await changes.watch(version, [{ event: 'INSERT', schema }])
    await sql(`create table ${schema}.later (id int primary key); grant select on ${schema}.later to anon`)
    await sql(`insert into ${schema}.first values (1)`)
    await sql(`insert into ${schema}.later values (2)`)
    expect((await told(client)).map(({ table, record }) => [table, record])).toEqual([
      ['first', { id: 1 }],
      ['later', { id: 2 }],
    ])
  })

  conforms('1.6 without a table, or with *, it is every published table of the schema', async version => {
    const [one, two] = [await changes.table('id int primary key'), await changes.table('id int primary key')]
    for (const entry of [{ schema: 'public' }, { schema: 'public', table: '*' }, {}]) {
      const { client } = await changes.watch(version, [{ event: '*', ...entry }])
      await sql(`insert into public.${one} values (1)`)
      await sql(`insert into public.${two} values (2)`)
      await sql(`delete from public.${one}; delete from public.${two}`)
      const heard = (await told(client)).filter(({ table }) => [one, two].includes(table))
      expect(heard.map(({ table, type }) => [table, type])).toEqual([
        [one, 'INSERT'],
        [two, 'INSERT'],
        [one, 'DELETE'],
        [two, 'DELETE'],
      ])
    }
  })

  conforms('1.6 select tells these columns and the key; ids of differing selects differ', async version => {
    const table = await changes.table('a text, b text, id int primary key, c text')
    const { client, ids } = await changes.watch(version, [
      { event: '*', schema: 'public', table, select: ['b'] },
      { event: '*', schema: 'public', table, select: ['c', 'a'] },
      { event: '*', schema: 'public', table },
    ])
    expect(new Set(ids).size).toBe(3)
    await sql(`insert into public.${table} values ('1', '2', 3, '4')`)
    await sql(`delete from public.${table}`)
    const inserted = (await told(client)).filter(({ type }) => type === 'INSERT')
    expect(
      inserted.map(change => [change.ids, change.record, change.columns.map(({ name }) => name)]),
    ).toEqual([
      [[ids[0]], { b: '2', id: 3 }, ['b', 'id']],
      [[ids[1]], { a: '1', id: 3, c: '4' }, ['a', 'id', 'c']],
      [[ids[2]], { a: '1', b: '2', id: 3, c: '4' }, ['a', 'b', 'id', 'c']],
    ])
    const deleted = (await told(client)).filter(({ type }) => type === 'DELETE')
    expect(new Set(deleted.flatMap(change => change.ids))).toEqual(new Set(ids))
    expect(deleted.every(({ old_record }) => old_record?.id === 3)).toBe(true)
  })

  conforms('1.6 select does not keep a filter from other columns', async version => {
    const table = await changes.table('id int primary key, n int, t text')
    const { client } = await changes.watch(version, [
      { event: '*', schema: 'public', table, select: ['t'], filter: 'n=gt.1' },
    ])
    await sql(`insert into public.${table} values (1, 1, 'a'), (2, 2, 'b')`)
    expect((await told(client)).map(({ record }) => record)).toEqual([{ id: 2, t: 'b' }])
  })

  conforms(
    '1.6 wildcards hear of a table that is added to the publication, and not of one taken out',
    async version => {
      const first = await changes.table('id int primary key')
      const { client } = await changes.watch(version, [{ event: 'INSERT', schema: 'public', table: '*' }])
      const later = await changes.table('id int primary key')
      await sql(`insert into public.${later} values (1)`)
      await sql(`alter publication supabase_realtime drop table public.${first}`)
      await sql(`insert into public.${first} values (1)`)
      const heard = (await told(client)).filter(({ table }) => [first, later].includes(table))
      expect(heard.map(({ table, record }) => [table, record])).toEqual([[later, { id: 1 }]])
    },
  )
})
