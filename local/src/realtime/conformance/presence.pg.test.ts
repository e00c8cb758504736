/** Who is present: the state and the diffs. */

import { expect } from 'vitest'
import { diffAt, diffsOf, stateOf, track, withPresence } from '../testing/presence-client.ts'
import type { RawClient } from '../testing/raw-client.ts'
import { signToken } from '../testing/test-server.ts'
import { conforms, useRealtime, type Version } from '../testing/use-realtime.ts'

const realtime = useRealtime()
const OK = { status: 'ok', response: {} }
const REF = expect.stringMatching(/./)

async function joined(version: Version, topic: string, config: object = {}): Promise<RawClient> {
  const client = await realtime.connect({ version })
  expect((await client.join(topic, config)).status).toBe('ok')
  return client
}

conforms(
  '1.5 with presence enabled the state comes once, right after the answer to the join',
  async version => {
    const topic = `state:${version}`
    const first = await joined(version, topic, withPresence('ada'))
    expect(await stateOf(first)).toEqual({})
    await track(first, topic, { n: 1 })
    const second = await joined(version, topic, withPresence('bob'))
    const state = await stateOf(second)
    expect(state).toEqual({ ada: { metas: [{ n: 1, phx_ref: REF }] } })
    expect(second.received.map(({ event }) => event).slice(0, 2)).toEqual(['phx_reply', 'presence_state'])
    await track(second, topic, { n: 2 })
    await diffAt(first, 1)
    for (const client of [first, second]) {
      expect(client.received.filter(({ event }) => event === 'presence_state')).toHaveLength(1)
    }
  },
)

conforms(
  '1.5 without presence enabled there is no state, but a public channel gets the diffs',
  async version => {
    const topic = `diffs-only:${version}`
    const [plain, ada] = [await joined(version, topic), await joined(version, topic, withPresence('ada'))]
    await track(ada, topic, { n: 1 })
    expect(await diffAt(plain, 0)).toEqual({
      joins: { ada: { metas: [{ n: 1, phx_ref: REF }] } },
      leaves: {},
    })
    await plain.heartbeat()
    expect(plain.received.some(({ event }) => event === 'presence_state')).toBe(false)
  },
)

conforms('1.5 to be joined is not to be present', async version => {
  const topic = `silent:${version}`
  const watcher = await joined(version, topic, withPresence('w'))
  const silent = await joined(version, topic, withPresence('silent'))
  const late = await joined(version, topic, withPresence('late'))
  expect(await stateOf(late)).toEqual({})
  await silent.reply(silent.push(`realtime:${topic}`, 'phx_leave', {}))
  const ada = await joined(version, topic, withPresence('ada'))
  await track(ada, topic, {})
  expect(Object.keys((await diffAt(watcher, 0)).joins ?? {})).toEqual(['ada'])
  expect(diffsOf(watcher)).toHaveLength(1)
})

conforms('1.5 a diff goes to everybody, also to whom it is about', async version => {
  const topic = `everybody:${version}`
  const clients = [
    await joined(version, topic, withPresence('ada')),
    await joined(version, topic, withPresence('bob')),
    await joined(version, topic),
  ]
  if (clients[0]) await track(clients[0], topic, { deep: { n: [1, null] }, text: 'ü🩺' })
  const expected = {
    joins: { ada: { metas: [{ deep: { n: [1, null] }, text: 'ü🩺', phx_ref: REF }] } },
    leaves: {},
  }
  const diffs = await Promise.all(clients.map(client => diffAt(client, 0)))
  expect(diffs).toEqual([expected, expected, expected])
  // One and the same ref for all of them.
  expect(new Set(diffs.map(diff => diff.joins.ada?.metas[0]?.phx_ref)).size).toBe(1)
})

conforms('1.5 an update is one diff: the new meta names the one it replaces', async version => {
  const topic = `update:${version}`
  const client = await joined(version, topic, withPresence('ada'))
  await track(client, topic, { n: 1 })
  const first = (await diffAt(client, 0)).joins.ada?.metas[0]
  await track(client, topic, { n: 2 })
  const second = await diffAt(client, 1)
  expect(second).toEqual({
    joins: { ada: { metas: [{ n: 2, phx_ref: REF, phx_ref_prev: first?.phx_ref }] } },
    leaves: { ada: { metas: [{ n: 1, phx_ref: first?.phx_ref }] } },
  })
  expect(second.joins.ada?.metas[0]?.phx_ref).not.toBe(first?.phx_ref)
  const late = await joined(version, topic, withPresence('late'))
  const ref = second.joins.ada?.metas[0]?.phx_ref
  expect(await stateOf(late)).toEqual({ ada: { metas: [{ n: 2, phx_ref: ref }] } })
})

conforms('1.5 several sockets under one key are several metas', async version => {
  const topic = `devices:${version}`
  const [phone, laptop] = [
    await joined(version, topic, withPresence('ada')),
    await joined(version, topic, withPresence('ada')),
  ]
  await track(phone, topic, { device: 'phone' })
  await diffAt(phone, 0)
  await track(laptop, topic, { device: 'laptop' })
  expect((await diffAt(phone, 1)).leaves).toEqual({})
  const watcher = await joined(version, topic, withPresence('w'))
  const metas = (await stateOf(watcher)).ada?.metas ?? []
  expect(metas.map(({ device }) => device).sort()).toEqual(['laptop', 'phone'])
  expect(new Set(metas.map(({ phx_ref }) => phx_ref)).size).toBe(2)

  await laptop.reply(laptop.presence(topic, 'untrack'))
  const ref = metas.find(({ device }) => device === 'laptop')?.phx_ref
  expect(await diffAt(watcher, 0)).toEqual({
    joins: {},
    leaves: { ada: { metas: [{ device: 'laptop', phx_ref: ref }] } },
  })
})

const LEAVINGS: Record<string, (client: RawClient, topic: string) => unknown> = {
  untrack: (client, topic) => client.presence(topic, 'untrack'),
  'a leave': (client, topic) => client.push(`realtime:${topic}`, 'phx_leave', {}),
  'joining again': (client, topic) => client.startJoin(topic, withPresence('ada')),
  'a close of the socket': client => client.webSocket.close(),
  'a socket that breaks': client => client.webSocket.terminate(),
  'a token that ends the channel': (client, topic) =>
    client.push(`realtime:${topic}`, 'access_token', { access_token: '' }),
}
for (const [what, leave] of Object.entries(LEAVINGS)) {
  conforms(`1.5 a meta goes with ${what}`, async version => {
    const topic = `leaving:${what}:${version}`
    const watcher = await joined(version, topic, withPresence('w'))
    const ada = await joined(version, topic, withPresence('ada'))
    await track(ada, topic, { n: 1 })
    const ref = (await diffAt(watcher, 0)).joins.ada?.metas[0]?.phx_ref
    leave(ada, topic)
    expect(await diffAt(watcher, 1)).toEqual({
      joins: {},
      leaves: { ada: { metas: [{ n: 1, phx_ref: ref }] } },
    })
  })
}

conforms(
  '1.5 the first track enables presence: it is told to all, and who is there to the new one',
  async version => {
    const topic = `first:${version}`
    const ada = await joined(version, topic, withPresence('ada'))
    await track(ada, topic, { n: 1 })
    await diffAt(ada, 0)
    const plain = await joined(version, topic, { presence: { key: 'plain' } })
    expect(await track(plain, topic, { n: 2 })).toEqual(OK)
    expect(await stateOf(plain)).toEqual({
      ada: { metas: [{ n: 1, phx_ref: REF }] },
      plain: { metas: [{ n: 2, phx_ref: REF }] },
    })
    expect((await diffAt(ada, 1)).joins).toEqual({ plain: { metas: [{ n: 2, phx_ref: REF }] } })
    await track(plain, topic, { n: 3 })
    await diffAt(ada, 2)
    expect(plain.received.filter(({ event }) => event === 'presence_state')).toHaveLength(1)
  },
)

conforms('1.5 the diffs add up to the state of who comes later', async version => {
  const topic = `sum:${version}`
  const watcher = await joined(version, topic, withPresence('w'))
  const clients: RawClient[] = []
  for (const key of ['a', 'b', 'b', 'c']) clients.push(await joined(version, topic, withPresence(key)))
  for (const [n, client] of clients.entries()) await track(client, topic, { n })
  if (clients[0]) await track(clients[0], topic, { n: 10 })
  if (clients[3]) await clients[3].reply(clients[3].presence(topic, 'untrack'))
  const late = await joined(version, topic, withPresence('late'))
  const state = await stateOf(late)
  const sum = new Map<string, string>()
  await watcher.heartbeat()
  for (const { joins, leaves } of diffsOf(watcher)) {
    for (const { metas } of Object.values(leaves)) for (const { phx_ref } of metas) sum.delete(phx_ref)
    for (const [key, { metas }] of Object.entries(joins)) {
      for (const meta of metas) sum.set(meta.phx_ref, `${key}:${meta.n}`)
    }
  }
  const told = Object.entries(state).flatMap(([key, { metas }]) => metas.map(({ n }) => `${key}:${n}`))
  expect([...sum.values()].sort()).toEqual(told.sort())
  expect(told).toEqual(['a:10', 'b:1', 'b:2'])
})

conforms('1.5 a public and a private topic of one name have a list each', async version => {
  const topic = `twin:${version}`
  await realtime.database.allow('ada', topic, { write: true })
  const token = await signToken({ sub: 'ada' })
  const inPrivate = await realtime.connect({ version })
  await inPrivate.join(topic, { private: true, ...withPresence('private') }, token)
  const inPublic = await joined(version, topic, withPresence('public'))
  for (const client of [inPrivate, inPublic]) {
    expect(await track(client, topic, {})).toEqual(OK)
    await diffAt(client, 0)
  }
  for (const client of [inPrivate, inPublic]) await client.heartbeat()
  expect(diffsOf(inPrivate).map(({ joins }) => Object.keys(joins))).toEqual([['private']])
  expect(diffsOf(inPublic).map(({ joins }) => Object.keys(joins))).toEqual([['public']])
})
