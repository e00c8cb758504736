import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { handshake } from './testing/handshake.ts'
import { encodeKind0, RawClient } from './testing/raw-client.ts'
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts'
import { startTestServer, type TestServer } from './testing/test-server.ts'

let database: TestDatabase
let server: TestServer
const clients: RawClient[] = []

async function connect(options?: Parameters<typeof RawClient.connect>[1]): Promise<RawClient> {
  const client = await RawClient.connect(server.port, options)
  clients.push(client)
  return client
}

beforeAll(async () => {
  database = await createTestDatabase()
  server = await startTestServer(database, {
    allowedOrigins: ['http://clinic.test'],
    limits: { maxChannelsPerSocket: 3 },
  })
})

afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})

afterAll(async () => {
  await server.close()
  await database.drop()
})

test.each(['1.0.0', '2.0.0'] as const)('R40 heartbeats are answered in protocol %s', async version => {
  const client = await connect({ version })
  const ref = client.push('phoenix', 'heartbeat', {})
  const reply = await client.reply(ref)
  expect(reply).toMatchObject({ topic: 'phoenix', payload: { status: 'ok', response: {} } })
  expect(reply.joinRef).toBe(version === '2.0.0' ? null : undefined)
})

test('R41 leaving is answered, then closed; leaving what was never joined is answered too', async () => {
  const client = await connect()
  const joinRef = client.startJoin('lobby')
  await client.reply(joinRef)
  const leave = client.push('realtime:lobby', 'phx_leave', {}, joinRef)
  await client.waitForEvent('phx_close')
  const [, reply, closed] = client.received
  expect(reply).toMatchObject({ event: 'phx_reply', ref: leave, joinRef, payload: { status: 'ok' } })
  expect(closed).toMatchObject({ event: 'phx_close', ref: joinRef, joinRef, payload: {} })
  const again = client.push('realtime:lobby', 'phx_leave', {})
  expect((await client.reply(again)).payload).toEqual({ status: 'ok', response: {} })
})

test('R42 joining a joined topic closes the old channel under its old ref', async () => {
  const client = await connect()
  const first = client.startJoin('lobby')
  const second = client.startJoin('lobby')
  await client.reply(second)
  expect(client.received.map(({ event, joinRef }) => [event, joinRef])).toEqual([
    ['phx_reply', first],
    ['phx_close', first],
    ['phx_reply', second],
  ])
  await database.send('lobby', 'once', {}, false)
  await client.waitForEvent('broadcast')
  await client.heartbeat()
  expect(client.broadcasts()).toHaveLength(1)
})

test('R43 a push with a stale join_ref, or none, is taken', async () => {
  const [client, listener] = [await connect(), await connect()]
  await listener.join('lobby')
  await client.join('lobby')
  client.push('realtime:lobby', 'broadcast', { type: 'broadcast', event: 'stale', payload: {} }, '99')
  client.push('realtime:lobby', 'broadcast', { type: 'broadcast', event: 'none', payload: {} })
  await listener.until(() => listener.broadcasts().length === 2, 'both')
})

test('R44 what cannot be joined says why', async () => {
  const client = await connect()
  const nameless = client.startJoin('')
  expect((await client.reply(nameless)).payload).toEqual({
    status: 'error',
    response: { reason: 'TopicNameRequired: You must provide a topic name' },
  })
  for (const [topic, event] of [
    ['other:lobby', 'phx_join'],
    ['realtime:lobby', 'broadcast'],
    ['phoenix', 'phx_join'],
  ] as const) {
    const ref = client.push(topic, event, {})
    expect((await client.reply(ref)).payload).toEqual({
      status: 'error',
      response: { reason: 'unmatched topic' },
    })
  }
  const replay = await client.join('lobby', { broadcast: { replay: { since: 0 } } })
  expect(replay.response).toEqual({
    reason: 'UnableToReplayMessages: Replay is not allowed for public channels',
  })
  for (const params of [{}, { since: 'yesterday' }, { since: 0, limit: 1.5 }]) {
    const invalid = await client.join('lobby', { private: true, broadcast: { replay: params } })
    expect(invalid.response).toEqual({ reason: 'UnableToReplayMessages: Replay params are not valid' })
  }
})

test('R110: 1.2 a join in a binary frame (kind 0) is refused, whatever its bytes say', async () => {
  const client = await connect()
  const payload = Buffer.from(JSON.stringify({ config: { private: true } }))
  client.webSocket.send(
    encodeKind0({ joinRef: '1', ref: '1', topic: 'realtime:lobby', event: 'phx_join', payload }),
  )
  expect((await client.reply('1')).payload).toEqual({
    status: 'error',
    response: { reason: 'InvalidJoinPayload: A join must be JSON' },
  })
  const listener = await connect()
  await listener.join('lobby')
  await database.send('lobby', 'open', {}, false)
  await listener.waitForEvent('broadcast')
  await client.heartbeat()
  expect(client.broadcasts()).toEqual([])
  expect((await client.join('lobby')).status).toBe('ok')
})

test('R45 channels per socket are limited, and leaving makes room', async () => {
  const client = await connect()
  for (const topic of ['a', 'b', 'c']) expect((await client.join(topic)).status).toBe('ok')
  expect(await client.join('d')).toEqual({
    status: 'error',
    response: { reason: 'ChannelRateLimitReached: Too many channels' },
  })
  await client.reply(client.push('realtime:a', 'phx_leave', {}))
  expect((await client.join('d')).status).toBe('ok')
})

test('R46 wanted table changes are echoed in order with ids, and said to be missing if they are not published', async () => {
  const client = await connect()
  const wanted = [
    { event: 'INSERT', schema: 'public', table: 'a' },
    { event: '*', schema: 'public' },
    { event: 'INSERT', schema: 'public', table: 'a' },
    { event: 'UPDATE', schema: 'public', table: 'b', filter: 'id=eq.1' },
  ]
  const { response } = await client.join('changes', { postgres_changes: [...wanted, null] })
  const echoed = response?.postgres_changes as ({ id: number } & object)[]
  expect(echoed).toEqual(wanted.map(change => ({ ...change, id: expect.any(Number) })))
  const ids = echoed.map(change => change.id)
  expect(ids[0]).toBe(ids[2])
  expect(new Set(ids).size).toBe(3)
  expect((await client.waitForEvent('system')).payload).toEqual({
    extension: 'postgres_changes',
    status: 'error',
    message:
      'Unable to subscribe to changes with given parameters. Please check Realtime is enabled for the given connect ' +
      'parameters: [event: INSERT, schema: public, table: a, filters: [], select: nil]',
    channel: 'changes',
  })
})

test('R47 replication_ready is told once the database streams', async () => {
  const client = await connect()
  await client.join('ready', { broadcast: { replication_ready: true } })
  expect((await client.waitForEvent('system')).payload).toEqual({
    extension: 'system',
    status: 'ok',
    message: 'Replication connection established',
    channel: 'ready',
  })
})

test('R48 a handshake without a valid key, from another origin or in another version is refused in JSON', async () => {
  const ask = async (query: string, headers?: Record<string, string>) => {
    const { status, body } = await handshake(server, query, headers)
    return { status, body }
  }
  const key = 'apikey=sb_publishable_test&vsn=2.0.0'
  const error = { error: expect.any(String) }
  expect(await ask(key)).toEqual({ status: 101, body: null })
  expect(await ask('vsn=2.0.0', { 'x-api-key': 'sb_publishable_test' })).toEqual({ status: 101, body: null })
  expect(await ask('vsn=2.0.0')).toEqual({ status: 401, body: error })
  expect(await ask('vsn=2.0.0&apikey=sb_publishable_other')).toEqual({ status: 401, body: error })
  expect(await ask('vsn=2.0.0&apikey=rubbish')).toEqual({ status: 401, body: error })
  expect(await ask('vsn=9&apikey=sb_publishable_test')).toEqual({ status: 400, body: error })
  expect(await ask(key, { origin: 'http://evil.test' })).toEqual({ status: 403, body: error })
  expect(await ask(key, { origin: 'http://clinic.test' })).toEqual({ status: 101, body: null })
})

test('R49 health counts sockets and channels', async () => {
  await expect.poll(() => server.realtime.health().sockets).toBe(0)
  const client = await connect()
  for (const topic of ['one', 'two']) await client.join(topic)
  expect(server.realtime.health()).toEqual({ replicationConnected: true, sockets: 1, channels: 2 })
})
