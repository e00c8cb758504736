/** `postgres_changes` as applications have it: through the unmodified client, over both serializers. */

import { describe, expect } from 'vitest'
import { signToken } from '../testing/test-server.ts'
import { live, useChanges } from '../testing/use-changes.ts'
import { conforms, useRealtime, type Version } from '../testing/use-realtime.ts'

const realtime = useRealtime()
const changes = useChanges(realtime)
const { sql } = changes

async function supabaseOf(version: Version, sub?: string) {
  const supabase = realtime.supabase({ version })
  if (sub !== undefined) await supabase.realtime.setAuth(await signToken({ sub }))
  return supabase
}

describe('R163 1.6 postgres_changes: the unmodified client', () => {
  conforms('1.6 it hears inserts, updates and deletes, in the types of the columns', async version => {
    const table = await changes.table('id int primary key, at timestamptz, tags text[], raw bytea')
    const supabase = await supabaseOf(version)
    const heard: unknown[] = []
    const channel = supabase
      .channel('client')
      .on('postgres_changes', { event: '*', schema: 'public', table }, change => heard.push(change))
    await live(channel)
    await sql(`insert into public.${table} values (1, '2026-01-02 03:04:05Z', '{x,y}', '\\x00ff')`)
    await sql(`update public.${table} set tags = null`)
    await sql(`delete from public.${table}`)
    await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(3)
    const common = { schema: 'public', table, commit_timestamp: expect.any(String), errors: null }
    const row = { id: 1, at: '2026-01-02T03:04:05+00:00', tags: ['x', 'y'], raw: '00ff' }
    expect(heard).toEqual([
      { ...common, eventType: 'INSERT', new: row, old: {} },
      { ...common, eventType: 'UPDATE', new: { ...row, tags: null }, old: { id: 1 } },
      { ...common, eventType: 'DELETE', new: {}, old: { id: 1 } },
    ])
  })

  conforms('1.6 several bindings of one channel each hear what they asked for', async version => {
    const table = await changes.table('id int primary key, n int')
    const heard: string[] = []
    const supabase = await supabaseOf(version)
    const channel = supabase
      .channel('client')
      .on('postgres_changes', { event: 'INSERT', schema: 'public', table }, ({ new: row }) =>
        heard.push(`insert ${row.id}`),
      )
      .on('postgres_changes', { event: 'UPDATE', schema: 'public', table }, ({ new: row }) =>
        heard.push(`update ${row.id}`),
      )
      .on('postgres_changes', { event: '*', schema: 'public', table, filter: 'id=gt.1' }, ({ eventType }) =>
        heard.push(`filtered ${eventType}`),
      )
      .on('postgres_changes', { event: 'DELETE', schema: 'public', table }, ({ old }) =>
        heard.push(`delete ${old.id}`),
      )
    await live(channel)
    await sql(`insert into public.${table} values (1, 1), (2, 2)`)
    await sql(`update public.${table} set n = 3 where id = 1`)
    await sql(`delete from public.${table} where id = 2`)
    await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(6)
    expect(heard.toSorted()).toEqual([
      ...['delete 2', 'filtered DELETE', 'filtered INSERT', 'insert 1', 'insert 2', 'update 1'],
    ])
  })

  conforms('1.6 two users hear of their own rows, and both of a DELETE', async version => {
    const table = await changes.table(
      'id int primary key, owner text',
      name => `
        alter table public.${name} enable row level security;
        create policy mine on public.${name} for select to authenticated
          using (owner = current_setting('request.jwt.claims', true)::json ->> 'sub')`,
    )
    const heard: Record<string, unknown[]> = { ada: [], eve: [] }
    for (const name of ['ada', 'eve']) {
      const channel = (await supabaseOf(version, name))
        .channel('client')
        .on('postgres_changes', { event: '*', schema: 'public', table }, change =>
          heard[name]?.push([change.eventType, Object.values({ ...change.new, ...change.old })[0]]),
        )
      await live(channel)
    }
    await sql(`insert into public.${table} values (1, 'ada'), (2, 'eve')`)
    // A row that is gone when its policies are asked is seen by nobody.
    await expect
      .poll(() => [heard.ada, heard.eve].map(all => all?.length), { timeout: 10_000 })
      .toEqual([1, 1])
    await sql(`delete from public.${table} where id = 1`)
    const deleted = ['DELETE', 1]
    await expect
      .poll(() => heard, { timeout: 10_000 })
      .toEqual({
        ada: [['INSERT', 1], deleted],
        eve: [['INSERT', 2], deleted],
      })
  })

  conforms(
    '1.6 a binding that cannot be is told as a system message, and the channel stays',
    async version => {
      const supabase = await supabaseOf(version)
      const channel = supabase
        .channel('client')
        .on('postgres_changes', { event: '*', schema: 'public', table: 'nowhere' }, () => undefined)
      await expect(live(channel)).rejects.toThrow(/^Unable to subscribe to changes with given parameters/)
      expect(await channel.send({ type: 'broadcast', event: 'still', payload: {} })).toBe('ok')
    },
  )
})
