/** How often and how much: what is beyond it ends the channel, and with it its presence. */

import { expect } from 'vitest'
import type { RealtimeLimits } from '../limits.ts'
import { diffsOf, withPresence } from '../testing/presence-client.ts'
import type { RawClient } from '../testing/raw-client.ts'
import { statusesOf } from '../testing/subscribed.ts'
import type { TestServer } from '../testing/test-server.ts'
import { conforms, useRealtime, type Version } from '../testing/use-realtime.ts'

const realtime = useRealtime(null)
const start = (limits: Partial<RealtimeLimits> = {}) => realtime.start({ limits })

async function joined(to: TestServer, version: Version, topic: string, key: string): Promise<RawClient> {
  const client = await realtime.connect({ to, version })
  expect((await client.join(topic, withPresence(key))).status).toBe('ok')
  return client
}

async function expectEnd(client: RawClient, topic: string, message: string): Promise<void> {
  await client.waitForEvent('phx_close', topic)
  const [system] = client.received.filter(({ event }) => event === 'system')
  expect(system?.payload).toEqual({ extension: 'system', status: 'error', message, channel: topic })
  const events = client.received.map(({ event }) => event)
  expect(events.indexOf('system')).toBeLessThan(events.indexOf('phx_close'))
}

conforms(
  '1.5 a channel may track and untrack five times in thirty seconds; the sixth ends it',
  async version => {
    const to = await start()
    const watcher = await joined(to, version, 'ward', 'w')
    const client = await joined(to, version, 'ward', 'ada')
    await client.join('other', withPresence('ada'))
    for (const event of ['track', 'untrack', 'untrack', 'track', 'track']) {
      expect((await client.reply(client.presence('ward', event, { n: 1 }))).payload.status).toBe('ok')
    }
    // What came and went within one turn would be told to nobody.
    await watcher.until(() => 'ada' in (diffsOf(watcher).at(-1)?.joins ?? {}), 'ada coming')
    const sixth = client.presence('ward', 'track', { n: 2 })
    await expectEnd(client, 'ward', 'Client presence rate limit exceeded')
    expect(client.received.some(({ ref }) => ref === sixth)).toBe(false)
    await watcher.until(() => 'ada' in (diffsOf(watcher).at(-1)?.leaves ?? {}), 'ada going')

    // Counted for each channel: others of the socket, and a new one of the topic, begin at nothing.
    expect((await client.reply(client.presence('other', 'track', {}))).payload.status).toBe('ok')
    await client.join('ward', withPresence('ada'))
    expect((await client.reply(client.presence('ward', 'track', {}))).payload.status).toBe('ok')
  },
)

conforms('1.5 when the window is over calls count anew', async version => {
  const to = await start({ presenceCallWindowMs: 1 })
  const client = await joined(to, version, 'ward', 'ada')
  for (let n = 0; n < 12; n++) {
    const sentAt = performance.now()
    expect((await client.reply(client.presence('ward', 'track', { n }))).payload.status).toBe('ok')
    while (performance.now() - sentAt < 2) await client.heartbeat()
  }
})

conforms('1.5 a payload beyond the limit of broadcasts ends the channel', async version => {
  const to = await start({ maxPayloadBytes: 1_000 })
  const client = await joined(to, version, 'ward', 'ada')
  const fits = client.presence('ward', 'track', { text: 'x'.repeat(900) })
  expect((await client.reply(fits)).payload.status).toBe('ok')
  const ref = client.presence('ward', 'track', { text: 'x'.repeat(1_600) })
  await expectEnd(client, 'ward', 'Track message size exceeded')
  expect(client.received.some(received => received.ref === ref)).toBe(false)
})

conforms('1.5 too many calls a second of all clients end the channel of the last', async version => {
  const to = await start({ maxPresenceCallsPerSecond: 1, maxPresenceCallsPerChannel: 1_000 })
  const [other, client] = [await joined(to, version, 'ward', 'o'), await joined(to, version, 'ward', 'ada')]
  const isClosed = () => client.received.some(({ event }) => event === 'phx_close')
  for (let calls = 0; !isClosed(); calls++) {
    if (calls > 500) throw new Error('the channel was never closed')
    client.presence('ward', 'untrack')
    await client.heartbeat()
  }
  await expectEnd(client, 'ward', 'Too many presence messages per second')
  await other.heartbeat()
  expect(other.received.some(({ event }) => event === 'phx_close')).toBe(false)
})

conforms('1.5 an unmodified supabase-js that tracks too often is closed, and told why', async version => {
  const to = await start()
  const system: unknown[] = []
  const channel = realtime
    .supabase({ to, version })
    .channel('ward')
    .on('system', {}, ({ message }) => system.push(message))
  const statuses = statusesOf(channel)
  await expect.poll(() => statuses).toEqual(['SUBSCRIBED'])
  for (let n = 0; n < 5; n++) expect(await channel.track({ n })).toBe('ok')
  channel.track({ n: 5 }).catch(() => undefined)
  await expect.poll(() => statuses).toEqual(['SUBSCRIBED', 'CLOSED'])
  expect(system).toEqual(['Client presence rate limit exceeded'])
})
