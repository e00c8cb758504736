/** On a private topic: who may be present, and who may see it. And presence as supabase-js has it. */

import { expect, test } from 'vitest'
import { diffsOf, track } from '../testing/presence-client.ts'
import type { RawClient } from '../testing/raw-client.ts'
import { subscribed } from '../testing/subscribed.ts'
import { SECRET_KEY, signToken } from '../testing/test-server.ts'
import { conforms, useRealtime, VERSIONS, type Version } from '../testing/use-realtime.ts'

const realtime = useRealtime()
const OK = { status: 'ok', response: {} }
const DENIED = { status: 'error', response: {} }

interface Member {
  subject: string
  enabled?: boolean
}

async function member(
  version: Version,
  topic: string,
  { subject, enabled = true }: Member,
): Promise<RawClient> {
  const client = await realtime.connect({ version })
  const config = { private: true, presence: { enabled, key: subject } }
  expect((await client.join(topic, config, await signToken({ sub: subject }))).status).toBe('ok')
  return client
}

/** One who sees everything, and whose own coming and going shows that everything was told. */
async function watchman(version: Version, topic: string): Promise<RawClient> {
  const client = await realtime.connect({ version, key: SECRET_KEY })
  await client.join(topic, { private: true, presence: { enabled: true, key: 'watchman' } })
  return client
}

const told = (client: RawClient) => client.received.filter(({ event }) => event.startsWith('presence'))

conforms('1.5 without the right to read presence there is neither state nor diff', async version => {
  const topic = `blind:${version}`
  await realtime.database.allow('hearer', topic, { extension: 'broadcast' })
  await realtime.database.allow('ada', topic, { write: true })
  const ada = await member(version, topic, { subject: 'ada' })
  const hearer = await member(version, topic, { subject: 'hearer' })
  expect(await track(ada, topic, {})).toEqual(OK)
  await ada.until(() => diffsOf(ada).length === 1, 'the diff')
  await hearer.heartbeat()
  expect(told(hearer)).toEqual([])
  await realtime.database.send(topic, 'row', {})
  await hearer.waitForEvent('broadcast')
})

conforms(
  '1.5 who may read presence but not write it sees others, and is refused without words',
  async version => {
    const topic = `reader:${version}`
    await realtime.database.allow('reader', topic)
    const watcher = await watchman(version, topic)
    const reader = await member(version, topic, { subject: 'reader' })
    expect(await track(reader, topic, {})).toEqual(DENIED)
    expect(await track(watcher, topic, {})).toEqual(OK)
    await reader.until(() => diffsOf(reader).length === 1, 'the diff')
    expect(Object.keys(diffsOf(reader)[0]?.joins ?? {})).toEqual(['watchman'])
    // To take nothing back is nothing that could be forbidden.
    expect((await reader.reply(reader.presence(topic, 'untrack'))).payload).toEqual(OK)
  },
)

conforms('1.5 a private channel without presence enabled gets no diffs', async version => {
  const topic = `disabled:${version}`
  await realtime.database.allow('ada', topic, { write: true })
  const watcher = await watchman(version, topic)
  const ada = await member(version, topic, { subject: 'ada', enabled: false })
  await track(watcher, topic, {})
  await watcher.until(() => diffsOf(watcher).length === 1, 'the diff')
  await ada.heartbeat()
  expect(told(ada)).toEqual([])
})

conforms('1.5 with the first track a private channel is asked about, and then told', async version => {
  const topic = `late:${version}`
  await realtime.database.allow('ada', topic, { write: true })
  const watcher = await watchman(version, topic)
  await track(watcher, topic, { n: 1 })
  const ada = await member(version, topic, { subject: 'ada', enabled: false })
  expect(await track(ada, topic, { n: 2 })).toEqual(OK)
  expect((await ada.waitForEvent('presence_state')).payload).toMatchObject({
    watchman: { metas: [{ n: 1 }] },
    ada: { metas: [{ n: 2 }] },
  })
  await track(watcher, topic, { n: 3 })
  await ada.waitFor(
    ({ event, payload }) => event === 'presence_diff' && 'watchman' in (payload.joins as object),
    'the diff',
  )
})

conforms('1.5 who may write presence but not read it is seen, and sees nothing', async version => {
  const topic = `mute:${version}`
  await realtime.database.allow('mute', topic, { extension: 'broadcast' })
  const policy = `"writes ${topic}"`
  await realtime.database.pool.query(
    `create policy ${policy} on realtime.messages for insert to authenticated
       with check (topic = '${topic}' and extension = 'presence')`,
  )
  for (const enabled of [true, false]) {
    const watcher = await watchman(version, topic)
    const mute = await member(version, topic, { subject: 'mute', enabled })
    expect(await track(mute, topic, {})).toEqual(OK)
    await watcher.until(() => diffsOf(watcher).length === 1, 'the diff')
    await mute.heartbeat()
    expect(told(mute), String(enabled)).toEqual([])
    for (const client of [mute, watcher])
      await client.reply(client.push(`realtime:${topic}`, 'phx_leave', {}))
  }
})

conforms('1.5 a refused first track enables nothing', async version => {
  const topic = `refused:${version}`
  await realtime.database.allow('reader', topic)
  const watcher = await watchman(version, topic)
  const reader = await member(version, topic, { subject: 'reader', enabled: false })
  expect(await track(reader, topic, {})).toEqual(DENIED)
  await track(watcher, topic, {})
  await watcher.until(() => diffsOf(watcher).length === 1, 'the diff')
  await reader.heartbeat()
  expect(Object.keys(diffsOf(watcher)[0]?.joins ?? {})).toEqual(['watchman'])
  expect(told(reader)).toEqual([])
})

conforms('1.5 an unmodified supabase-js: sync, join and leave', async version => {
  const topic = `supabase:${version}`
  const channelOf = (key: string) =>
    realtime.supabase({ version }).channel(topic, { config: { presence: { key } } })
  const [one, two] = [channelOf('one'), channelOf('two')]
  const events: string[] = []
  one.on('presence', { event: 'sync' }, () => events.push('sync'))
  one.on('presence', { event: 'join' }, ({ key }) => events.push(`join ${key}`))
  one.on('presence', { event: 'leave' }, ({ key }) => events.push(`leave ${key}`))
  two.on('presence', { event: 'sync' }, () => undefined)
  expect([await subscribed(one), await subscribed(two)]).toEqual(['SUBSCRIBED', 'SUBSCRIBED'])
  expect([await one.track({ n: 1 }), await two.track({ n: 2 })]).toEqual(['ok', 'ok'])
  for (const channel of [one, two]) {
    await expect.poll(() => Object.keys(channel.presenceState()).toSorted()).toEqual(['one', 'two'])
  }
  expect(one.presenceState()).toMatchObject({ one: [{ n: 1 }], two: [{ n: 2 }] })
  expect(await two.untrack()).toBe('ok')
  await expect.poll(() => Object.keys(one.presenceState())).toEqual(['one'])
  expect(await two.track({ n: 3 })).toBe('ok')
  await expect.poll(() => one.presenceState().two).toMatchObject([{ n: 3 }])
  await two.unsubscribe()
  await expect.poll(() => Object.keys(one.presenceState())).toEqual(['one'])
  const comings = events.filter(event => event.endsWith('two'))
  expect(comings).toEqual(['join two', 'leave two', 'join two', 'leave two'])
  expect(events).toContain('sync')
})

test('1.5 supabase-js of both versions see each other, several of them under one key', async () => {
  const channels = [...VERSIONS, ...VERSIONS].map((version, n) => {
    const key = n < 2 ? 'shared' : version
    return realtime.supabase({ version }).channel('supabase:mixed', { config: { presence: { key } } })
  })
  for (const [n, channel] of channels.entries()) {
    channel.on('presence', { event: 'sync' }, () => undefined)
    expect(await subscribed(channel)).toBe('SUBSCRIBED')
    expect(await channel.track({ n })).toBe('ok')
  }
  const summary = (channel: (typeof channels)[number]) =>
    Object.entries(channel.presenceState<{ n: number }>())
      .map(([key, metas]) => `${key}: ${metas.map(({ n }) => n).sort()}`)
      .sort()
  for (const channel of channels) {
    await expect.poll(() => summary(channel)).toEqual(['1.0.0: 2', '2.0.0: 3', 'shared: 0,1'])
  }
})
