/** Limits, each with its words. */

import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS, type RealtimeLimits } from '../limits.ts'
import { handshake } from '../testing/handshake.ts'
import { encodeKind3, type RawClient } from '../testing/raw-client.ts'
import { PUBLISHABLE_KEY } from '../testing/test-server.ts'
import { conforms, useRealtime, type Version } from '../testing/use-realtime.ts'

const realtime = useRealtime()

const start = (limits: Partial<RealtimeLimits>) => realtime.start({ limits })

const refused = (reason: string) => ({ status: 'error', response: { reason } })
const ended = (channel: string, message: string) => ({
  extension: 'system',
  status: 'error',
  message,
  channel,
})
const isClosed = (client: RawClient) => client.received.some(({ event }) => event === 'phx_close')
const presence = (client: RawClient, topic: string, event: string, payload?: object) =>
  client.push(`realtime:${topic}`, 'presence', { type: 'presence', event, payload })

/** Sends until a channel of the listener is closed; how often it took. */
async function sendUntilClosed(sender: RawClient, listeners: RawClient[], topic: string): Promise<number> {
  for (let sent = 1; sent <= 2_000; sent++) {
    sender.broadcast(topic, 'n', { sent })
    await sender.heartbeat()
    for (const listener of listeners) await listener.heartbeat()
    if (listeners.some(isClosed)) return sent
  }
  throw new Error('no channel was closed')
}

const query = (version: Version) => `apikey=${PUBLISHABLE_KEY}&vsn=${version}`

describe('R163 1.7 limits', () => {
  test('1.7 the defaults are those of a self-hosted server where clients count on them', () => {
    expect(DEFAULT_LIMITS).toMatchObject({
      maxFrameBytes: 5_000_000,
      maxChannelsPerSocket: 100,
      maxPayloadBytes: 3_000_000,
      maxPresenceCallsPerSecond: 1_000,
      maxPresenceCallsPerChannel: 5,
      presenceCallWindowMs: 30_000,
      maxChangeBytes: 1_048_576,
      idleTimeoutMs: 60_000,
      noChannelTimeoutMs: 600_000,
    })
  })

  conforms('1.7 a socket has a hundred channels; one more is ChannelRateLimitReached', async version => {
    const client = await realtime.connect({ version })
    const joins = Array.from({ length: 100 }, (_, n) => client.startJoin(`many-${n}`))
    for (const ref of joins) expect((await client.reply(ref)).payload.status).toBe('ok')
    const reply = await client.join('many-100')
    expect(reply).toEqual(refused('ChannelRateLimitReached: Too many channels'))
    // Joining again what is joined needs no room.
    expect((await client.join('many-0')).status).toBe('ok')
    await client.reply(client.push('realtime:many-1', 'phx_leave', {}))
    expect((await client.join('many-100')).status).toBe('ok')
    expect(client.closeCode).toBe(null)
  })

  conforms('1.7 too many sockets: 429 Too many connected users, until one goes', async version => {
    const server = await start({ maxSockets: 1 })
    const client = await realtime.connect({ version, to: server })
    expect(await handshake(server, query(version))).toMatchObject({
      status: 429,
      body: { error: 'Too many connected users' },
    })
    client.close()
    await expect.poll(() => server.realtime.health().sockets, { timeout: 10_000 }).toBe(0)
    expect((await handshake(server, query(version))).status).toBe(101)
  })

  conforms(
    '1.7 too many joins a second are refused and cost the socket; new sockets get 429',
    async version => {
      const server = await start({ maxJoinsPerSecond: 1 })
      const client = await realtime.connect({ version, to: server })
      let reply = await client.join('join-0')
      for (let n = 1; reply.status === 'ok' && n < 200; n++) reply = await client.join(`join-${n}`)
      expect(reply).toEqual(refused('ClientJoinRateLimitReached: Too many joins per second'))
      await client.closed()
      expect(client.closeCode).toBe(1001)
      expect(await handshake(server, query(version))).toMatchObject({
        status: 429,
        body: { error: 'Too many joins per second' },
      })
    },
  )

  conforms('1.7 too many messages a second close the channels that are to get one', async version => {
    const server = await start({ maxEventsPerSecond: 5 })
    const [sender, listener, elsewhere] = [
      await realtime.connect({ version, to: server }),
      await realtime.connect({ version, to: server }),
      await realtime.connect({ version, to: server }),
    ]
    for (const client of [sender, listener]) await client.join('busy')
    await elsewhere.join('quiet')
    await sendUntilClosed(sender, [listener], 'busy')
    expect(listener.received.find(({ event }) => event === 'system')?.payload).toEqual(
      ended('busy', 'Too many messages per second'),
    )
    expect([sender, elsewhere].map(isClosed)).toEqual([false, false])
    expect(listener.closeCode).toBe(null)
  })

  conforms('1.7 each delivery counts as a message', async version => {
    const sends: number[] = []
    for (const count of [1, 12]) {
      const server = await start({ maxEventsPerSecond: 20 })
      const connect = () => realtime.connect({ version, to: server })
      const sender = await connect()
      await sender.join('room')
      const listeners: RawClient[] = []
      for (let i = 0; i < count; i++) listeners.push(await connect())
      for (const listener of listeners) await listener.join('room')
      sends.push(await sendUntilClosed(sender, listeners, 'room'))
    }
    const [toOne = 0, toMany = 0] = sends
    expect(toMany).toBeLessThan(toOne)
  })

  conforms('1.7 a sixth presence call within the window closes the channel', async version => {
    const client = await realtime.connect({ version })
    for (const topic of ['calls', 'other']) await client.join(topic)
    for (let n = 0; n < 5; n++) {
      const ref = n % 2 ? presence(client, 'calls', 'untrack') : presence(client, 'calls', 'track', { n })
      expect((await client.reply(ref)).payload.status).toBe('ok')
    }
    presence(client, 'calls', 'track', {})
    expect((await client.waitForEvent('system')).payload).toEqual(
      ended('calls', 'Client presence rate limit exceeded'),
    )
    await client.waitForEvent('phx_close', 'calls')
    expect((await client.reply(presence(client, 'other', 'untrack'))).payload.status).toBe('ok')
  })

  conforms('1.7 too many presence calls of all a second close the channel of the last', async version => {
    const server = await start({ maxPresenceCallsPerSecond: 1, maxPresenceCallsPerChannel: 1_000 })
    const client = await realtime.connect({ version, to: server })
    await client.join('ward')
    for (let n = 0; n < 1_000 && !isClosed(client); n++) {
      presence(client, 'ward', 'untrack')
      await client.heartbeat()
    }
    expect((await client.waitForEvent('system')).payload).toEqual(
      ended('ward', 'Too many presence messages per second'),
    )
    expect(client.closeCode).toBe(null)
  })

  conforms('1.7 a presence payload above the limit closes the channel', async version => {
    const server = await start({ maxPayloadBytes: 1_000 })
    const client = await realtime.connect({ version, to: server })
    await client.join('ward')
    const fits = presence(client, 'ward', 'track', { text: 'x'.repeat(900) })
    expect((await client.reply(fits)).payload.status).toBe('ok')
    presence(client, 'ward', 'track', { text: 'x'.repeat(1_000) })
    expect((await client.waitForEvent('system')).payload).toEqual(
      ended('ward', 'Track message size exceeded'),
    )
    await client.waitForEvent('phx_close', 'ward')
  })

  conforms(
    '1.7 a broadcast above the limit reaches nobody; the ack says so, without ack nothing does',
    async version => {
      const server = await start({ maxPayloadBytes: 1_000 })
      const [silent, asking, listener] = [
        await realtime.connect({ version, to: server }),
        await realtime.connect({ version, to: server }),
        await realtime.connect({ version, to: server }),
      ]
      await silent.join('ward')
      await asking.join('ward', { broadcast: { ack: true } })
      await listener.join('ward')
      const ref = silent.broadcast('ward', 'large', { text: 'x'.repeat(1_000) })
      await silent.heartbeat()
      expect(silent.received.some(message => message.ref === ref)).toBe(false)
      const asked = asking.broadcast('ward', 'large', { text: 'x'.repeat(1_000) })
      const answer = { status: 'error', response: 'payload_size_exceeded' }
      expect((await asking.reply(asked)).payload).toEqual(answer)
      const fits = asking.broadcast('ward', 'fits', { text: 'x'.repeat(900) })
      expect((await asking.reply(fits)).payload).toEqual({ status: 'ok', response: {} })
      await listener.waitForEvent('broadcast')
      await listener.heartbeat()
      expect(listener.broadcasts().map(({ payload }) => payload.event)).toEqual(['fits'])
    },
  )

  test('1.7 the same holds for a broadcast in a binary frame', async () => {
    const server = await start({ maxPayloadBytes: 1_000 })
    const [client, listener] = [
      await realtime.connect({ to: server }),
      await realtime.connect({ to: server }),
    ]
    await client.join('ward', { broadcast: { ack: true } })
    await listener.join('ward')
    for (const [ref, size, status] of [
      ['l', 1_001, 'error'],
      ['f', 1_000, 'ok'],
    ] as const) {
      const payload = Buffer.alloc(size, 1)
      client.webSocket.send(encodeKind3({ joinRef: '1', ref, topic: 'realtime:ward', event: ref, payload }))
      expect((await client.reply(ref)).payload.status).toBe(status)
    }
    await listener.waitForEvent('broadcast')
    expect(listener.broadcasts().map(({ payload }) => payload.event)).toEqual(['f'])
  })

  conforms('1.7 what the database sends above the limit is dropped, and nothing else', async version => {
    const server = await start({ maxPayloadBytes: 1_000 })
    const client = await realtime.connect({ version, to: server })
    await client.join('ward')
    await realtime.database.send('ward', 'large', { text: 'x'.repeat(1_000) }, false)
    await realtime.database.send('ward', 'fits', { text: 'x'.repeat(800) }, false)
    await client.waitForEvent('broadcast')
    expect(client.broadcasts().map(({ payload }) => payload.event)).toEqual(['fits'])
    expect(isClosed(client)).toBe(false)
  })

  conforms('1.7 a frame above the limit closes its socket with 1009', async version => {
    const server = await start({ maxFrameBytes: 10_000 })
    const [client, other] = [
      await realtime.connect({ version, to: server }),
      await realtime.connect({ version, to: server }),
    ]
    await client.join('ward')
    client.broadcast('ward', 'large', { text: 'x'.repeat(10_000) })
    await client.closed()
    expect(client.closeCode).toBe(1009)
    await other.heartbeat()
  })

  conforms('1.7 a refusal is held back, and nothing else with it', async version => {
    const server = await start({ joinErrorDelayMs: 300 })
    const client = await realtime.connect({ version, to: server })
    const ref = client.startJoin('closed', { private: true })
    await client.heartbeat()
    expect((await client.join('open')).status).toBe('ok')
    expect(client.received.some(message => message.ref === ref)).toBe(false)
    expect((await client.reply(ref)).payload.status).toBe('error')
  })
})
