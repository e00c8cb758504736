/** The token of an open channel: exchanged, refused, run out. */

import { expect } from 'vitest'
import type { RawClient } from '../testing/raw-client.ts'
import { statusesOf } from '../testing/subscribed.ts'
import { PUBLISHABLE_KEY, SECRET_KEY, signToken } from '../testing/test-server.ts'
import { conforms, useRealtime } from '../testing/use-realtime.ts'

const realtime = useRealtime()

interface Wish {
  isPrivate?: boolean
  expiresIn?: number
}

/** Joins as a subject and returns the token. */
async function joinAs(client: RawClient, subject: string, topic: string, wish: Wish = {}): Promise<string> {
  const { isPrivate = true, expiresIn } = wish
  const token = await signToken({ sub: subject }, expiresIn)
  expect((await client.join(topic, { private: isPrivate }, token)).status).toBe('ok')
  return token
}

function exchange(client: RawClient, topic: string, token: unknown): string {
  return client.push(`realtime:${topic}`, 'access_token', { access_token: token })
}

/** The system message and the close that end a channel, in this order and with nothing in between. */
async function ending(client: RawClient, topic: string): Promise<unknown> {
  const closed = await client.waitForEvent('phx_close', topic)
  const messages = client.received.filter(message => message.topic === `realtime:${topic}`)
  expect(closed.payload).toEqual({})
  expect(messages.at(-1)).toBe(closed)
  const system = messages.at(-2)
  expect(system).toMatchObject({ event: 'system', ref: null })
  return system?.payload
}

const ended = (channel: string, message: unknown) => ({
  extension: 'system',
  status: 'error',
  message,
  channel,
})
const EXPIRED = expect.stringMatching(/^Token has expired \d+ seconds ago$/)

conforms('1.3 a fresh token is taken without a word', async version => {
  const topic = `fresh:${version}`
  await realtime.database.allow('ada', topic)
  const client = await realtime.connect({ version })
  await joinAs(client, 'ada', topic)
  exchange(client, topic, await signToken({ sub: 'ada', n: 2 }))
  await client.fence(topic)
  await realtime.database.send(topic, 'n', {})
  await client.waitForEvent('broadcast')
  expect(client.received.map(({ event }) => event)).toEqual(['phx_reply', 'phx_reply', 'broadcast'])
})

conforms('1.3 the same token, none, or a key in its place is not looked at', async version => {
  const topic = `same:${version}`
  await realtime.database.allow('same', topic)
  const client = await realtime.connect({ version })
  const token = await joinAs(client, 'same', topic)
  // Asked again, the policies would say no.
  await realtime.database.forbid('same')
  for (const same of [token, null, undefined, 7, PUBLISHABLE_KEY, SECRET_KEY, 'sb_other']) {
    exchange(client, topic, same)
  }
  client.push(`realtime:${topic}`, 'access_token', {})
  client.push(`realtime:${topic}`, 'access_token', null)
  await client.fence(topic)
  await realtime.database.send(topic, 'n', {})
  await client.waitForEvent('broadcast')
  expect(client.received.map(({ event }) => event)).toEqual(['phx_reply', 'phx_reply', 'broadcast'])
})

const BAD_TOKENS: [what: string, message: unknown, token: () => Promise<string> | string][] = [
  ['that is empty', 'The token provided is not a valid JWT', () => ''],
  ['that is no JWT', 'The token provided is not a valid JWT', () => 'not.a.token'],
  [
    'that somebody else signed',
    'Failed to validate JWT signature',
    async () => `${(await signToken({ sub: 'ada' })).slice(0, -6)}AAAAAA`,
  ],
  [
    'without a role',
    'Fields `role` and `exp` are required in JWT',
    () => signToken({ sub: 'ada', role: undefined }),
  ],
  ['without an exp', 'Fields `role` and `exp` are required in JWT', () => signToken({ sub: 'ada' }, null)],
  ['that has expired', EXPIRED, () => signToken({ sub: 'ada' }, -5)],
]
for (const [what, message, token] of BAD_TOKENS) {
  conforms(`1.3 a token ${what} ends the channel with a system error and phx_close`, async version => {
    const topic = `bad:${version}`
    await realtime.database.allow('ada', topic)
    const client = await realtime.connect({ version })
    for (const isPrivate of [true, false]) {
      const name = isPrivate ? topic : `public:${version}`
      await joinAs(client, 'ada', name, { isPrivate })
      const ref = exchange(client, name, await token())
      expect(await ending(client, name)).toEqual(ended(name, message))
      expect(client.received.some(received => received.ref === ref)).toBe(false)
    }
    await client.heartbeat()
    expect(client.closeCode).toBe(null)
  })
}

conforms('1.3 a token that may not read ends the private channel, and no other', async version => {
  const [topic, other] = [`lost:${version}`, `kept:${version}`]
  for (const each of [topic, other]) await realtime.database.allow('ada', each)
  const client = await realtime.connect({ version })
  for (const each of [topic, other]) await joinAs(client, 'ada', each)
  exchange(client, topic, await signToken({ sub: 'eve' }))
  const message = `You do not have permissions to read from this Channel topic: ${topic}`
  expect(await ending(client, topic)).toEqual(ended(topic, message))
  await realtime.database.send(topic, 'late', {})
  await realtime.database.send(other, 'n', {})
  await client.waitForEvent('broadcast', other)
  expect(client.broadcasts(topic)).toEqual([])
})

conforms('1.3 to lose one of two rights to read ends the channel, too', async version => {
  const topic = `half:${version}`
  await realtime.database.allow('ada', topic)
  for (const extension of ['broadcast', 'presence']) {
    await realtime.database.allow(extension, topic, { extension })
    const client = await realtime.connect({ version })
    const config = { private: true, presence: { enabled: true } }
    await client.join(topic, config, await signToken({ sub: 'ada' }))
    exchange(client, topic, await signToken({ sub: extension }))
    expect(await ending(client, topic)).toMatchObject({ status: 'error', channel: topic })
  }
})

conforms('1.3 a right to read that a token brings takes effect', async version => {
  const topic = `gain:${version}`
  await realtime.database.allow('seer', topic, { extension: 'presence' })
  await realtime.database.allow('hearer', topic, { extension: 'broadcast' })
  await realtime.database.allow('both', topic, { write: true })
  const [seer, hearer, both] = await Promise.all(
    ['seer', 'hearer', 'both'].map(async subject => {
      const client = await realtime.connect({ version })
      const config = { private: true, presence: { enabled: true, key: subject } }
      await client.join(topic, config, await signToken({ sub: subject }))
      return client
    }),
  )
  if (!seer || !hearer || !both) throw new Error('unreachable')
  await both.reply(both.presence(topic, 'track', { n: 1 }))
  await realtime.database.send(topic, 'before', {})
  await hearer.waitForEvent('broadcast')
  await seer.waitForEvent('presence_diff')
  expect(hearer.received.some(({ event }) => event.startsWith('presence'))).toBe(false)

  const fresh = await signToken({ sub: 'both', n: 2 })
  for (const client of [seer, hearer]) exchange(client, topic, fresh)
  const state = await hearer.waitForEvent('presence_state')
  expect(state.payload).toMatchObject({ both: { metas: [{ n: 1 }] } })
  await seer.fence(topic)
  await realtime.database.send(topic, 'after', {})
  await seer.waitForEvent('broadcast')
  expect(seer.broadcasts().map(({ payload }) => payload.event)).toEqual(['after'])
  await both.reply(both.presence(topic, 'track', { n: 2 }))
  await hearer.waitForEvent('presence_diff')
})

conforms('1.3 a public channel takes any good token', async version => {
  const topic = `public:${version}`
  const client = await realtime.connect({ version })
  await client.join(topic)
  exchange(client, topic, await signToken({ sub: 'eve' }))
  exchange(client, topic, await signToken({ sub: 'anybody', role: 'nobody' }))
  await client.fence(topic)
  await realtime.database.send(topic, 'n', {}, false)
  await client.waitForEvent('broadcast')
  expect(client.received.map(({ event }) => event)).toEqual(['phx_reply', 'phx_reply', 'broadcast'])
})

conforms('1.3 a channel ends with its token, a public one too, and its socket goes on', async version => {
  const [secret, open] = [`expiry:secret:${version}`, `expiry:open:${version}`]
  await realtime.database.allow('ada', secret)
  const client = await realtime.connect({ version })
  await joinAs(client, 'ada', secret, { expiresIn: 3 })
  await joinAs(client, 'ada', open, { isPrivate: false, expiresIn: 3 })
  await client.join('by-key')
  for (const topic of [secret, open]) {
    expect(await ending(client, topic)).toEqual(ended(topic, EXPIRED))
  }
  await realtime.database.send('by-key', 'n', {}, false)
  await client.waitForEvent('broadcast', 'by-key')
})

conforms('1.3 a token exchanged in time moves the end of its channel', async version => {
  const [renewed, witness] = [`renewed:${version}`, `witness:${version}`]
  const client = await realtime.connect({ version })
  await joinAs(client, 'ada', renewed, { isPrivate: false, expiresIn: 3 })
  exchange(client, renewed, await signToken({ sub: 'ada' }))
  await joinAs(client, 'ada', witness, { isPrivate: false, expiresIn: 4 })
  await client.waitForEvent('phx_close', witness)
  await client.heartbeat()
  expect(client.received.filter(({ event }) => event === 'phx_close')).toHaveLength(1)
})

conforms('1.3 a token with an earlier end brings that end nearer', async version => {
  const topic = `earlier:${version}`
  const client = await realtime.connect({ version })
  await client.join(topic)
  exchange(client, topic, await signToken({ sub: 'ada' }, 3))
  expect(await ending(client, topic)).toEqual(ended(topic, EXPIRED))
})

conforms(
  '1.3 an unmodified supabase-js keeps its channel over fresh tokens, until one may not read',
  async version => {
    const topic = `supabase:${version}`
    await realtime.database.allow('ada', topic)
    const supabase = realtime.supabase({ version })
    await supabase.realtime.setAuth(await signToken({ sub: 'ada' }))
    const heard: unknown[] = []
    const system: unknown[] = []
    const channel = supabase
      .channel(topic, { config: { private: true } })
      .on('broadcast', { event: 'n' }, ({ payload }) => heard.push(payload.n))
      .on('system', {}, ({ message }) => system.push(message))
    const statuses = statusesOf(channel)
    await expect.poll(() => statuses).toEqual(['SUBSCRIBED'])
    await supabase.realtime.setAuth(await signToken({ sub: 'ada', n: 2 }))
    await realtime.database.send(topic, 'n', { n: 1 })
    await expect.poll(() => heard).toEqual([1])
    expect(statuses).toEqual(['SUBSCRIBED'])
    await supabase.realtime.setAuth(await signToken({ sub: 'eve' }))
    await expect.poll(() => statuses).toEqual(['SUBSCRIBED', 'CLOSED'])
    expect(system).toEqual([`You do not have permissions to read from this Channel topic: ${topic}`])
    // An orderly end: it does not try again.
    expect(supabase.getChannels()).toEqual([])
  },
)
