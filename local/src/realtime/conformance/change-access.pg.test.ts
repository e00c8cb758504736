/** Who is told of a change: policies, claims, rights to columns, and tables without a key. */

import { describe, expect } from 'vitest'
import { type ChangeData, changesOf } from '../testing/change-bench.ts'
import type { RawClient } from '../testing/raw-client.ts'
import { SECRET_KEY, signToken } from '../testing/test-server.ts'
import { useChanges, type Watcher } from '../testing/use-changes.ts'
import { conforms, useRealtime } from '../testing/use-realtime.ts'

const realtime = useRealtime()
const changes = useChanges(realtime)
const { sql, watch } = changes

/** Each subscriber's changes, once all that was committed has been told. */
async function told(...watchers: Watcher[]): Promise<ChangeData[][]> {
  for (const { client } of watchers) await changes.settle(client)
  return watchers.map(({ client }) => changesOf(client).map(({ data }) => data))
}

const OWNED = 'id int primary key, owner text, body text'

/** Rows are for their owner alone. */
const mine = (table: string) => `
  alter table public.${table} enable row level security;
  create policy mine on public.${table} for select to authenticated
    using (owner = current_setting('request.jwt.claims', true)::json ->> 'sub')`

const keysOf = (data: ChangeData[]) =>
  data.map(({ type, record, old_record }) => [type, record?.id ?? old_record?.id])

describe('R163 1.6 postgres_changes: who is told', () => {
  conforms(
    '1.6 under RLS each is told what the policies show its claims, service_role all',
    async version => {
      const table = await changes.table(OWNED, mine)
      const entry = { event: 'INSERT', table }
      const ada = await watch(version, [entry], { subject: 'ada' })
      const eve = await watch(version, [entry], { subject: 'eve' })
      const anon = await watch(version, [entry])
      const service = await watch(version, [entry], { key: SECRET_KEY })
      await sql(`insert into public.${table} values (1, 'ada', 'a'), (2, 'eve', 'b'), (3, null, 'c')`)
      expect((await told(ada, eve, anon, service)).map(keysOf)).toEqual([
        [['INSERT', 1]],
        [['INSERT', 2]],
        [],
        [1, 2, 3].map(id => ['INSERT', id]),
      ])
    },
  )

  conforms('1.6 an UPDATE is told to who sees the row as it is now', async version => {
    const table = await changes.table(OWNED, mine)
    await sql(`insert into public.${table} values (1, 'ada', 'a')`)
    const entry = { event: 'UPDATE', table }
    const ada = await watch(version, [entry], { subject: 'ada' })
    const eve = await watch(version, [entry], { subject: 'eve' })
    await sql(`update public.${table} set owner = 'eve'`)
    const [toAda, toEve] = await told(ada, eve)
    expect(toAda).toEqual([])
    expect(toEve?.map(({ record }) => record)).toEqual([{ id: 1, owner: 'eve', body: 'a' }])
  })

  conforms('1.6 DELETE is told past RLS to every subscriber, the key only', async version => {
    const table = await changes.table(
      OWNED,
      name => `${mine(name)}; alter table public.${name} replica identity full`,
    )
    await sql(`insert into public.${table} values (1, 'ada', 'secret')`)
    const entry = { event: 'DELETE', table }
    const ada = await watch(version, [entry], { subject: 'ada' })
    const eve = await watch(version, [entry], { subject: 'eve' })
    const anon = await watch(version, [entry])
    await sql(`delete from public.${table}`)
    for (const data of await told(ada, eve, anon)) {
      expect(data.map(({ old_record, errors }) => [old_record, errors])).toEqual([[{ id: 1 }, null]])
      expect(data[0]).not.toHaveProperty('record')
    }
  })

  conforms('1.6 DELETE under RLS passes filters on the key, which are kept', async version => {
    const table = await changes.table(OWNED, mine)
    await sql(`insert into public.${table} values (1, 'ada', 'a'), (2, 'ada', 'b')`)
    const eve = await watch(version, [{ event: 'DELETE', table, filter: 'id=eq.2' }], { subject: 'eve' })
    await sql(`delete from public.${table}`)
    expect((await told(eve)).map(keysOf)).toEqual([[['DELETE', 2]]])
  })

  conforms('1.6 several subscribers on one topic are each judged by their own claims', async version => {
    const table = await changes.table(OWNED, mine)
    const watchers: Watcher[] = []
    for (const subject of ['ada', 'eve', 'ada']) {
      watchers.push(await watch(version, [{ event: '*', table }], { subject }))
    }
    await sql(`insert into public.${table} values (1, 'ada', 'a')`)
    expect((await told(...watchers)).map(data => data.length)).toEqual([1, 0, 1])
  })

  conforms('1.6 with access_token the new claims count from the next change on', async version => {
    const table = await changes.table(OWNED, mine)
    const watcher = await watch(version, [{ event: '*', table }], { subject: 'ada' })
    const { client } = watcher
    await sql(`insert into public.${table} values (1, 'ada', 'a'), (2, 'eve', 'b')`)
    await told(watcher)
    client.push('realtime:rows', 'access_token', { access_token: await signToken({ sub: 'eve' }) })
    await client.fence('rows')
    await sql(`insert into public.${table} values (3, 'ada', 'a'), (4, 'eve', 'b')`)
    expect((await told(watcher)).map(keysOf)).toEqual([
      [
        ['INSERT', 1],
        ['INSERT', 4],
      ],
    ])
  })

  conforms('1.6 a column that the role may not read is neither in columns nor in the rows', async version => {
    const table = await changes.table(
      'id int primary key, name text, salary int',
      name => `
        alter table public.${name} replica identity full;
        revoke select on public.${name} from anon;
        grant select (id, name) on public.${name} to anon`,
    )
    const anon = await watch(version, [{ event: '*', table }])
    const ada = await watch(version, [{ event: '*', table }], { subject: 'ada' })
    await sql(`insert into public.${table} values (1, 'Bo', 9)`)
    await sql(`update public.${table} set salary = 10`)
    await sql(`delete from public.${table}`)
    const [toAnon, toAda] = await told(anon, ada)
    expect(toAnon?.map(({ columns }) => columns.map(({ name }) => name))).toEqual(
      Array(3).fill(['id', 'name']),
    )
    expect(toAnon?.map(({ record, old_record }) => [record, old_record])).toEqual([
      [{ id: 1, name: 'Bo' }, undefined],
      [
        { id: 1, name: 'Bo' },
        { id: 1, name: 'Bo' },
      ],
      [undefined, { id: 1, name: 'Bo' }],
    ])
    expect(toAda?.map(({ record }) => record?.salary)).toEqual([9, 10, undefined])
  })

  conforms('1.6 a role without a right to the key gets error 401 and no row', async version => {
    const table = await changes.table(
      'id int primary key, name text',
      name => `
        revoke select on public.${name} from anon;
        grant select (name) on public.${name} to anon`,
    )
    const watcher = await watch(version, [{ event: '*', table }])
    const ada = await watch(version, [{ event: '*', table }], { subject: 'ada' })
    await sql(`insert into public.${table} values (1, 'Bo')`)
    const [refused, allowed] = await told(watcher, ada)
    expect(refused).toStrictEqual([
      {
        schema: 'public',
        table,
        type: 'INSERT',
        commit_timestamp: expect.any(String),
        columns: [],
        errors: ['Error 401: Unauthorized'],
      },
    ])
    expect(changesOf(watcher.client).map(({ ids }) => ids)).toEqual([watcher.ids])
    expect(allowed?.map(({ record, errors }) => [record, errors])).toEqual([[{ id: 1, name: 'Bo' }, null]])
  })

  conforms('1.6 a role that lost its rights while subscribed gets error 401', async version => {
    const table = await changes.table('id int primary key')
    const watcher = await watch(version, [{ event: '*', table }])
    await sql(`revoke select on public.${table} from anon`)
    await sql(`insert into public.${table} values (1)`)
    const [data] = await told(watcher)
    expect(data?.map(({ errors, record }) => [errors, record])).toEqual([
      [['Error 401: Unauthorized'], undefined],
    ])
  })

  conforms('1.6 a table without a key and without RLS is told whole', async version => {
    const table = await changes.table('line text', name => `alter table public.${name} replica identity full`)
    const watcher = await watch(version, [{ event: '*', table }])
    await sql(`insert into public.${table} values ('a')`)
    await sql(`update public.${table} set line = 'b'`)
    await sql(`delete from public.${table}`)
    const [data] = await told(watcher)
    expect(data?.map(({ record, old_record, errors }) => [record, old_record, errors])).toEqual([
      [{ line: 'a' }, undefined, null],
      [{ line: 'b' }, { line: 'a' }, null],
      [undefined, { line: 'b' }, null],
    ])
  })

  conforms('1.6 a table without a key under RLS gives error 400 and no row', async version => {
    const table = await changes.table(
      'line text',
      name => `
        alter table public.${name} enable row level security;
        create policy everything on public.${name} for select to anon using (true)`,
    )
    const watcher = await watch(version, [{ event: '*', table }])
    await sql(`insert into public.${table} values ('a')`)
    const [data] = await told(watcher)
    expect(data?.map(({ errors }) => errors)).toEqual([['Error 400: Bad Request, no primary key']])
    expect(data?.[0]).not.toHaveProperty('record')
    expect(data?.[0]?.columns).toEqual([])
  })

  conforms('1.6 a role that is none of the API roles is told nothing', async version => {
    const table = await changes.table('id int primary key')
    const { client: known } = await watch(version, [{ event: '*', table }])
    const client: RawClient = await realtime.connect({ version })
    const token = await signToken({ sub: 'ada', role: 'postgres' })
    await client.join('rows', { postgres_changes: [{ event: '*', table }] }, token)
    expect((await client.waitForEvent('system')).payload.status).toBe('error')
    await sql(`insert into public.${table} values (1)`)
    await known.waitForEvent('postgres_changes')
    await changes.settle(client)
    expect(changesOf(client)).toEqual([])
  })

  conforms('1.6 nothing is told after the channel was left', async version => {
    const table = await changes.table('id int primary key')
    const { client } = await watch(version, [{ event: '*', table }])
    await client.reply(client.push('realtime:rows', 'phx_leave', {}))
    await sql(`insert into public.${table} values (1)`)
    await changes.settle(client)
    expect(changesOf(client)).toEqual([])
  })
})
