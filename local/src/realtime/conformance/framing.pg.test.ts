/** The shape of every kind of text message, to the field, and what makes none. */

import { expect, test } from 'vitest'
import { encodeKind0, type RawClient } from '../testing/raw-client.ts'
import { PUBLISHABLE_KEY } from '../testing/test-server.ts'
import { conforms, useRealtime, type Version } from '../testing/use-realtime.ts'

const realtime = useRealtime()
const withPresence = (key: string) => ({ presence: { enabled: true, key } })

interface Message {
  joinRef: string | null
  ref: string | null
  topic: string
  event: string
  payload: unknown
}

/** Exactly this, and no field more. */
function shape(version: Version, { joinRef, ref, topic, event, payload }: Message) {
  return version === '1.0.0' ? { topic, event, payload, ref } : [joinRef, ref, topic, event, payload]
}

/** The frames of one event, parsed. They must be text. */
function texts(client: RawClient, event: string): unknown[] {
  const frames = client.frames.filter((_, i) => client.received[i]?.event === event)
  expect(frames.some(({ isBinary }) => isBinary)).toBe(false)
  return frames.map(({ data }) => JSON.parse(data.toString()))
}

conforms('1.2 a reply carries the ref it answers and the join_ref of its channel', async version => {
  const client = await realtime.connect({ version })
  const joinRef = client.startJoin('replies')
  await client.reply(joinRef)
  const ref = client.presence('replies', 'untrack')
  await client.reply(ref)
  const message = { joinRef, topic: 'realtime:replies', event: 'phx_reply' }
  expect(texts(client, 'phx_reply')).toEqual([
    shape(version, {
      ...message,
      ref: joinRef,
      payload: { status: 'ok', response: { postgres_changes: [] } },
    }),
    shape(version, { ...message, ref, payload: { status: 'ok', response: {} } }),
  ])
})

conforms('1.2 the reply to a refused join has the same shape', async version => {
  const client = await realtime.connect({ version })
  const joinRef = client.startJoin('refused', { private: true })
  await client.reply(joinRef)
  const reason = 'Unauthorized: You do not have permissions to read from this Channel topic: refused'
  expect(texts(client, 'phx_reply')).toEqual([
    shape(version, {
      joinRef,
      ref: joinRef,
      topic: 'realtime:refused',
      event: 'phx_reply',
      payload: { status: 'error', response: { reason } },
    }),
  ])
})

conforms('1.2 the reply to a heartbeat has no join_ref', async version => {
  const client = await realtime.connect({ version })
  const ref = client.push('phoenix', 'heartbeat', {}, '7')
  await client.reply(ref)
  const payload = { status: 'ok', response: {} }
  expect(texts(client, 'phx_reply')).toEqual([
    shape(version, { joinRef: null, ref, topic: 'phoenix', event: 'phx_reply', payload }),
  ])
})

conforms('1.2 what is sent to one channel carries its join_ref and no ref', async version => {
  const client = await realtime.connect({ version })
  const config = { ...withPresence('ada'), broadcast: { replication_ready: true } }
  const joinRef = client.startJoin('pushes', config)
  await client.waitForEvent('system')
  const message = { joinRef, ref: null, topic: 'realtime:pushes' }
  expect(texts(client, 'presence_state')).toEqual([
    shape(version, { ...message, event: 'presence_state', payload: {} }),
  ])
  const payload = {
    extension: 'system',
    status: 'ok',
    message: 'Replication connection established',
    channel: 'pushes',
  }
  expect(texts(client, 'system')).toEqual([shape(version, { ...message, event: 'system', payload })])
})

conforms('1.2 what is sent to a room carries neither', async version => {
  const [client, sender] = [await realtime.connect({ version }), await realtime.connect({ version })]
  await client.join('fan-out')
  await sender.join('fan-out', withPresence('ada'))
  sender.broadcast('fan-out', 'hello', { n: 1 })
  sender.presence('fan-out', 'track', { n: 1 })
  await client.waitForEvent('presence_diff')
  const message = { joinRef: null, ref: null, topic: 'realtime:fan-out' }
  expect(texts(client, 'broadcast')).toEqual([
    shape(version, {
      ...message,
      event: 'broadcast',
      payload: { type: 'broadcast', event: 'hello', payload: { n: 1 } },
    }),
  ])
  const joins = { ada: { metas: [{ n: 1, phx_ref: expect.any(String) }] } }
  expect(texts(client, 'presence_diff')).toEqual([
    shape(version, { ...message, event: 'presence_diff', payload: { joins, leaves: {} } }),
  ])
})

conforms('1.2 the close of a channel has its join_ref as ref, too', async version => {
  const client = await realtime.connect({ version })
  const joinRef = client.startJoin('close')
  client.push('realtime:close', 'phx_leave', {}, joinRef)
  await client.waitForEvent('phx_close')
  expect(texts(client, 'phx_close')).toEqual([
    shape(version, { joinRef, ref: joinRef, topic: 'realtime:close', event: 'phx_close', payload: {} }),
  ])
})

conforms(
  '1.2 refs, topics and events come back as they were sent, whatever they are made of',
  async version => {
    const client = await realtime.connect({ version })
    const text = 'a "quoted" \\ 🩺 \u2028 \u0000 üñí'
    const message = (event: string, ref: string) =>
      client.webSocket.send(
        JSON.stringify(
          version === '1.0.0'
            ? { topic: `realtime:${text}`, event, payload: {}, ref, join_ref: text }
            : [text, ref, `realtime:${text}`, event, {}],
        ),
      )
    message('phx_join', text)
    message('phx_leave', 'leave')
    await client.waitForEvent('phx_close', text)
    const expected = { joinRef: text, topic: `realtime:${text}`, event: 'phx_reply' }
    expect(texts(client, 'phx_reply')).toEqual([
      shape(version, {
        ...expected,
        ref: text,
        payload: { status: 'ok', response: { postgres_changes: [] } },
      }),
      shape(version, { ...expected, ref: 'leave', payload: { status: 'ok', response: {} } }),
    ])
  },
)

conforms('1.2 what a message has beyond its five fields is not looked at', async version => {
  const client = await realtime.connect({ version })
  const [topic, event] = ['realtime:more', 'phx_join']
  client.webSocket.send(
    JSON.stringify(
      version === '1.0.0'
        ? { extra: [1], topic, event, payload: {}, ref: '1', join_ref: '1', status: 'ok' }
        : ['1', '1', topic, event, {}, 'extra', null],
    ),
  )
  expect((await client.reply('1')).payload.status).toBe('ok')
})

test('1.2 version 1 needs no join_ref in a message', async () => {
  const client = await realtime.connect({ version: '1.0.0' })
  client.webSocket.send(JSON.stringify({ topic: 'realtime:first', event: 'phx_join', payload: {}, ref: '1' }))
  expect((await client.reply('1')).payload.status).toBe('ok')
  client.webSocket.send(
    JSON.stringify({ topic: 'realtime:first', event: 'phx_leave', payload: {}, ref: '2' }),
  )
  expect((await client.waitForEvent('phx_close')).ref).toBe('1')
})

test('1.2 version 1 knows no binary frames: they are ignored', async () => {
  const [client, listener] = [await realtime.connect({ version: '1.0.0' }), await realtime.connect()]
  for (const each of [client, listener]) await each.join('binary')
  client.webSocket.send(encodeKind0({ ref: '8', topic: 'phoenix', event: 'heartbeat' }))
  client.webSocket.send(encodeKind0({ ref: '9', topic: 'realtime:binary', event: 'phx_leave' }))
  await client.heartbeat()
  expect(client.received).toHaveLength(2)
  await realtime.database.send('binary', 'still joined', {}, false)
  await client.waitForEvent('broadcast')
})

test('1.2 a message of kind 0 is one like any other: a heartbeat, a leave', async () => {
  const client = await realtime.connect()
  const joinRef = client.startJoin('kind-0')
  client.webSocket.send(encodeKind0({ ref: 'beat', topic: 'phoenix', event: 'heartbeat' }))
  expect((await client.reply('beat')).payload).toEqual({ status: 'ok', response: {} })
  client.webSocket.send(encodeKind0({ joinRef, ref: 'go', topic: 'realtime:kind-0', event: 'phx_leave' }))
  expect((await client.reply('go')).joinRef).toBe(joinRef)
  await client.waitForEvent('phx_close', 'kind-0')
})

test('1.2 a key is needed before any frame is read', async () => {
  await expect(realtime.connect({ query: 'vsn=2.0.0' })).rejects.toThrow('401')
  await expect(realtime.connect({ query: `vsn=9&apikey=${PUBLISHABLE_KEY}` })).rejects.toThrow('400')
})
