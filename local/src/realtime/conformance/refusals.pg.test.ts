/** What a join cannot ask for, how it is told so, and what is tried again. */

import { describe, expect } from 'vitest'
import { changesOf } from '../testing/change-bench.ts'
import type { RawClient } from '../testing/raw-client.ts'
import { useChanges } from '../testing/use-changes.ts'
import { conforms, useRealtime, type Version } from '../testing/use-realtime.ts'

const realtime = useRealtime({ limits: { changesRetryMs: 50 } })
const changes = useChanges(realtime)
const { sql } = changes

const REFUSED =
  'Unable to subscribe to changes with given parameters. Please check Realtime is enabled for the given connect parameters: '

const told = async (client: RawClient) => {
  await changes.settle(client)
  return changesOf(client).map(({ ids, data }) => ({ ids, ...data }))
}

/** The system message that a join with one entry gets, after its reply `ok`. */
async function refusal(version: Version, entry: object): Promise<unknown> {
  const client = await realtime.connect({ version })
  const { status, response } = await client.join('wrong', { postgres_changes: [entry] })
  expect(status).toBe('ok')
  expect(response?.postgres_changes).toEqual([{ ...entry, id: expect.any(Number) }])
  const { payload } = await client.waitForEvent('system', 'wrong')
  expect(payload).toStrictEqual({
    extension: 'postgres_changes',
    status: 'error',
    message: expect.stringContaining(REFUSED),
    channel: 'wrong',
  })
  return String(payload.message).slice(REFUSED.length)
}

describe('R163 1.6 postgres_changes: refusals', () => {
  conforms('1.6 a table that is not published is refused in words, with the parameters', async version => {
    const name = `unpublished_${version[0]}`
    await sql(`create table public.${name} (id int primary key); grant select on public.${name} to anon`)
    const message = await refusal(version, { event: 'INSERT', schema: 'public', table: name })
    expect(message).toBe(`[event: INSERT, schema: public, table: ${name}, filters: [], select: nil]`)
  })

  conforms('1.6 a refusal names defaults, filters and chosen columns', async version => {
    expect(await refusal(version, { event: 'UPDATE', schema: 'nowhere' })).toBe(
      '[event: UPDATE, schema: nowhere, table: *, filters: [], select: nil]',
    )
    const table = await changes.table('id int primary key')
    const entry = { event: '*', schema: 'public', table, filter: 'gone=eq.1', select: ['id'] }
    expect(await refusal(version, entry)).toBe(
      `[event: *, schema: public, table: ${table}, filters: [{"gone", "eq", "1"}], select: ["id"]]`,
    )
  })

  conforms('1.6 what cannot be a filter, a select or an event is refused', async version => {
    const table = await changes.table('id int primary key, n int, t text')
    for (const wrong of [
      ...['n', 'n=2', 'n=eq', 'n=foo.2', '=eq.1', 'n=not.not.eq.1', 'n=eq.1,', 'n=in.2', 'n=in.()'].map(
        filter => ({ filter }),
      ),
      ...['n=is.1', 'n=eq.x', 'n=in.(1,x)', 't=match.(', 't=eq."x', 'n=like.1', 'n=is.true', 'ctid=eq.1'].map(
        filter => ({ filter }),
      ),
      { select: ['gone'] },
      { event: 'TRUNCATE' },
    ]) {
      await refusal(version, { event: '*', schema: 'public', table, ...wrong })
    }
  })

  conforms('1.6 filters and selects on columns that the role may not read are refused', async version => {
    const table = await changes.table(
      'id int primary key, name text, salary int',
      name => `
        revoke select on public.${name} from anon;
        grant select (id, name) on public.${name} to anon`,
    )
    await changes.watch(version, [{ event: '*', table, filter: 'name=eq.Bo', select: ['name'] }])
    await refusal(version, { event: '*', schema: 'public', table, filter: 'salary=gt.8' })
    await refusal(version, { event: '*', schema: 'public', table, select: ['salary'] })
  })

  conforms(
    '1.6 wildcards take neither filter nor select, even where every table has the column',
    async version => {
      const schema = `alone_${version[0]}`
      await sql(`
      create schema ${schema};
      grant usage on schema ${schema} to anon;
      create table ${schema}.only (id int primary key);
      grant select on ${schema}.only to anon;
      alter publication supabase_realtime add table ${schema}.only`)
      await changes.watch(version, [{ event: '*', schema, table: '*' }])
      await refusal(version, { event: '*', schema, table: '*', select: ['id'] })
      await refusal(version, { event: '*', schema, filter: 'id=eq.1' })
    },
  )

  conforms('1.6 a channel that was refused stays joined for broadcasts', async version => {
    const client = await realtime.connect({ version })
    const join = { broadcast: { ack: true }, postgres_changes: [{ event: '*', table: 'nowhere' }] }
    expect((await client.join('mixed', join)).status).toBe('ok')
    await client.waitForEvent('system')
    const ref = client.broadcast('mixed', 'still', {})
    expect((await client.reply(ref)).payload.status).toBe('ok')
  })

  conforms('1.6 a table published later is subscribed to without another join', async version => {
    const name = `late_${version[0]}`
    const client = await realtime.connect({ version })
    const { status } = await client.join('rows', {
      postgres_changes: [{ event: '*', schema: 'public', table: name }],
    })
    expect(status).toBe('ok')
    await client.waitForEvent('system')
    await sql(`
      create table public.${name} (id int primary key);
      grant select on public.${name} to anon;
      alter publication supabase_realtime add table public.${name}`)
    await client.waitFor(({ payload }) => payload.message === 'Subscribed to PostgreSQL')
    await sql(`insert into public.${name} values (1)`)
    expect((await told(client)).map(({ record }) => record)).toEqual([{ id: 1 }])
  })

  conforms('1.6 a malformed entry is not tried again', async version => {
    const table = await changes.table('id int primary key, n int')
    const client = await realtime.connect({ version })
    await client.join('rows', {
      postgres_changes: [{ event: '*', schema: 'public', table, filter: 'n=eq.x' }],
    })
    await client.waitForEvent('system')
    await sql(`alter table public.${table} alter n type text`)
    // By then a second try of what is tried again has long been made.
    const unpublished = await realtime.connect({ version })
    const name = `malformed_${version[0]}`
    await unpublished.join('rows', { postgres_changes: [{ event: '*', schema: 'public', table: name }] })
    await unpublished.waitForEvent('system')
    await sql(`
      create table public.${name} (id int primary key);
      grant select on public.${name} to anon;
      alter publication supabase_realtime add table public.${name}`)
    await unpublished.waitFor(({ payload }) => payload.message === 'Subscribed to PostgreSQL')
    await client.heartbeat()
    expect(client.received.filter(({ event }) => event === 'system')).toHaveLength(1)
  })
})
