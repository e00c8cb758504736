/** Who gets a broadcast, in which order, and what its sender is told. */

import { expect } from 'vitest'
import { encodeKind3, type RawClient } from '../testing/raw-client.ts'
import { subscribed } from '../testing/subscribed.ts'
import { SECRET_KEY, signToken } from '../testing/test-server.ts'
import { conforms, useRealtime, type Version } from '../testing/use-realtime.ts'

const realtime = useRealtime()
const OK = { status: 'ok', response: {} }
/** Beyond the limit, with whatever an implementation adds to it for its own framing. */
const TOO_LARGE = 3_000_600

async function joined(version: Version, topic: string, config: object = {}): Promise<RawClient> {
  const client = await realtime.connect({ version })
  expect((await client.join(topic, config)).status).toBe('ok')
  return client
}

/** As realtime-js of each version sends it. */
function send(client: RawClient, version: Version, topic: string, event: string, payload: object): string {
  if (version === '1.0.0') return client.broadcast(topic, event, payload)
  const ref = client.nextRef()
  client.webSocket.send(encodeKind3({ ref, topic: `realtime:${topic}`, event, payload }))
  return ref
}

const eventsOf = (client: RawClient, topic?: string) =>
  client.broadcasts(topic).map(({ payload }) => payload.event)

conforms('1.4 a broadcast reaches everybody on its topic but the channel it came from', async version => {
  const topic = 'reach'
  const [sender, listener] = [await joined(version, topic), await joined(version, topic)]
  const elsewhere = await joined(version, `${topic}:sub`)
  send(sender, version, topic, 'hello', { n: 1 })
  const { payload } = await listener.waitForEvent('broadcast')
  expect(payload).toEqual({ type: 'broadcast', event: 'hello', payload: { n: 1 } })
  for (const client of [sender, elsewhere]) {
    await client.heartbeat()
    expect(client.broadcasts()).toEqual([])
  }
})

conforms(
  '1.4 another socket of the same user gets it, and other channels of the same socket do not',
  async version => {
    const topic = `devices:${version}`
    await realtime.database.allow('ada', topic, { write: true })
    const token = await signToken({ sub: 'ada' })
    const [phone, laptop] = [await realtime.connect({ version }), await realtime.connect({ version })]
    for (const client of [phone, laptop]) await client.join(topic, { private: true }, token)
    await phone.join('elsewhere')
    send(phone, version, topic, 'hello', {})
    await laptop.waitForEvent('broadcast', topic)
    await phone.heartbeat()
    expect(phone.broadcasts()).toEqual([])
  },
)

for (const [self, isSent] of [
  [true, true],
  ['true', true],
  ['True', true],
  [false, false],
  ['false', false],
  [undefined, false],
] as const) {
  for (const [ack, isAcked] of [
    [true, true],
    ['true', true],
    [false, false],
    [undefined, false],
  ] as const) {
    conforms(`1.4 self: ${JSON.stringify(self)}, ack: ${JSON.stringify(ack)}`, async version => {
      const client = await joined(version, 'echo', { broadcast: { self, ack } })
      const listener = await joined(version, 'echo')
      const refs = [
        client.broadcast('echo', 'text', {}),
        send(client, version, 'echo', 'as the client does', {}),
      ]
      await client.heartbeat()
      await listener.until(() => listener.broadcasts().length === 2, 'both')
      expect(client.broadcasts()).toHaveLength(isSent ? 2 : 0)
      const replies = client.received.filter(
        ({ event, ref }) => event === 'phx_reply' && refs.includes(`${ref}`),
      )
      expect(replies.map(({ ref, payload }) => [ref, payload])).toEqual(
        isAcked ? refs.map(ref => [ref, OK]) : [],
      )
    })
  }
}

conforms('1.4 what has no ref is not acknowledged, though it is sent', async version => {
  const client = await joined(version, 'no-ref', { broadcast: { ack: true } })
  const listener = await joined(version, 'no-ref')
  const [topic, event] = ['realtime:no-ref', 'broadcast']
  const payload = { type: 'broadcast', event: 'n', payload: {} }
  client.webSocket.send(
    JSON.stringify(
      version === '1.0.0'
        ? { topic, event, payload, ref: null, join_ref: null }
        : [null, null, topic, event, payload],
    ),
  )
  await listener.waitForEvent('broadcast')
  await client.heartbeat()
  expect(client.received.filter(({ event }) => event === 'phx_reply')).toHaveLength(2)
})

conforms(
  '1.4 what is too large goes nowhere; with ack its sender is told, without it is not',
  async version => {
    const topic = 'large'
    const acked = await joined(version, topic, { broadcast: { ack: true } })
    const silent = await joined(version, topic)
    const listener = await joined(version, topic)
    const large = { text: 'x'.repeat(TOO_LARGE) }
    for (const ref of [acked.broadcast(topic, 'large', large), send(acked, version, topic, 'large', large)]) {
      expect((await acked.reply(ref)).payload).toEqual({ status: 'error', response: 'payload_size_exceeded' })
    }
    const ref = send(silent, version, topic, 'large', large)
    send(silent, version, topic, 'fits', { text: 'x'.repeat(2_900_000) })
    await listener.waitForEvent('broadcast')
    await silent.heartbeat()
    expect(eventsOf(listener)).toEqual(['fits'])
    expect(silent.received.some(received => received.ref === ref)).toBe(false)
    expect([acked.closeCode, silent.closeCode]).toEqual([null, null])
  },
)

conforms('1.4 what one sender sends comes in its order', async version => {
  const topic = `order:${version}`
  await realtime.database.allow('ada', topic, { write: true })
  const token = await signToken({ sub: 'ada' })
  const [sender, listener] = [await realtime.connect({ version }), await realtime.connect({ version })]
  for (const client of [sender, listener]) await client.join(topic, { private: true }, token)
  // The first few wait for the policies, the rest behind them.
  for (let n = 0; n < 100; n++) {
    if (n % 2) sender.broadcast(topic, String(n), {})
    else send(sender, version, topic, String(n), {})
  }
  await listener.until(() => listener.broadcasts().length === 100, 'all')
  expect(eventsOf(listener)).toEqual(Array.from({ length: 100 }, (_, n) => String(n)))
})

conforms('1.4 a public and a private topic of one name are two rooms', async version => {
  const topic = `twin:${version}`
  await realtime.database.allow('ada', topic, { write: true })
  const token = await signToken({ sub: 'ada' })
  const inPrivate: RawClient[] = []
  const inPublic: RawClient[] = []
  for (let i = 0; i < 2; i++) {
    const client = await realtime.connect({ version })
    expect((await client.join(topic, { private: true }, token)).status).toBe('ok')
    inPrivate.push(client)
    inPublic.push(await joined(version, topic))
  }
  if (inPrivate[0]) send(inPrivate[0], version, topic, 'secret', {})
  if (inPublic[0]) send(inPublic[0], version, topic, 'open', {})
  await inPrivate[0]?.fence(topic)
  await realtime.database.send(topic, 'secret row', {})
  await realtime.database.send(topic, 'open row', {}, false)
  for (const client of [...inPrivate, ...inPublic]) {
    await client.waitFor(({ payload }) => String(payload.event).endsWith(' row'))
  }
  expect(inPrivate.map(client => eventsOf(client))).toEqual([['secret row'], ['secret', 'secret row']])
  expect(inPublic.map(client => eventsOf(client))).toEqual([['open row'], ['open', 'open row']])
})

conforms('1.4 a topic may contain colons, and is another one with each', async version => {
  const topics = ['a', 'a:', 'a:b', 'a:b:c', ':', '::a', 'realtime:a']
  const client = await realtime.connect({ version, key: SECRET_KEY })
  for (const topic of topics) expect((await client.join(topic, { private: true })).status, topic).toBe('ok')
  for (const topic of topics) await realtime.database.send(topic, topic, {})
  await client.until(() => client.broadcasts().length === topics.length, 'all')
  for (const topic of topics) expect(eventsOf(client, topic)).toEqual([topic])
})

conforms('1.4 an event may have any name', async version => {
  const [sender, listener] = [await joined(version, 'names'), await joined(version, 'names')]
  const names = ['', ' ', '*', 'broadcast', 'phx_close', 'a "quoted" \\ ü🩺 \u2028', 'e'.repeat(255)]
  for (const name of names) send(sender, version, 'names', name, {})
  await listener.until(() => listener.broadcasts().length === names.length, 'all')
  expect(eventsOf(listener)).toEqual(names)
})

conforms('1.4 a client’s broadcast has no meta and is stored nowhere', async version => {
  const topic = `unstored:${version}`
  await realtime.database.allow('ada', topic, { write: true })
  const token = await signToken({ sub: 'ada' })
  const [sender, listener] = [await realtime.connect({ version }), await realtime.connect({ version })]
  for (const client of [sender, listener]) await client.join(topic, { private: true }, token)
  send(sender, version, topic, 'n', {})
  const { payload } = await listener.waitForEvent('broadcast')
  expect(payload).toEqual({ type: 'broadcast', event: 'n', payload: {} })
  const { rows } = await realtime.database.pool.query('select from realtime.messages where topic = $1', [
    topic,
  ])
  expect(rows).toHaveLength(0)
})

conforms('1.4 what the database sends has its id as meta, and says so when it is replayed', async version => {
  const topic = `meta:${version}`
  await realtime.database.allow('ada', topic)
  const token = await signToken({ sub: 'ada' })
  const [live, late] = [await realtime.connect({ version }), await realtime.connect({ version })]
  await live.join(topic, { private: true }, token)
  await realtime.database.send(topic, 'row', { n: 1 })
  const { payload } = await live.waitForEvent('broadcast')
  const { rows } = await realtime.database.pool.query('select id from realtime.messages where topic = $1', [
    topic,
  ])
  const { id } = rows[0]
  expect(payload).toEqual({ type: 'broadcast', event: 'row', payload: { n: 1, id }, meta: { id } })
  await late.join(topic, { private: true, broadcast: { replay: { since: 0 } } }, token)
  const replayed = await late.waitForEvent('broadcast')
  expect(replayed.payload).toEqual({ ...payload, meta: { replayed: true, id } })
  expect(late.received.map(({ event }) => event)).toEqual(['phx_reply', 'broadcast'])
})

conforms('1.4 an unmodified supabase-js: ack, self, and every kind of payload', async version => {
  const config = { broadcast: { self: true, ack: true } }
  const channel = realtime.supabase({ version }).channel('supabase', { config })
  const other = realtime.supabase({ version }).channel('supabase')
  const heard = { own: [] as unknown[], other: [] as unknown[] }
  channel.on('broadcast', { event: '*' }, ({ payload }) => heard.own.push(payload))
  other.on('broadcast', { event: '*' }, ({ payload }) => heard.other.push(payload))
  expect([await subscribed(channel), await subscribed(other)]).toEqual(['SUBSCRIBED', 'SUBSCRIBED'])
  const payloads = [{ n: 1 }, [1, 2], 'text ü🩺', 7, true, { deep: [{ a: null }] }]
  for (const payload of payloads) {
    expect(await channel.send({ type: 'broadcast', event: 'n', payload })).toBe('ok')
  }
  await expect.poll(() => [heard.own, heard.other]).toEqual([payloads, payloads])
})
