/** Heartbeats, joins and their replies, leaving, and what becomes of messages that fit no channel. */

import { expect } from 'vitest'
import { subscribed } from '../testing/subscribed.ts'
import { SECRET_KEY } from '../testing/test-server.ts'
import { conforms, useRealtime, type Version } from '../testing/use-realtime.ts'

const realtime = useRealtime()
const OK = { status: 'ok', response: {} }
const JOINED = { status: 'ok', response: { postgres_changes: [] } }
const UNMATCHED = { status: 'error', response: { reason: 'unmatched topic' } }

/** Version 1 has none. */
const joinRefIn = (version: Version, ref: string | null) => (version === '1.0.0' ? undefined : ref)

conforms('1.3 each heartbeat is answered with its own ref, joined or not', async version => {
  const client = await realtime.connect({ version })
  const refs = [client.push('phoenix', 'heartbeat', {}), client.push('phoenix', 'heartbeat', 'anything')]
  await client.join('lobby')
  refs.push(client.push('phoenix', 'heartbeat', {}))
  for (const ref of refs) {
    expect(await client.reply(ref)).toMatchObject({ topic: 'phoenix', payload: OK })
  }
})

conforms('1.3 the topic phoenix knows nothing but heartbeats', async version => {
  const client = await realtime.connect({ version })
  for (const event of ['phx_join', 'broadcast', 'Heartbeat', 'access_token']) {
    expect((await client.reply(client.push('phoenix', event, {}))).payload, event).toEqual(UNMATCHED)
  }
})

conforms('1.3 a heartbeat on another topic is none', async version => {
  const client = await realtime.connect({ version })
  expect((await client.reply(client.push('realtime:lobby', 'heartbeat', {}))).payload).toEqual(UNMATCHED)
})

conforms('1.3 a join is answered with an empty list if no table changes are asked for', async version => {
  const client = await realtime.connect({ version })
  expect(await client.join('lobby')).toEqual(JOINED)
})

conforms('1.3 a topic needs a name', async version => {
  const client = await realtime.connect({ version })
  const reason = 'TopicNameRequired: You must provide a topic name'
  expect(await client.join('')).toEqual({ status: 'error', response: { reason } })
})

conforms('1.3 only topics of the prefix realtime: can be joined', async version => {
  const client = await realtime.connect({ version })
  for (const topic of ['lobby', 'other:lobby', 'Realtime:lobby', 'realtime', '']) {
    expect((await client.reply(client.push(topic, 'phx_join', {}))).payload, topic).toEqual(UNMATCHED)
  }
})

conforms('1.3 a push to a topic that is not joined is answered "unmatched topic"', async version => {
  const [client, listener] = [await realtime.connect({ version }), await realtime.connect({ version })]
  await listener.join('elsewhere')
  await client.join('lobby')
  for (const event of ['broadcast', 'presence', 'access_token', 'anything']) {
    const ref = client.push('realtime:elsewhere', event, { type: event, event: 'x', payload: {} }, '9')
    expect(await client.reply(ref)).toMatchObject({ topic: 'realtime:elsewhere', payload: UNMATCHED })
  }
  await listener.heartbeat()
  expect(listener.broadcasts()).toEqual([])
})

conforms('1.3 an event that a channel does not know gets no answer and does no harm', async version => {
  const client = await realtime.connect({ version })
  await client.join('lobby')
  for (const event of ['postgres_changes', 'system', 'phx_reply', 'phx_close', 'phx_error', 'x', '']) {
    client.push('realtime:lobby', event, { status: 'ok' })
  }
  await client.fence('lobby')
  expect(client.received.map(({ event }) => event)).toEqual(['phx_reply', 'phx_reply'])
})

conforms('1.3 a join that has to wait holds up nothing else of its socket', async version => {
  const client = await realtime.connect({ version })
  const refused = client.startJoin('secret', { private: true })
  await client.heartbeat()
  expect(await client.join('lobby')).toEqual(JOINED)
  expect(client.received.some(({ ref }) => ref === refused)).toBe(false)
  expect((await client.reply(refused)).payload.status).toBe('error')
})

conforms('1.3 a refused join leaves no channel behind, and may be tried again', async version => {
  const client = await realtime.connect({ version })
  expect((await client.join('again', { private: true })).status).toBe('error')
  const ref = client.broadcast('again', 'x', {})
  expect((await client.reply(ref)).payload).toEqual(UNMATCHED)
  expect(await client.join('again')).toEqual(JOINED)
})

conforms('1.3 a leave is answered, then the channel is closed, then nothing comes', async version => {
  const client = await realtime.connect({ version })
  const joinRef = client.startJoin('leave')
  await client.reply(joinRef)
  const leave = client.push('realtime:leave', 'phx_leave', {}, joinRef)
  await client.waitForEvent('phx_close')
  await realtime.database.send('leave', 'late', {}, false)
  await client.join('fence')
  await realtime.database.send('fence', 'after', {}, false)
  await client.waitForEvent('broadcast', 'fence')
  expect(client.received.slice(1, 3)).toMatchObject([
    { event: 'phx_reply', ref: leave, payload: OK },
    { event: 'phx_close', ref: joinRef, payload: {} },
  ])
  expect(client.broadcasts('leave')).toEqual([])
  const ref = client.broadcast('leave', 'x', {})
  expect((await client.reply(ref)).payload).toEqual(UNMATCHED)
})

conforms('1.3 leaving what was never joined is answered ok, whatever the topic', async version => {
  const client = await realtime.connect({ version })
  for (const topic of ['realtime:never', 'realtime:', 'other:never', 'phoenix']) {
    expect((await client.reply(client.push(topic, 'phx_leave', {}))).payload, topic).toEqual(OK)
  }
  await client.heartbeat()
  expect(client.received.some(({ event }) => event === 'phx_close')).toBe(false)
})

conforms('1.3 a topic may be joined again after it was left', async version => {
  const client = await realtime.connect({ version })
  for (let round = 0; round < 3; round++) {
    expect(await client.join('round')).toEqual(JOINED)
    await client.reply(client.push('realtime:round', 'phx_leave', {}))
  }
  await client.join('round')
  await realtime.database.send('round', 'once', {}, false)
  await client.waitForEvent('broadcast')
  await client.heartbeat()
  expect(client.broadcasts()).toHaveLength(1)
})

conforms('1.3 joining again closes the old channel under its old ref, then joins anew', async version => {
  const client = await realtime.connect({ version })
  const config = { presence: { enabled: true, key: 'ada' } }
  const first = client.startJoin('rejoin', config)
  await client.reply(first)
  await client.reply(client.presence('rejoin', 'track', { n: 1 }))
  const before = client.received.length
  const second = client.startJoin('rejoin', { ...config, broadcast: { self: true } })
  const since = () => client.received.slice(before)
  await client.until(() => since().some(({ event }) => event === 'presence_state'), 'the state')
  const ended = since().filter(({ event }) => event.startsWith('phx_'))
  expect(ended.map(({ event, ref, joinRef }) => [event, ref, joinRef])).toEqual([
    ['phx_close', first, joinRefIn(version, first)],
    ['phx_reply', second, joinRefIn(version, second)],
  ])
  // What the old one had told of itself went with it, what the new one asked for counts.
  expect(since().find(({ event }) => event === 'presence_state')?.payload).toEqual({})
  client.broadcast('rejoin', 'n', {})
  await client.waitForEvent('broadcast')
  await client.heartbeat()
  expect(client.broadcasts()).toHaveLength(1)
})

conforms('1.3 joining again where one may not ends the old channel all the same', async version => {
  const client = await realtime.connect({ version })
  await client.join('worse')
  expect((await client.join('worse', { private: true })).status).toBe('error')
  expect(client.received.map(({ event }) => event)).toEqual(['phx_reply', 'phx_close', 'phx_reply'])
  await realtime.database.send('worse', 'late', {}, false)
  await client.join('fence')
  await realtime.database.send('fence', 'after', {}, false)
  await client.waitForEvent('broadcast', 'fence')
  expect(client.broadcasts('worse')).toEqual([])
})

conforms('1.3 a stale join_ref is accepted, and a missing one, for every event', async version => {
  const [client, listener] = [await realtime.connect({ version }), await realtime.connect({ version })]
  await listener.join('stale')
  const joinRef = client.startJoin('stale', { broadcast: { ack: true } })
  const topic = 'realtime:stale'
  for (const stale of ['999', null]) {
    const replies = [
      client.push(topic, 'broadcast', { type: 'broadcast', event: 'n', payload: {} }, stale),
      client.push(topic, 'presence', { type: 'presence', event: 'track', payload: {} }, stale),
    ]
    for (const ref of replies) {
      // Told under the ref of the channel that is: under another one the client would drop it.
      expect(await client.reply(ref)).toMatchObject({ payload: OK, joinRef: joinRefIn(version, joinRef) })
    }
  }
  client.push(topic, 'phx_leave', {}, '999')
  await client.waitForEvent('phx_close', 'stale')
  await listener.heartbeat()
  expect(listener.broadcasts()).toHaveLength(2)
})

conforms('1.3 the channels of a socket are nothing to each other', async version => {
  const client = await realtime.connect({ version, key: SECRET_KEY })
  for (const topic of ['left', 'stays']) await client.join(topic, { private: true })
  await client.reply(client.push('realtime:left', 'phx_leave', {}))
  await realtime.database.send('stays', 'n', {})
  await client.waitForEvent('broadcast', 'stays')
  expect(client.received.filter(({ event }) => event === 'phx_close')).toHaveLength(1)
})

conforms('1.3 an unmodified supabase-js gets its heartbeat answered', async version => {
  const supabase = realtime.supabase({ version })
  const statuses: string[] = []
  supabase.realtime.onHeartbeat(status => statuses.push(status))
  expect(await subscribed(supabase.channel('lobby'))).toBe('SUBSCRIBED')
  await supabase.realtime.sendHeartbeat()
  await expect.poll(() => statuses.at(-1)).toBe('ok')
})

conforms('1.3 an unmodified supabase-js joins, leaves, and joins again', async version => {
  const supabase = realtime.supabase({ version })
  for (let round = 0; round < 2; round++) {
    const channel = supabase.channel('rounds')
    const statuses: string[] = []
    await new Promise<void>(resolve => {
      channel.subscribe(status => {
        statuses.push(status)
        resolve()
      })
    })
    expect(await channel.unsubscribe()).toBe('ok')
    expect(statuses).toEqual(['SUBSCRIBED', 'CLOSED'])
  }
})
