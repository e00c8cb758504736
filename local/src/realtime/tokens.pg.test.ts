import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { RawClient } from './testing/raw-client.ts'
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts'
import { PUBLISHABLE_KEY, signToken, startTestServer, type TestServer } from './testing/test-server.ts'

let database: TestDatabase
let server: TestServer
const clients: RawClient[] = []

async function connect(key?: string): Promise<RawClient> {
  const client = await RawClient.connect(server.port, key === undefined ? {} : { key })
  clients.push(client)
  return client
}

async function joinPrivate(
  client: RawClient,
  topic: string,
  subject: string,
  expiresIn?: number,
): Promise<string> {
  const token = await signToken({ sub: subject }, expiresIn)
  expect((await client.join(topic, { private: true }, token)).status).toBe('ok')
  return token
}

beforeAll(async () => {
  database = await createTestDatabase()
  server = await startTestServer(database)
})

afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})

afterAll(async () => {
  await server.close()
  await database.drop()
})

test('R30 a channel ends when its token does, a public one too, and the socket goes on', async () => {
  await database.allow('ada', 'expiry')
  const client = await connect()
  await joinPrivate(client, 'expiry', 'ada', 2)
  await client.join('expiry-public', {}, await signToken({ sub: 'ada' }, 2))
  for (const topic of ['expiry', 'expiry-public']) {
    expect((await client.waitForEvent('system', topic)).payload).toEqual({
      extension: 'system',
      status: 'error',
      message: expect.stringMatching(/^Token has expired \d+ seconds ago$/),
      channel: topic,
    })
    const closed = await client.waitForEvent('phx_close', topic)
    expect(closed.ref).toBe(closed.joinRef)
  }
  await client.heartbeat()
})

test('R31 a fresh token keeps the channel open; no answer comes', async () => {
  await database.allow('ada', 'refresh')
  const client = await connect()
  await joinPrivate(client, 'refresh', 'ada', 2)
  const fresh = await signToken({ sub: 'ada' })
  const ref = client.push('realtime:refresh', 'access_token', { access_token: fresh })

  const witness = await connect()
  await witness.join('witness', {}, await signToken({ sub: 'ada' }, 3))
  await witness.waitForEvent('phx_close', 'witness')
  await client.heartbeat()
  expect(client.received.some(message => message.ref === ref)).toBe(false)
  expect(client.received.some(message => message.event === 'phx_close')).toBe(false)
})

test('R32 the same token, none, or a key in its place change nothing', async () => {
  await database.allow('ada', 'same')
  const client = await connect()
  const token = await joinPrivate(client, 'same', 'ada')
  await database.forbid('ada')
  for (const same of [token, null, undefined, PUBLISHABLE_KEY, 7]) {
    client.push('realtime:same', 'access_token', { access_token: same })
  }
  await database.send('same', 'still here', {})
  await client.waitForEvent('broadcast')
  expect(client.received.map(message => message.event)).toEqual(['phx_reply', 'broadcast'])
})

test('R33 a new token that may not read closes the channel; so does one that is no token', async () => {
  await database.allow('ada', 'revoked')
  const client = await connect()
  await joinPrivate(client, 'revoked', 'ada')
  client.push('realtime:revoked', 'access_token', { access_token: await signToken({ sub: 'eve' }) })
  expect((await client.waitForEvent('system', 'revoked')).payload).toMatchObject({ status: 'error' })
  await client.waitForEvent('phx_close', 'revoked')
  await database.send('revoked', 'late', {})

  for (const [topic, bad] of [
    ['bad-1', ''],
    ['bad-2', 'not.a.token'],
    ['bad-3', `${(await signToken({ sub: 'ada' })).slice(0, -6)}AAAAAA`],
    ['bad-4', await signToken({ sub: 'ada' }, -5)],
  ] as const) {
    await database.allow('ada', topic)
    await joinPrivate(client, topic, 'ada')
    client.push(`realtime:${topic}`, 'access_token', { access_token: bad })
    await client.waitForEvent('phx_close', topic)
  }
  expect(client.broadcasts()).toEqual([])
})

test('R34 a new token is asked anew whether it may send', async () => {
  await database.allow('ada', 'promoted')
  const [client, listener] = [await connect(), await connect()]
  await joinPrivate(listener, 'promoted', 'ada')
  await joinPrivate(client, 'promoted', 'ada')
  client.broadcast('promoted', 'before', {})
  await client.fence('promoted')
  await database.allow('ada', 'promoted', { write: true })
  client.broadcast('promoted', 'cached', {})
  client.push('realtime:promoted', 'access_token', { access_token: await signToken({ sub: 'ada', n: 2 }) })
  client.broadcast('promoted', 'after', {})
  await listener.waitForEvent('broadcast')
  expect(listener.broadcasts().map(message => message.payload.event)).toEqual(['after'])
})

test('R35 a join with a bad token is refused with its reason; a key in its place is ignored', async () => {
  const client = await connect()
  const expired = await client.join('lobby', {}, await signToken({ sub: 'ada' }, -7))
  expect(expired.response?.reason).toMatch(/^InvalidJWTToken: Token has expired [789] seconds ago$/)
  const malformed = await client.join('lobby', {}, 'nonsense')
  expect(malformed.response).toEqual({ reason: 'MalformedJWT: The token provided is not a valid JWT' })
  const forged = await client.join('lobby', {}, `${(await signToken({})).slice(0, -6)}AAAAAA`)
  expect(forged.response).toEqual({ reason: 'JwtSignatureError: Failed to validate JWT signature' })
  const withoutRole = await client.join('lobby', {}, await signToken({ role: undefined }))
  expect(withoutRole.response).toEqual({
    reason: 'InvalidJWTToken: Fields `role` and `exp` are required in JWT',
  })
  expect((await client.join('lobby', {}, PUBLISHABLE_KEY)).status).toBe('ok')
})

test('R36 the connection itself may be opened with a token, whose end refuses further joins', async () => {
  const client = await connect(await signToken({ role: 'anon' }, 1))
  expect((await client.join('first')).status).toBe('ok')
  await client.waitForEvent('phx_close', 'first')
  expect((await client.join('second')).response).toEqual({
    reason: expect.stringContaining('Token has expired'),
  })
})
