import { connect as connectTcp } from 'node:net'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { encodeKind3, RawClient } from './testing/raw-client.ts'
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts'
import { startTestServer, type TestServer } from './testing/test-server.ts'

let database: TestDatabase
let server: TestServer
const clients: RawClient[] = []

async function connect(): Promise<RawClient> {
  const client = await RawClient.connect(server.port)
  clients.push(client)
  return client
}

beforeAll(async () => {
  database = await createTestDatabase()
  server = await startTestServer(database, {
    limits: { maxFrameBytes: 100_000, idleTimeoutMs: 1_000, maxBacklogBytes: 200_000, backlogGraceMs: 100 },
  })
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await expect.poll(() => server.realtime.health().sockets).toBe(0)
})

afterAll(async () => {
  await server.close()
  await database.drop()
})

test('RB1 a frame that is none is ignored, and the socket stays', async () => {
  const client = await connect()
  await client.join('lobby')
  const texts = [
    '',
    '{',
    'null',
    '[]',
    '{}',
    '[1,2]',
    '[{},{},{},{},{}]',
    '["1","2",3,"phx_join",{}]',
    '"'.repeat(99),
  ]
  for (const text of texts) client.webSocket.send(text)
  const whole = encodeKind3({ topic: 'realtime:lobby', event: 'x', payload: { n: 1 } })
  for (let length = 0; length < whole.length; length++) client.webSocket.send(whole.subarray(0, length))
  client.webSocket.send(Buffer.from([9, 9, 9]))
  await client.heartbeat()
  expect(client.closeCode).toBe(null)
  expect(client.received.filter(message => message.event !== 'phx_reply')).toEqual([])
})

test('RB2 any payload of any event of a joined or unknown topic leaves socket and server as they were', async () => {
  const client = await connect()
  const join = client.startJoin('fuzz')
  await client.reply(join)
  const frames = fc.tuple(
    fc.constantFrom('realtime:fuzz', 'realtime:', 'realtime:x', 'phoenix', '', 'other'),
    fc.constantFrom(
      'broadcast',
      'presence',
      'access_token',
      'heartbeat',
      'phx_leave',
      'phx_join',
      '',
      'system',
    ),
    fc.jsonValue({ maxDepth: 3 }),
    fc.oneof(fc.constant(null), fc.string(), fc.integer()),
  )
  fc.assert(
    fc.property(frames, ([topic, event, payload, ref]) => {
      client.webSocket.send(JSON.stringify([ref, ref, topic, event, payload]))
    }),
    { numRuns: 500 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
      client.webSocket.send(bytes)
    }),
    { numRuns: 500 },
  )
  await client.heartbeat()
  expect(client.closeCode).toBe(null)
  expect(server.logged.filter(({ level }) => level === 'error')).toEqual([])
})

test('RB3 a frame above the limit costs its sender the socket, nobody else', async () => {
  const [offender, bystander] = [await connect(), await connect()]
  await bystander.join('lobby')
  offender.webSocket.send(Buffer.alloc(100_001))
  await offender.closed()
  expect(offender.closeCode).toBe(1009)
  await bystander.heartbeat()
})

test('RB4 a client that vanishes in the middle of a frame is forgotten', async () => {
  const client = await connect()
  await client.join('lobby')
  const vanishing = connectTcp(server.port, '127.0.0.1')
  vanishing.on('error', () => undefined)
  vanishing.write(
    'GET /realtime/v1/websocket?apikey=sb_publishable_test&vsn=2.0.0 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n' +
      'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  await new Promise(resolve => vanishing.once('data', resolve))
  expect(server.realtime.health().sockets).toBe(2)
  // A text frame of 100 bytes, of which 3 come.
  vanishing.write(Buffer.from([0x81, 0xe4, 1, 2, 3, 4, 0x5b, 0x5b, 0x5b]))
  vanishing.destroy()
  await expect.poll(() => server.realtime.health().sockets).toBe(1)
  await client.heartbeat()
})

test('RB5 a silent client is cut, one that sends heartbeats is not', async () => {
  const [silent, alive] = [await connect(), await connect()]
  while (silent.closeCode === null) await alive.heartbeat()
  expect(silent.closeCode).toBe(1001)
  await alive.heartbeat()
})

test('RB6 a client that does not read is cut; the others get everything', async () => {
  const [stuck, reader, sender] = [await connect(), await connect(), await connect()]
  for (const client of [stuck, reader, sender]) await client.join('flood')
  stuck.webSocket.pause()
  const payload = { text: 'x'.repeat(80_000) }
  let sent = 0
  while (server.realtime.health().sockets === 3) {
    sender.broadcast('flood', 'n', payload)
    sent++
    await sender.heartbeat()
    if (sent > 1_000) throw new Error('the client that does not read was never cut')
  }
  await reader.until(() => reader.broadcasts().length === sent, 'all broadcasts')
  expect(server.logged.map(({ event }) => event)).toContain('socket-backlog')
})
