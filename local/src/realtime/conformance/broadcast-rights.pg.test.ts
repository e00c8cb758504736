/** Who may send to a private topic: asked late, remembered, and refused without a word. */

import { expect } from 'vitest'
import { encodeKind3, type RawClient } from '../testing/raw-client.ts'
import { subscribed } from '../testing/subscribed.ts'
import { SECRET_KEY, signToken } from '../testing/test-server.ts'
import { conforms, useRealtime, type Version } from '../testing/use-realtime.ts'

const realtime = useRealtime()
const OK = { status: 'ok', response: {} }
const CONFIG = { private: true, broadcast: { ack: true } }

interface Room {
  topic: string
  sender: RawClient
  listener: RawClient
  subject: string
}

/** A sender that may read only, unless told otherwise, and a listener. */
async function room(name: string, version: Version, write = false): Promise<Room> {
  const topic = `${name}:${version}`
  const subject = `sender of ${topic}`
  await realtime.database.allow(subject, topic, { write })
  const sender = await realtime.connect({ version })
  const listener = await realtime.connect({ version, key: SECRET_KEY })
  expect((await sender.join(topic, CONFIG, await signToken({ sub: subject }))).status).toBe('ok')
  expect((await listener.join(topic, CONFIG)).status).toBe('ok')
  return { topic, sender, listener, subject }
}

/** Sends, waits until it was dealt with, and says whether it was acknowledged. */
async function send({ topic, sender }: Room, event: string): Promise<boolean> {
  const ref = sender.broadcast(topic, event, {})
  await sender.fence(topic)
  return sender.received.some(received => received.ref === ref)
}

async function renew({ topic, sender, subject }: Room): Promise<void> {
  const token = await signToken({ sub: subject, jti: Math.random() })
  sender.push(`realtime:${topic}`, 'access_token', { access_token: token })
  await sender.fence(topic)
}

async function heard({ listener, topic }: Room): Promise<unknown[]> {
  await listener.fence(topic)
  return listener.broadcasts().map(({ payload }) => payload.event)
}

conforms('1.4 who may write sends, and is acknowledged', async version => {
  const writable = await room('writer', version, true)
  const ref = writable.sender.broadcast(writable.topic, 'n', { n: 1 })
  expect((await writable.sender.reply(ref)).payload).toEqual(OK)
  expect(await heard(writable)).toEqual(['n'])
})

conforms(
  '1.4 who may not write sends into the void: no reply even with ack, no error, no close',
  async version => {
    const readable = await room('reader', version)
    const { topic, sender } = readable
    const payload = { type: 'broadcast', event: 'n', payload: {} }
    const refs = [sender.push(`realtime:${topic}`, 'broadcast', payload)]
    if (version === '2.0.0') {
      for (const content of [{ n: 1 }, Buffer.from([1])]) {
        const ref = sender.nextRef()
        refs.push(ref)
        sender.webSocket.send(encodeKind3({ ref, topic: `realtime:${topic}`, event: 'n', payload: content }))
      }
    }
    await sender.fence(topic)
    expect(sender.received.some(({ ref }) => refs.includes(`${ref}`))).toBe(false)
    expect(sender.received.map(({ event }) => event)).toEqual(['phx_reply', 'phx_reply'])
    // It still reads.
    await realtime.database.send(topic, 'row', {})
    await sender.waitForEvent('broadcast')
    expect(await heard(readable)).toEqual(['row'])
  },
)

conforms('1.4 the right to write is asked for with the first message, not with the join', async version => {
  const late = await room('lazy', version)
  await realtime.database.allow(late.subject, late.topic, { write: true })
  expect(await send(late, 'granted since')).toBe(true)
  expect(await heard(late)).toEqual(['granted since'])
})

conforms('1.4 a yes is remembered', async version => {
  const kept = await room('yes', version, true)
  expect(await send(kept, 'first')).toBe(true)
  await realtime.database.forbid(kept.subject)
  expect(await send(kept, 'second')).toBe(true)
  expect(await heard(kept)).toEqual(['first', 'second'])
})

conforms('1.4 a no is remembered', async version => {
  const kept = await room('no', version)
  expect(await send(kept, 'first')).toBe(false)
  await realtime.database.allow(kept.subject, kept.topic, { write: true })
  expect(await send(kept, 'second')).toBe(false)
  expect(await heard(kept)).toEqual([])
})

conforms('1.4 with a new token it is asked anew, and the no becomes a yes', async version => {
  const promoted = await room('promoted', version)
  expect(await send(promoted, 'before')).toBe(false)
  await realtime.database.allow(promoted.subject, promoted.topic, { write: true })
  await renew(promoted)
  expect(await send(promoted, 'after')).toBe(true)
  expect(await heard(promoted)).toEqual(['after'])
})

conforms('1.4 with a new token it is asked anew, and the yes becomes a no', async version => {
  const demoted = await room('demoted', version, true)
  expect(await send(demoted, 'before')).toBe(true)
  await realtime.database.forbid(demoted.subject)
  await realtime.database.allow(demoted.subject, demoted.topic)
  await renew(demoted)
  expect(await send(demoted, 'after')).toBe(false)
  expect(await heard(demoted)).toEqual(['before'])
})

conforms('1.4 joining again asks anew, too', async version => {
  const again = await room('again', version)
  expect(await send(again, 'before')).toBe(false)
  await realtime.database.allow(again.subject, again.topic, { write: true })
  await again.sender.join(again.topic, CONFIG, await signToken({ sub: again.subject }))
  expect(await send(again, 'after')).toBe(true)
  expect(await heard(again)).toEqual(['after'])
})

conforms('1.4 the rights to send broadcasts and to be present are two', async version => {
  const topic = `kinds:${version}`
  for (const extension of ['broadcast', 'presence']) {
    await realtime.database.allow(extension, topic, { extension, write: true })
    await realtime.database.allow(extension, topic)
    const client = await realtime.connect({ version })
    await client.join(topic, CONFIG, await signToken({ sub: extension }))
    const ref = client.broadcast(topic, 'n', {})
    const tracked = await client.reply(client.presence(topic, 'track', {}))
    expect(client.received.some(received => received.ref === ref)).toBe(extension === 'broadcast')
    expect(tracked.payload.status).toBe(extension === 'presence' ? 'ok' : 'error')
  }
})

conforms('1.4 who may read presence alone joins, and gets no broadcast', async version => {
  const topic = `presence-only:${version}`
  await realtime.database.allow('seer', topic, { extension: 'presence' })
  const [seer, hearer] = [
    await realtime.connect({ version }),
    await realtime.connect({ version, key: SECRET_KEY }),
  ]
  const config = { private: true, presence: { enabled: true } }
  expect((await seer.join(topic, config, await signToken({ sub: 'seer' }))).status).toBe('ok')
  await hearer.join(topic, config)
  await realtime.database.send(topic, 'row', {})
  await hearer.waitForEvent('broadcast')
  await seer.heartbeat()
  expect(seer.broadcasts()).toEqual([])
})

conforms('1.4 a public topic asks no policy', async version => {
  const [sender, listener] = [await realtime.connect({ version }), await realtime.connect({ version })]
  for (const client of [sender, listener]) await client.join('open', { broadcast: { ack: true } })
  const ref = sender.broadcast('open', 'n', {})
  expect((await sender.reply(ref)).payload).toEqual(OK)
  await listener.waitForEvent('broadcast')
})

conforms('1.4 an unmodified supabase-js that may not write waits for its ack in vain', async version => {
  const topic = `supabase:${version}`
  await realtime.database.allow('reader', topic)
  await realtime.database.allow('writer', topic, { write: true })
  const channelOf = async (subject: string) => {
    const supabase = realtime.supabase({ version })
    await supabase.realtime.setAuth(await signToken({ sub: subject }))
    const channel = supabase.channel(topic, { config: CONFIG })
    expect(await subscribed(channel)).toBe('SUBSCRIBED')
    return channel
  }
  const [reader, writer] = [await channelOf('reader'), await channelOf('writer')]
  const message = { type: 'broadcast', event: 'n', payload: {} } as const
  expect(await writer.send(message)).toBe('ok')
  expect(await reader.send(message, { timeout: 300 })).toBe('timed out')
})
