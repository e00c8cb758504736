import { expect, test } from 'vitest'
import type { RealtimeLimits } from './limits.ts'
import { handshake } from './testing/handshake.ts'
import type { RawClient } from './testing/raw-client.ts'
import type { TestServer } from './testing/test-server.ts'
import { useRealtime } from './testing/use-realtime.ts'

const realtime = useRealtime(null)
const start = (limits: Partial<RealtimeLimits>) => realtime.start({ limits })
const connect = (to: TestServer) => realtime.connect({ to })

function untrack(client: RawClient, topic: string): string {
  return client.push(`realtime:${topic}`, 'presence', { type: 'presence', event: 'untrack' })
}

const ended = (topic: string, message: string) => ({
  extension: 'system',
  status: 'error',
  message,
  channel: topic,
})

test('R147: 1.7 too many messages a second close each channel that is to get one, and no other', async () => {
  const server = await start({ maxEventsPerSecond: 5 })
  const [sender, listener, elsewhere] = [await connect(server), await connect(server), await connect(server)]
  for (const client of [sender, listener]) await client.join('busy')
  await elsewhere.join('quiet')
  const isClosed = () => listener.received.some(({ event }) => event === 'phx_close')
  for (let sent = 0; !isClosed(); sent++) {
    if (sent > 1_000) throw new Error('the channel was never closed')
    sender.broadcast('busy', 'n', { sent })
    await listener.heartbeat()
    await sender.heartbeat()
  }
  expect(listener.broadcasts().length).toBeGreaterThanOrEqual(12)
  const system = listener.received.find(({ event }) => event === 'system')
  expect(system?.payload).toEqual(ended('busy', 'Too many messages per second'))
  const before = listener.received.length
  sender.broadcast('busy', 'n', {})
  for (const client of [sender, listener, elsewhere]) await client.heartbeat()
  expect(listener.received.slice(before).map(({ event }) => event)).toEqual(['phx_reply'])
  for (const client of [sender, elsewhere]) {
    expect(client.received.some(({ event }) => event === 'phx_close')).toBe(false)
  }
})

test('R148: 1.7 too many joins a second are refused and cost their socket, and no further one opens', async () => {
  const server = await start({ maxJoinsPerSecond: 1 })
  const [bystander, client] = [await connect(server), await connect(server)]
  await bystander.join('calm')
  const replies: unknown[] = []
  while (client.closeCode === null && replies.length < 100) {
    const { status, response } = await client.join(`topic-${replies.length}`)
    replies.push(status === 'ok' ? 'ok' : response)
    if (status !== 'ok') await client.closed()
  }
  expect(replies.length).toBeGreaterThanOrEqual(5)
  expect(replies.at(-1)).toEqual({ reason: 'ClientJoinRateLimitReached: Too many joins per second' })
  expect(client.closeCode).toBe(1001)
  expect(await handshake(server, 'apikey=sb_publishable_test&vsn=2.0.0')).toMatchObject({
    status: 429,
    body: { error: 'Too many joins per second' },
  })
  await bystander.heartbeat()
})

test('R149: 1.5 more than five presence calls of a channel within its window close it', async () => {
  const server = await start({})
  const client = await connect(server)
  for (const topic of ['a', 'b']) await client.join(topic)
  for (let call = 0; call < 5; call++) {
    expect((await client.reply(untrack(client, 'a'))).payload.status).toBe('ok')
  }
  const sixth = untrack(client, 'a')
  expect((await client.waitForEvent('system')).payload).toEqual(
    ended('a', 'Client presence rate limit exceeded'),
  )
  await client.waitForEvent('phx_close', 'a')
  expect((await client.reply(untrack(client, 'b'))).payload.status).toBe('ok')
  expect(client.received.some(({ ref }) => ref === sixth)).toBe(false)
})

test('R149: 1.7 too many presence calls of all a second close the channel of the last', async () => {
  const server = await start({ maxPresenceCallsPerSecond: 1, maxPresenceCallsPerChannel: 1_000 })
  const [other, client] = [await connect(server), await connect(server)]
  for (const each of [other, client]) await each.join('ward')
  const isClosed = () => client.received.some(({ event }) => event === 'phx_close')
  for (let calls = 0; !isClosed(); calls++) {
    if (calls > 500) throw new Error('the channel was never closed')
    untrack(client, 'ward')
    await client.heartbeat()
  }
  expect((await client.waitForEvent('system')).payload).toEqual(
    ended('ward', 'Too many presence messages per second'),
  )
  await other.heartbeat()
  expect(other.received.some(({ event }) => event === 'phx_close')).toBe(false)
})

test('R149: 1.5 a presence payload above the limit closes the channel', async () => {
  const server = await start({ maxPayloadBytes: 100 })
  const client = await connect(server)
  await client.join('ward')
  const track = (text: string) =>
    client.push('realtime:ward', 'presence', { type: 'presence', event: 'track', payload: { text } })
  expect((await client.reply(track('x'.repeat(50)))).payload.status).toBe('ok')
  track('x'.repeat(100))
  expect((await client.waitForEvent('system')).payload).toEqual(ended('ward', 'Track message size exceeded'))
  await client.waitForEvent('phx_close', 'ward')
})
