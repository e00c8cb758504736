/** phx_close and phx_error: an end, and a fault of the server after which clients join again. */

import { expect } from 'vitest'
import { statusesOf } from '../testing/subscribed.ts'
import { conforms, useRealtime } from '../testing/use-realtime.ts'

const realtime = useRealtime(null)

/** A server that stumbles over what is no broadcast. */
const startFaulty = () =>
  realtime.start({
    log({ event }) {
      if (event === 'frame-malformed') throw new Error('a fault of the test')
    },
  })

conforms(
  '1.3 a fault of the server ends the channel with phx_error and not with phx_close',
  async version => {
    const to = await startFaulty()
    const client = await realtime.connect({ to, version })
    const joinRef = client.startJoin('faulty')
    await client.reply(joinRef)
    client.push('realtime:faulty', 'broadcast', 'no map')
    const crashed = await client.waitForEvent('phx_error')
    const expected = { topic: 'realtime:faulty', ref: joinRef, payload: {} }
    expect(crashed).toMatchObject(version === '1.0.0' ? expected : { ...expected, joinRef })
    await client.heartbeat()
    expect(client.received.map(({ event }) => event)).toEqual(['phx_reply', 'phx_error', 'phx_reply'])
  },
)

conforms(
  '1.3 after phx_error nothing comes, other channels go on, and joining again works',
  async version => {
    const to = await startFaulty()
    const client = await realtime.connect({ to, version })
    for (const topic of ['faulty', 'sound']) await client.join(topic)
    client.push('realtime:faulty', 'broadcast', 'no map')
    await client.waitForEvent('phx_error', 'faulty')
    await realtime.database.send('faulty', 'lost', {}, false)
    await realtime.database.send('sound', 'n', {}, false)
    await client.waitForEvent('broadcast', 'sound')
    const ref = client.broadcast('faulty', 'x', {})
    expect((await client.reply(ref)).payload.response).toEqual({ reason: 'unmatched topic' })
    expect(client.broadcasts('faulty')).toEqual([])
    expect((await client.join('faulty')).status).toBe('ok')
  },
)

conforms('1.3 after phx_error an unmodified supabase-js joins again by itself', async version => {
  const to = await startFaulty()
  const supabase = realtime.supabase({ to, version })
  const channel = supabase.channel('faulty')
  const heard: unknown[] = []
  channel.on('broadcast', { event: 'n' }, ({ payload }) => heard.push(payload.n))
  const statuses = statusesOf(channel)
  await expect.poll(() => statuses).toEqual(['SUBSCRIBED'])
  // Through the client's own socket, where its channel would not send such a thing.
  supabase.realtime.push({
    topic: 'realtime:faulty',
    event: 'broadcast',
    payload: ['no map'],
    ref: '99',
  } as never)
  await expect
    .poll(() => statuses, { timeout: 10_000 })
    .toEqual(['SUBSCRIBED', 'CHANNEL_ERROR', 'SUBSCRIBED'])
  await realtime.database.send('faulty', 'n', { n: 1 }, false)
  await expect.poll(() => heard).toEqual([1])
})
