/** The whole way through the gateway with the unmodified supabase-js, as any integrator's program would go it. */
import { randomUUID } from 'node:crypto'
import { testStack } from '@bedside/local/testing'
import { createClient, type RealtimeChannel, type SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { people, ROSAS_VISIT } from './clinic.ts'

const stack = await testStack({ seed: true })
const clients: SupabaseClient[] = []

async function signedIn(email: string): Promise<SupabaseClient> {
  const client = createClient(stack.url, stack.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: WebSocket as unknown as typeof globalThis.WebSocket },
  })
  clients.push(client)
  const { error } = await client.auth.signInWithPassword({ email, password: 'bedside-demo' })
  if (error) throw error
  return client
}

interface Heard {
  event: string
  payload: { message?: { id: string; sender_id: string; seq: number } }
}

/** Joins a private topic and keeps what it hears. `status` is the first thing that the server said to the join. */
async function listen(client: SupabaseClient, topic: string) {
  await client.realtime.setAuth()
  const heard: Heard[] = []
  const channel = client.channel(topic, { config: { private: true } })
  channel.on('broadcast', { event: '*' }, message => heard.push(message as unknown as Heard))
  const status = await new Promise<string>(resolve => channel.subscribe(resolve))
  return { channel, heard, status }
}

let rosa: SupabaseClient
let ines: SupabaseClient
let henry: SupabaseClient
let room: string

beforeAll(async () => {
  ;[rosa, ines, henry] = (await Promise.all(
    ['rosa.delgado', 'ines.castellano', 'henry.whitfield'].map(name => signedIn(`${name}@bedside.example`)),
  )) as [SupabaseClient, SupabaseClient, SupabaseClient]
  const { data } = await rosa.rpc('open_room', { appointment_id: ROSAS_VISIT }).throwOnError()
  room = data.room.id
})
afterAll(async () => {
  await Promise.all(clients.map(client => client.removeAllChannels()))
})

const send = (client: SupabaseClient, body: string, id: string = randomUUID()) =>
  client.rpc('send_message', { id, room_id: room, body })

describe('J1 a message reaches the other participant through the private topic', () => {
  it('J1 as the row that the sender was answered, once', async () => {
    const doctor = await listen(ines, `room:${room}:1`)
    expect(doctor.status).toBe('SUBSCRIBED')
    const id = randomUUID()
    const { data } = await send(rosa, 'Good morning', id).throwOnError()
    await send(rosa, 'Good morning', id).throwOnError()
    await send(rosa, 'a second one').throwOnError()
    await expect.poll(() => doctor.heard.length).toBe(2)
    expect(doctor.heard[0]).toMatchObject({ event: 'message', payload: { message: data } })
    expect(data).toMatchObject({ id, sender_id: people.rosa })
    await ines.removeChannel(doctor.channel)
  })
  it("J1 and the other one's own topic, for the unread count", async () => {
    const own = await listen(ines, `user:${people.ines}`)
    await send(rosa, 'for the count').throwOnError()
    await expect.poll(() => own.heard.map(each => each.event)).toEqual(['room_changed'])
    const { data } = await ines.rpc('list_rooms').throwOnError()
    expect(data.rooms.find((each: { id: string }) => each.id === room).unread).toBeGreaterThan(0)
    await ines.removeChannel(own.channel)
  })
})

describe('J2 somebody outside the appointment gets "not found", whichever way they ask', () => {
  it('J2 by function, with the same answer as for what does not exist', async () => {
    for (const target of [ROSAS_VISIT, randomUUID()]) {
      const { error, status } = await henry.rpc('open_room', { appointment_id: target })
      expect(status).toBe(404)
      expect(error).toMatchObject({ code: 'PT404', message: 'not_found', details: null })
    }
    for (const target of [room, randomUUID()]) {
      expect((await henry.rpc('list_messages', { room_id: target })).error).toMatchObject({
        message: 'not_found',
      })
      expect((await henry.rpc('mark_read', { room_id: target, read_seq: 1 })).status).toBe(404)
      const sent = await henry.rpc('send_message', { id: randomUUID(), room_id: target, body: 'x' })
      expect(sent.error).toMatchObject({ message: 'not_found' })
    }
  })
  it('J2 by table', async () => {
    for (const table of ['chat_rooms', 'chat_participants', 'chat_messages'] as const) {
      const column = table === 'chat_rooms' ? 'id' : 'room_id'
      expect((await henry.from(table).select().eq(column, room).throwOnError()).data, table).toEqual([])
      expect((await rosa.from(table).select().eq(column, room).throwOnError()).data, table).not.toEqual([])
    }
    expect((await henry.from('appointments').select().eq('id', ROSAS_VISIT).throwOnError()).data).toEqual([])
  })
  it('J2 by topic', async () => {
    for (const topic of [`room:${room}:1`, `live:${room}:1`, `user:${people.rosa}`]) {
      const outside = await listen(henry, topic)
      expect(outside.status, topic).toBe('CHANNEL_ERROR')
      await henry.removeChannel(outside.channel)
    }
    const control = await listen(henry, `user:${people.henry}`)
    expect(control.status).toBe('SUBSCRIBED')
    await henry.removeChannel(control.channel)
  })
})

it("J3 a participant cannot put words into a colleague's mouth", async () => {
  const doctor = await listen(ines, `room:${room}:1`)
  const patient = await listen(rosa, `room:${room}:1`)
  await patient.channel.send({
    type: 'broadcast',
    event: 'message',
    payload: { message: { sender_id: people.ines } },
  })
  await rosa.from('chat_messages').insert({
    id: randomUUID(),
    room_id: room,
    seq: 999,
    sender_id: people.ines,
    kind: 'text',
    body: 'forged',
  })
  await send(rosa, 'the real one').throwOnError()
  await expect.poll(() => doctor.heard.length).toBeGreaterThan(0)
  expect(doctor.heard.map(each => each.payload.message?.sender_id)).toEqual([people.rosa])
  await ines.removeChannel(doctor.channel)
  await rosa.removeChannel(patient.channel)
})

it('J4 somebody removed hears nothing of what follows, on the socket that stayed open', async () => {
  const removed = await listen(rosa, `room:${room}:1`)
  await send(ines, 'before the removal').throwOnError()
  await expect.poll(() => removed.heard.length).toBe(1)
  await stack.database.query(
    'update public.chat_participants set left_at = now() where room_id = $1 and user_id = $2',
    [room, people.rosa],
  )
  const staying: { channel: RealtimeChannel; heard: Heard[]; status: string } = await listen(
    ines,
    `room:${room}:2`,
  )
  expect(staying.status).toBe('SUBSCRIBED')
  for (let i = 0; i < 5; i++) await send(ines, `after the removal ${i}`).throwOnError()
  await expect.poll(() => staying.heard.length).toBe(5)
  expect(removed.heard).toHaveLength(1)
  const again = await listen(rosa, `room:${room}:2`)
  expect(again.status).toBe('CHANNEL_ERROR')
})
