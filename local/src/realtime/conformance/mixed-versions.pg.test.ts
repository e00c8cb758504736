/** Clients of both versions in one room: each is told the same, in the form that it reads. */

import { expect, test } from 'vitest'
import { encodeKind3, type RawClient } from '../testing/raw-client.ts'
import { subscribed } from '../testing/subscribed.ts'
import { PUBLISHABLE_KEY } from '../testing/test-server.ts'
import { conforms, useRealtime, VERSIONS } from '../testing/use-realtime.ts'

const realtime = useRealtime()

async function pair(topic: string): Promise<{ one: RawClient; two: RawClient }> {
  const [one, two] = [await realtime.connect({ version: '1.0.0' }), await realtime.connect()]
  for (const client of [one, two]) await client.join(topic)
  return { one, two }
}

async function lastFrame(client: RawClient) {
  await client.waitForEvent('broadcast')
  const last = client.frames.at(-1)
  return { isBinary: last?.isBinary, text: String(last?.data) }
}

/** A message of each client's own version: what it gets as text is exactly this. */
const asText = (topic: string, payload: object) => ({
  one: { topic: `realtime:${topic}`, event: 'broadcast', payload, ref: null },
  two: [null, null, `realtime:${topic}`, 'broadcast', payload],
})

conforms(
  '1.2 a broadcast sent as text comes to both versions as text, all its fields with it',
  async version => {
    const { one, two } = await pair('text')
    const sender = await realtime.connect({ version })
    await sender.join('text')
    const payload = { type: 'broadcast', event: 'hello', payload: [1, { n: null }], more: 'ü🩺' }
    sender.push('realtime:text', 'broadcast', payload)
    for (const [client, expected] of [
      [one, asText('text', payload).one],
      [two, asText('text', payload).two],
    ] as const) {
      const { isBinary, text } = await lastFrame(client)
      expect(isBinary).toBe(false)
      expect(JSON.parse(text)).toEqual(expected)
    }
  },
)

test('1.2 JSON of kind 3 comes to version 1 as text, with type, event and payload', async () => {
  const { one, two } = await pair('kind-3')
  const sender = await realtime.connect()
  await sender.join('kind-3')
  const payload = { n: 1, text: '"ü" \\ 🩺' }
  sender.webSocket.send(encodeKind3({ topic: 'realtime:kind-3', event: 'a "quoted" ü', payload }))
  const { isBinary, text } = await lastFrame(one)
  expect(isBinary).toBe(false)
  const expected = { type: 'broadcast', event: 'a "quoted" ü', payload }
  expect(JSON.parse(text)).toEqual(asText('kind-3', expected).one)
  expect((await lastFrame(two)).isBinary).toBe(true)
  expect(two.broadcasts()[0]?.payload).toEqual(expected)
})

test('1.2 bytes skip version 1, and what follows them comes in its order', async () => {
  const { one, two } = await pair('skip')
  const sender = await realtime.connect()
  await sender.join('skip')
  const send = (event: string, payload: object | Buffer) =>
    sender.webSocket.send(encodeKind3({ topic: 'realtime:skip', event, payload }))
  send('first', { n: 1 })
  send('bytes', Buffer.from([1]))
  sender.broadcast('skip', 'second', { n: 2 })
  send('more bytes', Buffer.from([2]))
  send('third', { n: 3 })
  for (const client of [one, two]) {
    await client.waitFor(({ payload }) => payload.event === 'third')
  }
  const eventsOf = (client: RawClient) => client.broadcasts().map(({ payload }) => payload.event)
  expect(eventsOf(two)).toEqual(['first', 'bytes', 'second', 'more bytes', 'third'])
  expect(eventsOf(one)).toEqual(['first', 'second', 'third'])
})

test('1.2 what the database sends comes to version 1 as text with its id; bytes do not come', async () => {
  const { one, two } = await pair('database')
  await realtime.database.pool.query("select realtime.send_binary('\\x01', 'bytes', 'database', false)")
  await realtime.database.send('database', 'row', { n: 1 }, false)
  const { isBinary, text } = await lastFrame(one)
  const row = await two.waitFor(({ payload }) => payload.event === 'row')
  const meta = row.payload.meta as { id: string }
  expect(isBinary).toBe(false)
  expect(JSON.parse(text)).toEqual(
    asText('database', { type: 'broadcast', event: 'row', payload: { n: 1, id: meta.id }, meta }).one,
  )
  expect(one.broadcasts()).toHaveLength(1)
})

test('1.2 a batch by HTTP is text to both versions; one message by HTTP is kind 4 to version 2', async () => {
  const { one, two } = await pair('http')
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${realtime.server.url}/realtime/v1/api/broadcast${path}`, {
      method: 'POST',
      headers: { apikey: PUBLISHABLE_KEY, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(answer.status).toBe(202)
  }
  await post('', { messages: [{ topic: 'http', event: 'batch', payload: { n: 1 } }] })
  await post('/http/events/single', { n: 2 })
  for (const client of [one, two]) {
    await client.until(() => client.broadcasts().length === 2, 'both')
    expect(client.broadcasts().map(({ payload }) => [payload.event, payload.payload])).toEqual([
      ['batch', { n: 1 }],
      ['single', { n: 2 }],
    ])
  }
  expect(one.broadcasts().map(({ isBinary }) => isBinary)).toEqual([false, false])
  expect(two.broadcasts().map(({ isBinary }) => isBinary)).toEqual([false, true])
})

conforms('1.2 presence is one list for both versions', async version => {
  const other = VERSIONS.find(each => each !== version) ?? version
  const [tracker, watcher] = [await realtime.connect({ version }), await realtime.connect({ version: other })]
  const config = { presence: { enabled: true, key: 'ada' } }
  for (const client of [tracker, watcher]) await client.join(`presence:${version}`, config)
  await tracker.reply(tracker.presence(`presence:${version}`, 'track', { from: version }))
  const diff = await watcher.waitForEvent('presence_diff')
  expect(diff.payload).toMatchObject({ joins: { ada: { metas: [{ from: version }] } } })
})

conforms('1.2 an unmodified supabase-js reads what one of the other version sends', async version => {
  const other = VERSIONS.find(each => each !== version) ?? version
  const topic = `supabase:${version}`
  const sender = realtime.supabase({ version }).channel(topic, { config: { broadcast: { ack: true } } })
  const listener = realtime.supabase({ version: other }).channel(topic)
  const heard: unknown[] = []
  listener.on('broadcast', { event: '*' }, ({ event, payload }) => heard.push([event, payload]))
  expect([await subscribed(sender), await subscribed(listener)]).toEqual(['SUBSCRIBED', 'SUBSCRIBED'])
  for (const n of [1, 2, 3]) {
    expect(await sender.send({ type: 'broadcast', event: 'n', payload: { n, text: 'ü🩺' } })).toBe('ok')
  }
  await expect.poll(() => heard.length).toBe(3)
  expect(heard).toEqual([1, 2, 3].map(n => ['n', { n, text: 'ü🩺' }]))
})

test('1.2 bytes of an unmodified supabase-js come to version 2, and leave version 1 as it was', async () => {
  const [sender, two, one] = (['2.0.0', '2.0.0', '1.0.0'] as const).map(version =>
    realtime.supabase({ version }).channel('supabase:bytes', { config: { broadcast: { ack: true } } }),
  )
  if (!sender || !two || !one) throw new Error('unreachable')
  const heard = { one: [] as unknown[], two: [] as unknown[] }
  one.on('broadcast', { event: '*' }, ({ payload }) => heard.one.push(payload))
  two.on('broadcast', { event: '*' }, ({ payload }) => heard.two.push(payload))
  for (const channel of [sender, two, one]) expect(await subscribed(channel)).toBe('SUBSCRIBED')
  const bytes = new Uint8Array([0, 1, 255]).buffer
  expect(await sender.send({ type: 'broadcast', event: 'bytes', payload: bytes })).toBe('ok')
  expect(await sender.send({ type: 'broadcast', event: 'json', payload: { n: 1 } })).toBe('ok')
  await expect.poll(() => [heard.one, heard.two]).toEqual([[{ n: 1 }], [bytes, { n: 1 }]])
})
