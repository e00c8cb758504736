/** What a join asks for: read leniently, echoed exactly, and told of when it is there. */

import { beforeAll, expect } from 'vitest'
import { statusesOf } from '../testing/subscribed.ts'
import { SECRET_KEY, signToken } from '../testing/test-server.ts'
import { conforms, useRealtime } from '../testing/use-realtime.ts'

const realtime = useRealtime()
const JOINED = { status: 'ok', response: { postgres_changes: [] } }
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function idsOf(response: Record<string, unknown> = {}): number[] {
  return (response.postgres_changes as { id: number }[]).map(({ id }) => id)
}

beforeAll(async () => {
  await realtime.database.pool.query(`
    create table public.notes (id int primary key, body text);
    grant select on public.notes to anon, authenticated;
    alter publication supabase_realtime add table public.notes;
  `)
})

conforms('1.3 a join whose payload is none opens a channel with the defaults', async version => {
  const [client, listener] = [await realtime.connect({ version }), await realtime.connect({ version })]
  await listener.join('lenient')
  for (const payload of ['text', 7, null, [], {}, { config: 'x' }, { config: [] }]) {
    const ref = client.push('realtime:lenient', 'phx_join', payload)
    expect((await client.reply(ref)).payload, JSON.stringify(payload)).toEqual(JOINED)
    client.broadcast('lenient', 'n', {})
    await client.heartbeat()
  }
  expect(client.broadcasts()).toEqual([])
  expect(client.received.some(({ event }) => event === 'presence_state')).toBe(false)
  await listener.heartbeat()
  expect(listener.broadcasts()).toHaveLength(7)
})

conforms('1.3 an option of a wrong type takes its default', async version => {
  const client = await realtime.connect({ version })
  const config = {
    private: 'maybe',
    broadcast: { ack: 1, self: 'yes', replay: 'soon', replication_ready: {} },
    presence: { enabled: [], key: 7 },
    postgres_changes: 'all',
  }
  expect(await client.join('odd', config)).toEqual(JOINED)
  client.broadcast('odd', 'n', {})
  await client.fence('odd')
  expect(client.received.map(({ event }) => event)).toEqual(['phx_reply', 'phx_reply'])
})

conforms('1.3 booleans may be the words "true" and "True"', async version => {
  const client = await realtime.connect({ version })
  for (const yes of [true, 'true', 'True']) {
    expect((await client.join('words', { private: yes })).status, String(yes)).toBe('error')
  }
  for (const no of [false, 'false', 'False', null, undefined, '', 0]) {
    expect((await client.join('words', { private: no })).status, String(no)).toBe('ok')
  }
  const topic = `enabled:${version}`
  await client.join(topic, { presence: { enabled: 'True' } })
  await client.waitForEvent('presence_state', topic)
})

conforms('1.3 with no presence key, or an empty one, the server makes up a UUID', async version => {
  const topic = `keys:${version}`
  const watcher = await realtime.connect({ version })
  await watcher.join(topic, { presence: { enabled: true, key: 'w' } })
  for (const presence of [{ enabled: true, key: '' }, { enabled: true }]) {
    const client = await realtime.connect({ version })
    await client.join(topic, { presence })
    await client.reply(client.presence(topic, 'track', {}))
  }
  const keys = () =>
    watcher.received
      .filter(({ event }) => event === 'presence_diff')
      .flatMap(({ payload }) => Object.keys(payload.joins as object))
  await watcher.until(() => keys().length === 2, 'both keys')
  for (const key of keys()) expect(key).toMatch(UUID)
  expect(new Set(keys()).size).toBe(2)
})

conforms('1.3 wanted changes are echoed in their order with all their fields, and an id', async version => {
  const client = await realtime.connect({ version })
  const wanted = [
    { event: 'UPDATE', schema: 'public', table: 'notes', filter: 'id=eq.1' },
    { event: '*', schema: 'public' },
    { event: 'INSERT', schema: 'public', table: 'notes', select: ['id'] },
    { event: 'DELETE', schema: 'public', table: 'notes', more: { n: [1] } },
  ]
  const { status, response } = await client.join('echo', { postgres_changes: wanted })
  expect(status).toBe('ok')
  expect(response).toEqual({
    postgres_changes: wanted.map(entry => ({ ...entry, id: expect.any(Number) })),
  })
  const ids = idsOf(response)
  for (const id of ids) expect(Number.isInteger(id) && id > 0).toBe(true)
  expect(new Set(ids).size).toBe(4)
})

conforms('1.3 equal wishes have equal ids, and an id of the client does not count', async version => {
  const client = await realtime.connect({ version })
  const entry = { event: 'INSERT', schema: 'public', table: 'notes' }
  const wanted = [entry, { ...entry, id: 1 }, { ...entry, filter: 'id=eq.1' }, entry]
  const { response } = await client.join('equal', { postgres_changes: wanted })
  const [a, b, c, d] = idsOf(response)
  expect([a, d]).toEqual([b, b])
  expect(c).not.toBe(a)
})

conforms('1.3 entries that are null are left out, and a list that is null is an empty one', async version => {
  const client = await realtime.connect({ version })
  const entry = { event: 'INSERT', schema: 'public', table: 'notes' }
  const { response } = await client.join('nulls', { postgres_changes: [null, entry, null] })
  expect(response).toEqual({ postgres_changes: [{ ...entry, id: expect.any(Number) }] })
  expect(await client.join('null', { postgres_changes: null })).toEqual(JOINED)
})

conforms('1.3 a subscription to changes is told after the reply, once it is live', async version => {
  const client = await realtime.connect({ version })
  const entry = { event: 'INSERT', schema: 'public', table: 'notes' }
  await client.join('ward:1:live', { postgres_changes: [entry] })
  expect((await client.waitForEvent('system')).payload).toEqual({
    extension: 'postgres_changes',
    status: 'ok',
    message: 'Subscribed to PostgreSQL',
    channel: 'ward:1:live',
  })
  expect(client.received.map(({ event }) => event)).toEqual(['phx_reply', 'system'])
  const { rows } = await realtime.database.pool.query('select coalesce(max(id), 0) + 1 as id from notes')
  await realtime.database.pool.query('insert into notes values ($1)', [rows[0].id])
  await client.waitForEvent('postgres_changes')
})

conforms('1.3 replication_ready is answered once the database streams; unasked nothing is', async version => {
  const client = await realtime.connect({ version })
  await client.join('ready', { broadcast: { replication_ready: 'true' } })
  expect((await client.waitForEvent('system')).payload).toEqual({
    extension: 'system',
    status: 'ok',
    message: 'Replication connection established',
    channel: 'ready',
  })
  await client.join('unasked')
  await client.heartbeat()
  expect(client.received.filter(({ event }) => event === 'system')).toHaveLength(1)
})

conforms('1.3 a replay is refused on a public channel, and where its numbers are none', async version => {
  const client = await realtime.connect({ version, key: SECRET_KEY })
  const join = async (isPrivate: boolean, replay: object) =>
    (await client.join('replay', { private: isPrivate, broadcast: { replay } })).response
  const refusal = (why: string) => ({ reason: `UnableToReplayMessages: ${why}` })
  expect(await join(false, { since: 0 })).toEqual(refusal('Replay is not allowed for public channels'))
  for (const replay of [{}, { since: 'yesterday' }, { since: 1.5 }, { since: 0, limit: 'all' }]) {
    expect(await join(true, replay)).toEqual(refusal('Replay params are not valid'))
  }
  expect(await join(true, { since: 0, limit: 1 })).toEqual({ postgres_changes: [] })
})

conforms('1.3 an unmodified supabase-js takes the echo of its bindings for its own', async version => {
  const supabase = realtime.supabase({ version })
  await supabase.realtime.setAuth(await signToken({ sub: 'ada' }))
  const system: unknown[] = []
  const channel = supabase
    .channel('bindings')
    .on('postgres_changes', { event: '*', schema: 'public', table: 'notes' }, () => undefined)
    .on(
      'postgres_changes',
      { event: 'UPDATE', schema: 'public', table: 'notes', filter: 'id=eq.1' },
      () => {},
    )
    .on('postgres_changes', { event: '*', schema: 'public', table: 'notes' }, () => undefined)
    .on('system', {}, payload => system.push(payload.message))
  const statuses = statusesOf(channel)
  await expect.poll(() => system, { timeout: 10_000 }).toEqual(['Subscribed to PostgreSQL'])
  expect(statuses).toEqual(['SUBSCRIBED'])
})
