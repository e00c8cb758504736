import { once } from 'node:events'
import { request } from 'node:http'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import type { RealtimeLimits } from './limits.ts'
import type { RawClient } from './testing/raw-client.ts'
import { PUBLISHABLE_KEY, signToken, type TestServer } from './testing/test-server.ts'
import { useRealtime } from './testing/use-realtime.ts'

const realtime = useRealtime(null)
const start = (limits: Partial<RealtimeLimits>) => realtime.start({ limits })
const connect = (to: TestServer) => realtime.connect({ to })

/** More than the system's buffers between two sockets hold. */
const FLOOD = { frames: 100, bytes: 300_000 }

async function flood(sender: RawClient, topic: string): Promise<void> {
  for (let n = 0; n < FLOOD.frames; n++) {
    sender.broadcast(topic, 'flood', { text: 'x'.repeat(FLOOD.bytes) })
    await sender.heartbeat()
  }
}

/** A client's stream behind the handshake. */
async function openStream(port: number): Promise<Socket> {
  const asked = request({
    host: '127.0.0.1',
    port,
    path: `/realtime/v1/websocket?apikey=${PUBLISHABLE_KEY}&vsn=2.0.0`,
    headers: {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    },
  })
  asked.end()
  const [, stream] = (await once(asked, 'upgrade')) as [unknown, Socket]
  return stream
}

function track(client: RawClient, topic: string, n: number): Promise<unknown> {
  const payload = { type: 'presence', event: 'track', payload: { n } }
  return client.reply(client.push(`realtime:${topic}`, 'presence', payload))
}

const presenceOf = (key: string) => ({ presence: { enabled: true, key } })
const count = (client: RawClient, event: string) =>
  client.received.filter(each => each.event === event).length

test('R150: 4.2 who lags behind gets no presence_diff, but the state once the rest is read', async () => {
  const server = await start({ maxBacklogBytes: 1_000_000_000 })
  const [slow, busy] = [await connect(server), await connect(server)]
  await slow.join('ward', presenceOf('slow'))
  await slow.waitForEvent('presence_state')
  await busy.join('ward', presenceOf('busy'))
  slow.webSocket.pause()
  await flood(busy, 'ward')
  for (const n of [1, 2, 3]) {
    await track(busy, 'ward', n)
    await busy.until(() => count(busy, 'presence_diff') === n, `diff ${n}`)
  }
  slow.webSocket.resume()
  await slow.until(() => count(slow, 'presence_state') === 2, 'the second state')
  expect(slow.received.at(-1)?.payload).toEqual({ busy: { metas: [{ n: 3, phx_ref: expect.any(String) }] } })
  expect([slow.broadcasts().length, count(slow, 'presence_diff')]).toEqual([FLOOD.frames, 0])

  await track(busy, 'ward', 4)
  const diff = await slow.waitForEvent('presence_diff')
  expect(diff.payload).toMatchObject({ joins: { busy: { metas: [{ n: 4 }] } } })
})

test('R151: 4.2 a replay larger than a socket may leave unread arrives whole at a client that reads', async () => {
  await realtime.database.allow('ada', 'large')
  await realtime.database.pool.query(
    `select realtime.send(jsonb_build_object('n', n, 'text', repeat('x', 2000000)), 'n', 'large')
     from generate_series(1, 25) as n`,
  )
  const server = await start({
    maxBacklogBytes: 400_000,
    backlogGraceMs: 60_000,
    authorizationTimeoutMs: 10_000,
  })
  const [client, other] = [await connect(server), await connect(server)]
  const config = { private: true, broadcast: { replay: { since: 0 } } }
  await client.reply(client.startJoin('large', config, await signToken({ sub: 'ada' })))
  client.webSocket.pause()
  const ref = client.push('phoenix', 'heartbeat', {})
  for (let i = 0; i < 10; i++) await other.heartbeat()
  expect(client.broadcasts().length).toBeLessThan(25)
  client.webSocket.resume()
  await client.reply(ref)
  await client.until(() => client.broadcasts().length === 25, 'the replay')
  expect(client.closeCode).toBe(null)
})

test.each([
  ['bytes', { maxPayloadBytes: 400_000, backlogGraceMs: 1_000_000_000 }],
  ['time', { maxPayloadBytes: 1_000_000_000, backlogGraceMs: 100, idleTimeoutMs: 10_000 }],
] as const)('R152: 4.2 who does not read is cut by %s, and comes back', async (_, limits) => {
  const server = await start({ maxBacklogBytes: 400_000, ...limits })
  const [stuck, reader] = [await connect(server), await connect(server)]
  for (const client of [stuck, reader]) await client.join('flood', { broadcast: { self: true } })
  stuck.webSocket.pause()
  await flood(reader, 'flood')
  await expect.poll(() => server.realtime.health().sockets, { timeout: 15_000 }).toBe(1)
  expect(server.logged.map(({ event }) => event)).toContain('socket-backlog')
  await reader.until(() => reader.broadcasts().length === FLOOD.frames, 'the whole flood')
})

test('R152: 4.2 who is cut hears of it by a reset, not behind all that the system still held for it', async () => {
  const server = await start({ maxBacklogBytes: 400_000, maxPayloadBytes: 400_000 })
  const sender = await connect(server)
  await sender.join('flood')
  const stuck = await openStream(server.port)
  const join = JSON.stringify(['1', '1', 'realtime:flood', 'phx_join', { config: {} }])
  stuck.write(Buffer.concat([Buffer.from([0x81, 0x80 | join.length, 0, 0, 0, 0]), Buffer.from(join)]))
  await once(stuck, 'data')
  stuck.pause()
  await flood(sender, 'flood')
  await expect.poll(() => server.realtime.health().sockets, { timeout: 15_000 }).toBe(1)
  let bytes = 0
  stuck.on('error', () => {})
  stuck.on('data', chunk => {
    bytes += chunk.length
  })
  stuck.resume()
  await once(stuck, 'close')
  // What the client's own system had taken; ours held megabytes more.
  expect(bytes).toBeLessThan(1_000_000)
})

test('R153: 4.2 a heartbeat is answered while messages go out to 1,000 sockets', {
  timeout: 120_000,
}, async () => {
  const server = await start({ maxEventsPerSecond: 1_000_000 })
  const members: RawClient[] = []
  for (let i = 0; i < 1_000; i++) members.push(await connect(server))
  await Promise.all(members.map(member => member.join('crowd')))
  const [sender, patient] = [await connect(server), await connect(server)]
  await sender.join('crowd')
  await patient.heartbeat()
  const messages = 50
  for (let n = 0; n < messages; n++) sender.broadcast('crowd', 'n', { n })
  const last = members.at(-1)
  await last?.waitForEvent('broadcast')
  await patient.heartbeat()
  expect(last?.broadcasts().length).toBeLessThan(messages)
  for (const member of members) {
    await member.until(() => member.broadcasts().length === messages, 'every message')
  }
})
