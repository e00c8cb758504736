/** The client that applications use, unmodified, against the server. */

import {
  createClient,
  type RealtimeChannel,
  type SupabaseClient,
  type WebSocketLikeConstructor,
} from '@supabase/supabase-js'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts'
import { PUBLISHABLE_KEY, signToken, startTestServer, type TestServer } from './testing/test-server.ts'

let database: TestDatabase
let server: TestServer
const clients: SupabaseClient[] = []

async function connect(subject?: string): Promise<SupabaseClient> {
  const token = subject === undefined ? null : await signToken({ sub: subject })
  const client = createClient(server.url, PUBLISHABLE_KEY, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: WebSocket as unknown as WebSocketLikeConstructor },
    ...(token === null ? {} : { accessToken: async () => token }),
  })
  clients.push(client)
  return client
}

function subscribed(channel: RealtimeChannel): Promise<string> {
  return new Promise(resolve => {
    channel.subscribe((status, error) => resolve(error ? `${status}: ${error.message}` : status))
  })
}

beforeAll(async () => {
  database = await createTestDatabase()
  server = await startTestServer(database)
})

afterEach(async () => {
  for (const client of clients.splice(0)) await client.removeAllChannels()
})

afterAll(async () => {
  await server.close()
  await database.drop()
})

test('R60 private channel: the database sends, who may read receives, who may not is refused', async () => {
  await database.allow('ada', 'room:1')
  const ada = (await connect('ada')).channel('room:1', { config: { private: true } })
  const messages: unknown[] = []
  ada.on('broadcast', { event: 'message' }, ({ payload, meta }) => messages.push({ payload, meta }))
  expect(await subscribed(ada)).toBe('SUBSCRIBED')

  const eve = (await connect('eve')).channel('room:1', { config: { private: true } })
  expect(await subscribed(eve)).toContain('CHANNEL_ERROR: Unauthorized')
  const anonymous = (await connect()).channel('room:1', { config: { private: true } })
  expect(await subscribed(anonymous)).toContain('CHANNEL_ERROR: Unauthorized')

  await database.send('room:1', 'message', { body: 'hello' })
  await expect.poll(() => messages.length).toBe(1)
  const id = expect.any(String)
  expect(messages).toEqual([{ payload: { body: 'hello', id }, meta: { id } }])
})

test('R60 broadcast between clients: ack, self, bytes', async () => {
  const one = (await connect()).channel('typing', { config: { broadcast: { self: true, ack: true } } })
  const two = (await connect()).channel('typing')
  const seen: Record<string, unknown[]> = { one: [], two: [] }
  one.on('broadcast', { event: '*' }, ({ event, payload }) => seen.one?.push([event, payload]))
  two.on('broadcast', { event: '*' }, ({ event, payload }) => seen.two?.push([event, payload]))
  expect([await subscribed(one), await subscribed(two)]).toEqual(['SUBSCRIBED', 'SUBSCRIBED'])

  expect(await one.send({ type: 'broadcast', event: 'typing', payload: { on: true } })).toBe('ok')
  expect(await one.send({ type: 'broadcast', event: 'bytes', payload: new Uint8Array([1, 2]).buffer })).toBe(
    'ok',
  )
  await expect.poll(() => seen.two?.length).toBe(2)
  expect(seen.two?.[0]).toEqual(['typing', { on: true }])
  expect(seen.two?.[1]).toEqual(['bytes', new Uint8Array([1, 2]).buffer])
  await expect.poll(() => seen.one?.length).toBe(2)
})

test('R60 presence: sync, join, leave', async () => {
  const one = (await connect()).channel('ward', { config: { presence: { key: 'one' } } })
  const two = (await connect()).channel('ward', { config: { presence: { key: 'two' } } })
  const left: string[] = []
  one.on('presence', { event: 'leave' }, ({ key }) => left.push(key))
  two.on('presence', { event: 'sync' }, () => undefined)
  await subscribed(one)
  await subscribed(two)
  expect([await one.track({ n: 1 }), await two.track({ n: 2 })]).toEqual(['ok', 'ok'])
  await expect.poll(() => Object.keys(one.presenceState()).toSorted()).toEqual(['one', 'two'])
  await expect.poll(() => Object.keys(two.presenceState()).toSorted()).toEqual(['one', 'two'])
  await two.unsubscribe()
  await expect.poll(() => left).toEqual(['two'])
  expect(Object.keys(one.presenceState())).toEqual(['one'])
})

test('R60 unsubscribing and subscribing again works; table changes do not break the channel', async () => {
  const client = await connect()
  const first = client.channel('again')
  expect(await subscribed(first)).toBe('SUBSCRIBED')
  expect(await client.removeChannel(first)).toBe('ok')

  const messages: unknown[] = []
  const system: { status?: string }[] = []
  const second = client
    .channel('again')
    .on('postgres_changes', { event: '*', schema: 'public', table: 'x', filter: 'id=eq.1' }, () => undefined)
    .on('broadcast', { event: 'message' }, message => messages.push(message))
    .on('system', {}, payload => system.push(payload))
  expect(await subscribed(second)).toBe('SUBSCRIBED')
  await database.send('again', 'message', {}, false)
  await expect.poll(() => messages.length).toBe(1)
  await expect.poll(() => system.map(({ status }) => status)).toEqual(['error'])
})

test('R61 sockets cut by the server come back and are subscribed again', { timeout: 60_000 }, async () => {
  // A database of its own: two living servers of one database would fight for its slot.
  const own = await createTestDatabase()
  const restarting = await startTestServer(own)
  const client = createClient(restarting.url, PUBLISHABLE_KEY, {
    realtime: {
      transport: WebSocket as unknown as WebSocketLikeConstructor,
      reconnectAfterMs: () => 20,
    },
  })
  clients.push(client)
  const statuses: string[] = []
  const channel = client.channel('back')
  channel.subscribe(status => statuses.push(status))
  await expect.poll(() => statuses).toEqual(['SUBSCRIBED'])
  restarting.cutSockets()
  await expect
    .poll(() => statuses.filter(status => status === 'SUBSCRIBED').length, { timeout: 10_000 })
    .toBe(2)
  await client.removeAllChannels()
  await restarting.close()
  await own.drop()
})
