/** What a call of `track` or `untrack` may look like, and what it is answered. */

import { expect } from 'vitest'
import { diffAt, diffsOf, track, withPresence } from '../testing/presence-client.ts'
import type { RawClient } from '../testing/raw-client.ts'
import { conforms, useRealtime, type Version } from '../testing/use-realtime.ts'

const realtime = useRealtime()
const OK = { status: 'ok', response: {} }
const REF = expect.stringMatching(/./)

async function joined(version: Version, topic: string, config: object = {}): Promise<RawClient> {
  const client = await realtime.connect({ version })
  expect((await client.join(topic, config)).status).toBe('ok')
  return client
}

conforms('1.5 track and untrack are answered ok', async version => {
  const client = await joined(version, 'answers', withPresence('ada'))
  expect(await track(client, 'answers', { n: 1 })).toEqual(OK)
  expect((await client.reply(client.presence('answers', 'untrack'))).payload).toEqual(OK)
  // Also where there is nothing to take back.
  expect((await client.reply(client.presence('answers', 'untrack'))).payload).toEqual(OK)
})

conforms('1.5 track and untrack may be written in any case', async version => {
  const topic = `case:${version}`
  const client = await joined(version, topic, withPresence('ada'))
  for (const [event, side] of [
    ['TRACK', 'joins'],
    ['UnTrack', 'leaves'],
    ['tRaCk', 'joins'],
    ['UNTRACK', 'leaves'],
  ] as const) {
    const index = diffsOf(client).length
    expect((await client.reply(client.presence(topic, event, {}))).payload).toEqual(OK)
    expect(Object.keys((await diffAt(client, index))[side] ?? {}), event).toEqual(['ada'])
  }
})

conforms('1.5 to track the same again changes nothing, in whatever order its fields come', async version => {
  const topic = `same:${version}`
  const client = await joined(version, topic, withPresence('ada'))
  await track(client, topic, { n: 1, deep: { a: 1, b: [2] } })
  await diffAt(client, 0)
  expect(await track(client, topic, { n: 1, deep: { a: 1, b: [2] } })).toEqual(OK)
  expect(await track(client, topic, { deep: { b: [2], a: 1 }, n: 1 })).toEqual(OK)
  // It would be told with, or before, what comes next.
  const other = await joined(version, topic, withPresence('other'))
  await track(other, topic, {})
  const { joins, leaves } = await diffAt(client, 1)
  expect([Object.keys(joins), leaves]).toEqual([['other'], {}])
})

conforms('1.5 a payload that is no map is refused in words, and nobody is told', async version => {
  const topic = `no-map:${version}`
  const client = await joined(version, topic, withPresence('ada'))
  for (const payload of ['text', 7, null, ['list']]) {
    expect(await track(client, topic, payload)).toEqual({
      status: 'error',
      response: { reason: 'Presence track payload must be a map' },
    })
  }
  await track(client, topic, { n: 1 })
  expect((await diffAt(client, 0)).joins.ada?.metas).toMatchObject([{ n: 1 }])
})

conforms('1.5 an event that is neither is refused without words', async version => {
  const topic = `events:${version}`
  const client = await joined(version, topic, withPresence('ada'))
  for (const event of ['dance', 'track ', '']) {
    const ref = client.presence(topic, event, {})
    expect((await client.reply(ref)).payload, event).toEqual({ status: 'error', response: {} })
  }
})

conforms('1.5 a track without a payload is one of nothing', async version => {
  const topic = `empty:${version}`
  const client = await joined(version, topic, withPresence('ada'))
  expect(await track(client, topic, undefined)).toEqual(OK)
  expect((await diffAt(client, 0)).joins).toEqual({ ada: { metas: [{ phx_ref: REF }] } })
})

conforms('1.5 a payload cannot forge a ref', async version => {
  const topic = `forged:${version}`
  const client = await joined(version, topic, withPresence('ada'))
  await track(client, topic, { phx_ref: 'mine', phx_ref_prev: 'yours', n: 1 })
  const [meta] = (await diffAt(client, 0)).joins.ada?.metas ?? []
  expect(meta).toMatchObject({ n: 1, phx_ref: REF })
  expect(meta?.phx_ref).not.toBe('mine')
})

conforms('1.5 any text is a key', async version => {
  const topic = `keys:${version}`
  const watcher = await joined(version, topic, withPresence('w'))
  const keys = ['__proto__', 'constructor', 'a "quoted" \\ ü🩺', ' ', '7']
  for (const key of keys) {
    const client = await joined(version, topic, withPresence(key))
    await track(client, topic, { key })
  }
  const seen = () => diffsOf(watcher).flatMap(({ joins }) => Object.keys(joins))
  await watcher.until(() => seen().length === keys.length, 'all keys')
  expect(seen().sort()).toEqual(keys.sort())
})
