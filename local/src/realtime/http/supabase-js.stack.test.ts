/** The client that applications use, unmodified, sending by HTTP. */

import { randomUUID } from 'node:crypto'
import {
  createClient,
  type RealtimeChannel,
  type SupabaseClient,
  type WebSocketLikeConstructor,
} from '@supabase/supabase-js'
import { afterEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { testStack } from '../../testing/index.ts'

const stack = await testStack()
const [writer, reader] = [randomUUID(), randomUUID()]
await stack.database.query(`
  create policy lab_receive on realtime.messages for select to authenticated
    using ((select realtime.topic()) like 'lab:%');
  create policy lab_send on realtime.messages for insert to authenticated
    with check ((select realtime.topic()) like 'lab:%' and (select auth.uid()) = '${writer}');
`)

const clients: SupabaseClient[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) await client.removeAllChannels()
})

async function connect(subject?: string) {
  const token = subject === undefined ? null : await stack.tokenFor(subject)
  const client = createClient(stack.url, stack.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: WebSocket as unknown as WebSocketLikeConstructor },
    ...(token === null ? {} : { accessToken: async () => token }),
  })
  await client.realtime.setAuth()
  clients.push(client)
  return client
}

interface Heard {
  event: string
  payload: unknown
}

async function listen(channel: RealtimeChannel): Promise<Heard[]> {
  const heard: Heard[] = []
  channel.on('broadcast', { event: '*' }, ({ event, payload }) => heard.push({ event, payload }))
  const status = await new Promise(resolve => channel.subscribe(resolve))
  expect(status).toBe('SUBSCRIBED')
  return heard
}

test('R108: 1.8 channel.send() before the join arrives', async () => {
  // It says that httpSend() is to be preferred.
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const heard = await listen((await connect()).channel('ward'))
  const heardPrivately = await listen((await connect(reader)).channel('lab:1', { config: { private: true } }))

  const open = (await connect()).channel('ward')
  expect(await open.send({ type: 'broadcast', event: 'bell', payload: { n: 1 } })).toBe('ok')
  await expect.poll(() => heard).toEqual([{ event: 'bell', payload: { n: 1 } }])

  for (const subject of [reader, writer]) {
    const closed = (await connect(subject)).channel('lab:1', { config: { private: true } })
    expect(await closed.send({ type: 'broadcast', event: 'from', payload: { subject } })).toBe('ok')
  }
  await expect.poll(() => heardPrivately).toEqual([{ event: 'from', payload: { subject: writer } }])
  warn.mockRestore()
})

test('R108: 1.8 channel.httpSend() arrives as JSON and as bytes, whatever the names', async () => {
  const topic = 'ward/é?#% b'
  const heard = await listen((await connect()).channel(topic))
  const channel = (await connect()).channel(topic)
  expect(await channel.httpSend('a/b €', { n: 1 })).toEqual({ success: true })
  expect(await channel.httpSend('bytes', new Uint8Array([0, 255]).buffer)).toEqual({ success: true })
  await expect
    .poll(() => heard)
    .toEqual([
      { event: 'a/b €', payload: { n: 1 } },
      { event: 'bytes', payload: new Uint8Array([0, 255]).buffer },
    ])
})

test('R108: 1.8 channel.httpSend() on a private channel says whether one may send', async () => {
  const config = { config: { private: true } }
  const heard = await listen((await connect(reader)).channel('lab:2', config))
  const refused = (await connect(reader)).channel('lab:2', config)
  await expect(refused.httpSend('n', { n: 1 })).rejects.toThrow('Unauthorized')
  expect(await (await connect(writer)).channel('lab:2', config).httpSend('n', { n: 2 })).toEqual({
    success: true,
  })
  await expect.poll(() => heard).toEqual([{ event: 'n', payload: { n: 2 } }])
})
