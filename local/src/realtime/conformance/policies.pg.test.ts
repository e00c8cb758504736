/** How private channels are authorised: what policies see, what is asked when, and what no answer means. */

import { describe, expect } from 'vitest'
import type { RawClient } from '../testing/raw-client.ts'
import { PUBLISHABLE_KEY, SECRET_KEY, signToken } from '../testing/test-server.ts'
import { conforms, useRealtime, type Version } from '../testing/use-realtime.ts'

const realtime = useRealtime({ limits: { authorizationTimeoutMs: 2_000 } })
const sql = (text: string, values: unknown[] = []) => realtime.database.pool.query(text, values)

async function joined(version: Version, topic: string, sub: string, config: object = {}): Promise<RawClient> {
  const client = await realtime.connect({ version })
  const { status } = await client.join(topic, { private: true, ...config }, await signToken({ sub }))
  expect(status).toBe('ok')
  return client
}

const statusOf = async (version: Version, topic: string, token?: string, key = PUBLISHABLE_KEY) =>
  (await (await realtime.connect({ version, key })).join(topic, { private: true }, token)).status

const events = (client: RawClient) => client.broadcasts().map(({ payload }) => payload.event)

const pushToken = async (client: RawClient, topic: string, token: string) => {
  client.push(`realtime:${topic}`, 'access_token', { access_token: token })
  await client.fence(topic)
}

describe('R163 2.2 authorisation of private channels', () => {
  conforms('2.2 a select policy that shows the topic opens it, to its readers only', async version => {
    await realtime.database.allow('ada', 'room:1')
    expect(await statusOf(version, 'room:1', await signToken({ sub: 'ada' }))).toBe('ok')
    expect(await statusOf(version, 'room:1', await signToken({ sub: 'eve' }))).toBe('error')
    expect(await statusOf(version, 'room:2', await signToken({ sub: 'ada' }))).toBe('error')
    expect(await statusOf(version, 'room:1')).toBe('error')
    expect(await statusOf(version, 'room:1', undefined, SECRET_KEY)).toBe('ok')
  })

  conforms(
    '2.2 policies see the topic, the claims, the role and the x- headers, and the row asked about',
    async version => {
      await sql(`
      create or replace function public.setting(topic text) returns boolean language sql stable as $$
        select coalesce(current_setting(split_part(topic, '|', 2), true), '') like split_part(topic, '|', 3)
      $$;
      drop policy if exists setting on realtime.messages;
      create policy setting on realtime.messages for select to authenticated
        using (topic like 'see|%' and public.setting(topic) and event is null and payload is null)`)
      const token = await signToken({ sub: 'ada', ward: 'north' })
      const client = await realtime.connect({
        version,
        headers: { 'x-ward': 'seven', 'x-api-key': PUBLISHABLE_KEY },
      })
      const join = async (topic: string) => (await client.join(topic, { private: true }, token)).status
      for (const [name, value] of [
        ['role', 'authenticated'],
        ['realtime.topic', 'see%'],
        ['request.jwt.claim.sub', 'ada'],
        ['request.jwt.claim.role', 'authenticated'],
        ['request.jwt.claims', '%"ward":"north"%'],
        ['request.jwt.claims', '%"exp":%'],
        ['request.headers', '%"x-ward":"seven"%'],
      ]) {
        expect(await join(`see|${name}|${value}`), name).toBe('ok')
        expect(await join(`see|${name}|other`), name).toBe('error')
      }
      expect(await join(`see|request.headers|%${PUBLISHABLE_KEY}%`)).toBe('error')
    },
  )

  conforms('2.2 a join stores nothing and sends nothing', async version => {
    const topic = `probe-${version}`
    await realtime.database.allow('ada', topic, { write: true })
    const client = await joined(version, topic, 'ada', { presence: { enabled: true } })
    await joined(version, topic, 'ada')
    await realtime.database.send(topic, 'fence', {})
    await client.waitForEvent('broadcast')
    expect(events(client)).toEqual(['fence'])
    expect((await sql('select event from realtime.messages where topic = $1', [topic])).rows).toEqual([
      { event: 'fence' },
    ])
  })

  conforms(
    '2.2 either kind of right to read opens the topic; each kind is delivered by its own',
    async version => {
      const topic = `kinds-${version}`
      await realtime.database.allow('seer', topic, { extension: 'presence', write: true })
      await realtime.database.allow('hearer', topic, { extension: 'broadcast', write: true })
      const presence = { presence: { enabled: true } }
      const seer = await joined(version, topic, 'seer', presence)
      const hearer = await joined(version, topic, 'hearer', presence)
      await realtime.database.send(topic, 'hello', {})
      await hearer.waitForEvent('broadcast')
      seer.push(`realtime:${topic}`, 'presence', { type: 'presence', event: 'track', payload: { n: 1 } })
      await seer.waitForEvent('presence_diff')
      for (const client of [seer, hearer]) await client.heartbeat()
      expect([events(seer), events(hearer)]).toEqual([[], ['hello']])
      const kinds = (client: RawClient) =>
        client.received.map(({ event }) => event).filter(event => event.startsWith('presence'))
      expect([kinds(seer), kinds(hearer)]).toEqual([['presence_state', 'presence_diff'], []])
    },
  )

  conforms('2.2 without presence a right to presence alone opens nothing', async version => {
    const topic = `no-presence-${version}`
    await realtime.database.allow('seer', topic, { extension: 'presence' })
    expect(await statusOf(version, topic, await signToken({ sub: 'seer' }))).toBe('error')
  })

  conforms('2.2 a broadcast that the insert policies deny is silent, ack or not', async version => {
    const topic = `write-${version}`
    await realtime.database.allow('reader', topic)
    await realtime.database.allow('writer', topic, { write: true })
    const ack = { broadcast: { ack: true } }
    const [reader, writer] = [
      await joined(version, topic, 'reader', ack),
      await joined(version, topic, 'writer', ack),
    ]
    const forged = reader.broadcast(topic, 'forged', {})
    await reader.fence(topic)
    expect((await writer.reply(writer.broadcast(topic, 'genuine', {}))).payload.status).toBe('ok')
    await reader.waitForEvent('broadcast')
    await writer.heartbeat()
    expect(reader.received.some(({ ref }) => ref === forged)).toBe(false)
    expect([events(reader), events(writer)]).toEqual([['genuine'], []])
  })

  conforms(
    '2.2 the right to send is asked at the first message, once until the token changes',
    async version => {
      const topic = `lazy:${version}`
      await sql(`
      drop policy if exists lazy_send on realtime.messages;
      drop policy if exists lazy_receive on realtime.messages;
      drop function if exists public.count_asked();
      drop sequence if exists public.asked_to_send;
      create sequence public.asked_to_send;
      grant usage on sequence public.asked_to_send to authenticated;
      create function public.count_asked() returns boolean language sql as $$
        select nextval('public.asked_to_send') > 0 $$;
      create policy lazy_receive on realtime.messages for select to authenticated using (topic like 'lazy:%');
      create policy lazy_send on realtime.messages for insert to authenticated
        with check (topic like 'lazy:%' and public.count_asked())`)
      const asked = async () =>
        (
          await sql(
            'select case when is_called then last_value else 0 end::int as n from public.asked_to_send',
          )
        ).rows[0]?.n
      const client = await joined(version, topic, 'ada', { broadcast: { ack: true } })
      expect(await asked()).toBe(0)
      for (let n = 0; n < 3; n++) await client.reply(client.broadcast(topic, 'n', { n }))
      expect(await asked()).toBe(1)
      await pushToken(client, topic, await signToken({ sub: 'ada', again: true }))
      expect(await asked()).toBe(1)
      await client.reply(client.broadcast(topic, 'n', {}))
      expect(await asked()).toBe(2)
    },
  )

  conforms('2.2 a right taken away in the database ends with the next token, not before', async version => {
    const [topic, sub] = [`revoked-${version}`, `guest-${version}`]
    await realtime.database.allow(sub, topic)
    const client = await joined(version, topic, sub)
    await realtime.database.forbid(sub)
    await realtime.database.send(topic, 'still', {})
    await client.waitForEvent('broadcast')
    client.push(`realtime:${topic}`, 'access_token', {
      access_token: await signToken({ sub, again: true }),
    })
    expect((await client.waitForEvent('system')).payload).toMatchObject({
      extension: 'system',
      status: 'error',
    })
    await client.waitForEvent('phx_close', topic)
    await realtime.database.send(topic, 'after', {})
    await client.heartbeat()
    expect(events(client)).toEqual(['still'])
  })

  conforms('2.2 an error in a policy is a no, and so is a role that there is not', async version => {
    await sql(`
      drop policy if exists broken on realtime.messages;
      create policy broken on realtime.messages for select to authenticated
        using (topic = 'broken' and 1 / length(realtime.topic() || '') > length(repeat('x', 0 / (length(topic) - 6))))`)
    const client = await realtime.connect({ version })
    const refused = await client.join('broken', { private: true }, await signToken({ sub: 'ada' }))
    expect(refused.response?.reason).toBe(
      'Unauthorized: You do not have permissions to read from this Channel topic: broken',
    )
    await sql('drop policy broken on realtime.messages')
    await realtime.database.allow('ada', 'roles')
    for (const role of ['nobody_knows', 'postgres', 'supabase_admin']) {
      expect(await statusOf(version, 'roles', await signToken({ sub: 'ada', role })), role).toBe('error')
    }
    expect(await statusOf(version, 'roles', await signToken({ sub: 'ada' }))).toBe('ok')
  })

  conforms('2.2 public channels ask the database nothing', async version => {
    const session = await realtime.database.pool.connect()
    try {
      await session.query('begin')
      await session.query('lock table realtime.messages in access exclusive mode')
      const [sender, listener] = [await realtime.connect({ version }), await realtime.connect({ version })]
      const join = { broadcast: { ack: true }, presence: { enabled: true } }
      for (const client of [sender, listener]) expect((await client.join('open', join)).status).toBe('ok')
      expect((await sender.reply(sender.broadcast('open', 'n', {}))).payload.status).toBe('ok')
      await listener.waitForEvent('broadcast')
    } finally {
      await session.query('rollback')
      session.release()
    }
  })

  conforms('2.2 a policy cannot keep what it writes while it is asked', async version => {
    await sql(`
      create table if not exists public.spied (at timestamptz default now());
      grant insert on public.spied to authenticated;
      create or replace function public.spy() returns boolean language plpgsql as $$
        begin insert into public.spied default values; return true; end $$;
      drop policy if exists spy on realtime.messages;
      create policy spy on realtime.messages for select to authenticated using (topic = 'spied' and public.spy())`)
    expect(await statusOf(version, 'spied', await signToken({ sub: 'ada' }))).toBe('ok')
    expect((await sql('select from public.spied')).rowCount).toBe(0)
  })
})
