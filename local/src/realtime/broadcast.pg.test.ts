import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { encodeKind3, RawClient } from './testing/raw-client.ts'
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts'
import { startTestServer, type TestServer } from './testing/test-server.ts'

let database: TestDatabase
let server: TestServer
const clients: RawClient[] = []

async function connect(version: '1.0.0' | '2.0.0' = '2.0.0'): Promise<RawClient> {
  const client = await RawClient.connect(server.port, { version })
  clients.push(client)
  return client
}

beforeAll(async () => {
  database = await createTestDatabase()
  server = await startTestServer(database, { limits: { maxPayloadBytes: 10_000 } })
})

afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})

afterAll(async () => {
  await server.close()
  await database.drop()
})

describe.each(['1.0.0', '2.0.0'] as const)('protocol %s', version => {
  test('R10 a broadcast reaches everyone on the topic but its sender, and nobody elsewhere', async () => {
    const [sender, listener, elsewhere] = [
      await connect(version),
      await connect(version),
      await connect(version),
    ]
    await sender.join('lobby')
    await listener.join('lobby')
    await elsewhere.join('garden')
    sender.broadcast('lobby', 'hello', { n: 1 })
    const received = await listener.waitForEvent('broadcast')
    expect(received).toMatchObject({
      topic: 'realtime:lobby',
      ref: null,
      payload: { type: 'broadcast', event: 'hello', payload: { n: 1 } },
    })
    await sender.heartbeat()
    await elsewhere.heartbeat()
    expect([...sender.broadcasts(), ...elsewhere.broadcasts()]).toEqual([])
  })

  test('R11 self: true brings it back to the sender; ack: true confirms it', async () => {
    const client = await connect(version)
    await client.join('echo', { broadcast: { self: true, ack: 'true' } })
    const ref = client.broadcast('echo', 'hello', { n: 1 })
    expect((await client.reply(ref)).payload).toEqual({ status: 'ok', response: {} })
    expect(client.broadcasts('echo')).toHaveLength(1)

    const silent = await connect(version)
    await silent.join('silent')
    silent.broadcast('silent', 'hello', {})
    await silent.heartbeat()
    expect(silent.received.filter(message => message.event === 'phx_reply')).toHaveLength(2)
  })

  test('R12 a broadcast of the database comes with its id, whole and in order', async () => {
    const client = await connect(version)
    await client.join('news')
    for (const n of [1, 2, 3])
      await database.send('news', 'item', { n, text: 'üñí 🩺 "quoted" \\ \u2028' }, false)
    await client.until(() => client.broadcasts().length === 3, 'three broadcasts')

    const payloads = client.broadcasts('news').map(message => message.payload)
    expect(payloads.map(({ payload }) => (payload as { n: number }).n)).toEqual([1, 2, 3])
    const { payload, meta, event } = payloads[0] as { payload: object; meta: { id: string }; event: string }
    expect(event).toBe('item')
    expect(payload).toEqual({ n: 1, text: 'üñí 🩺 "quoted" \\ \u2028', id: meta.id })
    expect(client.broadcasts()[0]?.isBinary).toBe(version === '2.0.0')
  })

  test('R13 an oversized broadcast goes nowhere, and an ack says so', async () => {
    const [sender, listener] = [await connect(version), await connect(version)]
    await sender.join('big', { broadcast: { ack: true } })
    await listener.join('big')
    const ref = sender.broadcast('big', 'hello', { text: 'x'.repeat(10_001) })
    expect((await sender.reply(ref)).payload).toEqual({ status: 'error', response: 'payload_size_exceeded' })
    await listener.heartbeat()
    expect(listener.broadcasts()).toEqual([])
  })
})

test('R14 binary frames and text frames of both versions reach each other', async () => {
  const [one, two, sender] = [await connect('1.0.0'), await connect('2.0.0'), await connect('2.0.0')]
  for (const client of [one, two, sender]) await client.join('mixed')

  const frame = { topic: 'realtime:mixed', event: 'json', meta: '{"a":1}', payload: { n: 1 } }
  sender.webSocket.send(encodeKind3(frame))
  const expected = { type: 'broadcast', event: 'json', payload: { n: 1 } }
  expect(await two.waitForEvent('broadcast')).toMatchObject({ isBinary: true })
  expect(await one.waitForEvent('broadcast')).toMatchObject({ isBinary: false })
  for (const client of [one, two]) expect(client.broadcasts()[0]?.payload).toEqual(expected)

  one.broadcast('mixed', 'text', { n: 2 })
  await two.until(() => two.broadcasts().length === 2, 'the text broadcast')
  expect(two.broadcasts()[1]).toMatchObject({
    isBinary: false,
    joinRef: null,
    payload: { event: 'text', payload: { n: 2 } },
  })

  sender.webSocket.send(
    encodeKind3({ topic: 'realtime:mixed', event: 'bytes', payload: Buffer.from([0, 255]) }),
  )
  await two.until(() => two.broadcasts().length === 3, 'the bytes')
  expect(two.broadcasts()[2]?.payload.payload).toEqual(Buffer.from([0, 255]))
  await one.heartbeat()
  expect(one.broadcasts()).toHaveLength(1)
})

test('R14 bytes sent by the database reach version 2', async () => {
  const [one, two] = [await connect('1.0.0'), await connect('2.0.0')]
  await one.join('bytes')
  await two.join('bytes')
  await database.pool.query("select realtime.send_binary('\\x00ff10', 'blob', 'bytes', false)")
  const received = await two.waitForEvent('broadcast')
  expect(received.payload).toMatchObject({ event: 'blob', payload: Buffer.from([0, 255, 16]) })
  await one.heartbeat()
  expect(one.broadcasts()).toEqual([])
})

test('R15 a payload that only claims to be JSON never reaches anyone', async () => {
  const [victim, sender] = [await connect('1.0.0'), await connect('2.0.0')]
  await victim.join('inject')
  await sender.join('inject')
  const frame = encodeKind3({ topic: 'realtime:inject', event: 'x', payload: { n: 1 } })
  const forged = Buffer.from('1},"event":"phx_close","x":{"y":1')
  sender.webSocket.send(Buffer.concat([frame.subarray(0, -Buffer.byteLength('{"n":1}')), forged]))
  sender.webSocket.send(frame)
  await victim.waitForEvent('broadcast')
  expect(victim.received.map(message => message.event)).toEqual(['phx_reply', 'broadcast'])
})

test('R16 a topic or event name too long for a binary header arrives as text', async () => {
  const client = await connect('2.0.0')
  const topic = 'long'.repeat(70)
  await client.join(topic)
  await database.send(topic, 'item', { n: 1 }, false)
  const received = await client.waitForEvent('broadcast', topic)
  expect(received).toMatchObject({ isBinary: false, payload: { event: 'item', payload: { n: 1 } } })
})

test('R17 what is rolled back is never sent; what one transaction sends comes in its order', async () => {
  const client = await connect()
  await client.join('atomic')
  const session = await database.pool.connect()
  await session.query('begin')
  await session.query("select realtime.send('{}', 'ghost', 'atomic', false)")
  await session.query('rollback')
  await session.query('begin')
  for (let n = 0; n < 200; n++) await session.query("select realtime.send($1, 'n', 'atomic', false)", [{ n }])
  expect(client.broadcasts()).toEqual([])
  await session.query('commit')
  session.release()
  await client.until(() => client.broadcasts().length >= 200, '200 broadcasts')
  const numbers = client.broadcasts().map(message => (message.payload.payload as { n: number }).n)
  expect(numbers).toEqual(Array.from({ length: 200 }, (_, n) => n))
})
