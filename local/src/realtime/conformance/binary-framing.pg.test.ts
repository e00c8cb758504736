/** Broadcasts in binary framing: kind 3 in, kind 4 out, byte by byte. */

import { expect, test } from 'vitest'
import { encodeKind3, type RawClient } from '../testing/raw-client.ts'
import { useRealtime } from '../testing/use-realtime.ts'

const realtime = useRealtime()
const JSON_ENCODING = 1
const BINARY_ENCODING = 0

/** What a client must get, by hand. */
function kind4(topic: string, event: string, meta: string, encoding: 0 | 1, payload: Buffer | string) {
  const strings = [topic, event, meta].map(text => Buffer.from(text))
  const lengths = strings.map(({ length }) => length)
  return Buffer.concat([Buffer.from([4, ...lengths, encoding]), ...strings, Buffer.from(payload)])
}

async function joined(topic: string, config: object = {}): Promise<RawClient> {
  const client = await realtime.connect()
  await client.join(topic, config)
  return client
}

/** The binary frames that came, once everything sent before has. */
async function binaryFrames(client: RawClient, count: number): Promise<Buffer[]> {
  await client.until(() => client.broadcasts().length >= count, `${count} broadcasts`)
  await client.heartbeat()
  return client.frames.filter(({ isBinary }) => isBinary).map(({ data }) => data)
}

test('1.2 a JSON broadcast of kind 3 arrives as kind 4, its payload untouched to the byte', async () => {
  const [sender, listener] = [await joined('json'), await joined('json')]
  const text = '{ "n" : 1.0, "text":"\\u00fc🩺",\n "n": 2 }'
  const strings = ['1', '9', 'realtime:json', 'hello', ''].map(value => Buffer.from(value))
  sender.webSocket.send(
    Buffer.concat([Buffer.from([3, 1, 1, 13, 5, 0, JSON_ENCODING]), ...strings, Buffer.from(text)]),
  )
  expect(await binaryFrames(listener, 1)).toEqual([kind4('realtime:json', 'hello', '', JSON_ENCODING, text)])
})

test('1.2 bytes arrive as they are, whatever they are, also none at all', async () => {
  const [sender, listener] = [await joined('bytes'), await joined('bytes')]
  const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
  for (const payload of [all, Buffer.alloc(0), Buffer.alloc(70_000, 7)]) {
    sender.webSocket.send(encodeKind3({ topic: 'realtime:bytes', event: 'blob', payload }))
  }
  expect(await binaryFrames(listener, 3)).toEqual([
    kind4('realtime:bytes', 'blob', '', BINARY_ENCODING, all),
    kind4('realtime:bytes', 'blob', '', BINARY_ENCODING, ''),
    kind4('realtime:bytes', 'blob', '', BINARY_ENCODING, Buffer.alloc(70_000, 7)),
  ])
})

test('1.2 lengths count bytes of UTF-8, not letters', async () => {
  const topic = 'ærø🩺'
  const [sender, listener] = [await joined(topic), await joined(topic)]
  sender.webSocket.send(encodeKind3({ topic: `realtime:${topic}`, event: 'ü'.repeat(127), payload: {} }))
  const expected = kind4(`realtime:${topic}`, 'ü'.repeat(127), '', JSON_ENCODING, '{}')
  expect(expected.subarray(1, 3)).toEqual(Buffer.from([9 + 9, 254]))
  expect(await binaryFrames(listener, 1)).toEqual([expected])
})

test('1.2 topic and event may have 255 bytes each, and an event none', async () => {
  const topic = 't'.repeat(255 - 'realtime:'.length)
  const [sender, listener] = [await joined(topic), await joined(topic)]
  for (const event of ['e'.repeat(255), '']) {
    sender.webSocket.send(encodeKind3({ topic: `realtime:${topic}`, event, payload: { n: 1 } }))
  }
  expect(await binaryFrames(listener, 2)).toEqual([
    kind4(`realtime:${topic}`, 'e'.repeat(255), '', JSON_ENCODING, '{"n":1}'),
    kind4(`realtime:${topic}`, '', '', JSON_ENCODING, '{"n":1}'),
  ])
})

test('1.2 with a longer name there is no kind 4: JSON comes as text, bytes do not come', async () => {
  const listener = await joined('long')
  const event = 'e'.repeat(256)
  await realtime.database.pool.query("select realtime.send_binary('\\x01', $1, 'long', false)", [event])
  await realtime.database.send('long', event, { n: 1 }, false)
  await realtime.database.send('long', 'short', {}, false)
  await listener.waitFor(({ payload }) => payload.event === 'short')
  expect(listener.broadcasts().map(({ isBinary, payload }) => [isBinary, payload.event])).toEqual([
    [false, event],
    [true, 'short'],
  ])
})

test('1.2 what the database sends is kind 4 with its id as meta, JSON or bytes', async () => {
  const listener = await joined('database')
  await realtime.database.send('database', 'row', { n: 1 }, false)
  await realtime.database.pool.query("select realtime.send_binary('\\x00ff10', 'blob', 'database', false)")
  const frames = await binaryFrames(listener, 2)
  const { rows } = await realtime.database.pool.query<{ id: string; payload: string | null }>(
    "select id, payload::text from realtime.messages where topic = 'database' order by inserted_at",
  )
  const [row, blob] = rows
  const metaOf = (id = '') => JSON.stringify({ id })
  expect(frames).toEqual([
    kind4('realtime:database', 'row', metaOf(row?.id), JSON_ENCODING, row?.payload ?? ''),
    kind4('realtime:database', 'blob', metaOf(blob?.id), BINARY_ENCODING, Buffer.from([0, 255, 16])),
  ])
})

test('1.2 the refs of kind 3 may be empty; with a ref an ack comes, as text', async () => {
  const client = await realtime.connect()
  const joinRef = client.startJoin('refs', { broadcast: { ack: true } })
  await client.reply(joinRef)
  const frame = { topic: 'realtime:refs', event: 'x', payload: {} }
  client.webSocket.send(encodeKind3(frame))
  client.webSocket.send(encodeKind3({ ...frame, joinRef, ref: 'acked' }))
  await client.reply('acked')
  expect(client.frames.slice(1).map(({ data, isBinary }) => [isBinary, JSON.parse(data.toString())])).toEqual(
    [[false, [joinRef, 'acked', 'realtime:refs', 'phx_reply', { status: 'ok', response: {} }]]],
  )
})

test('1.2 a client has no meta of its own: it goes no further', async () => {
  const [sender, listener] = [await joined('meta'), await joined('meta')]
  const meta = '{"id":"7e0e8c5b-3d3f-4b43-9a5f-6a1f6f3f0f10","replayed":true}'
  for (const payload of [{ n: 1 }, Buffer.from([1])]) {
    sender.webSocket.send(encodeKind3({ topic: 'realtime:meta', event: 'forged', meta, payload }))
  }
  expect(await binaryFrames(listener, 2)).toEqual([
    kind4('realtime:meta', 'forged', '', JSON_ENCODING, '{"n":1}'),
    kind4('realtime:meta', 'forged', '', BINARY_ENCODING, Buffer.from([1])),
  ])
})

test('1.2 binary frames that are none are ignored, and the socket stays', async () => {
  const [sender, listener] = [await joined('broken'), await joined('broken')]
  const good = { topic: 'realtime:broken', event: 'x', payload: { n: 1 } }
  const whole = encodeKind3({ ...good, joinRef: '1', ref: '2', meta: '{"a":1}' })
  for (let length = 0; length < whole.length; length++) sender.webSocket.send(whole.subarray(0, length))
  const withByte = (at: number, value: number) => {
    const frame = Buffer.from(whole)
    frame[at] = value
    sender.webSocket.send(frame)
  }
  // Other kinds, lengths past the end, an unknown encoding, a topic that is no UTF-8.
  for (const kind of [1, 2, 4, 5, 127, 255]) withByte(0, kind)
  for (let at = 1; at <= 5; at++) withByte(at, 255)
  withByte(6, 2)
  withByte(9, 0xff)
  for (const meta of ['{', '[]', '7', 'null', '"text"']) sender.webSocket.send(encodeKind3({ ...good, meta }))
  const noJson = encodeKind3(good).subarray(0, -1)
  for (const end of ['', '}}', '},{}']) sender.webSocket.send(Buffer.concat([noJson, Buffer.from(end)]))
  await sender.heartbeat()
  expect(sender.closeCode).toBe(null)
  sender.webSocket.send(encodeKind3(good))
  expect(await binaryFrames(listener, 1)).toEqual([
    kind4('realtime:broken', 'x', '', JSON_ENCODING, '{"n":1}'),
  ])
})

test('1.2 kind 3 for a topic that is not joined is answered like any message', async () => {
  const client = await realtime.connect()
  client.webSocket.send(encodeKind3({ ref: '5', topic: 'realtime:nowhere', event: 'x', payload: {} }))
  expect((await client.reply('5')).payload).toEqual({
    status: 'error',
    response: { reason: 'unmatched topic' },
  })
})
