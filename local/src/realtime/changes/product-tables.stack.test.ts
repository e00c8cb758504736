/** The product's own tables through the gateway, with the roles and default privileges of a real project. */

import { randomUUID } from 'node:crypto'
import { createClient, type SupabaseClient, type WebSocketLikeConstructor } from '@supabase/supabase-js'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { testStack } from '../../testing/index.ts'

const stack = await testStack({ seed: true })
/** Of the seed: a patient's visit to come, whose conversation is open. */
const VISIT = 'b0000000-0000-4000-8000-000000000001'

const clients: SupabaseClient[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) await client.removeAllChannels()
})

async function connect(subject: string): Promise<SupabaseClient> {
  const token = await stack.tokenFor(subject)
  const client = createClient(stack.url, stack.publishableKey, {
    realtime: { transport: WebSocket as unknown as WebSocketLikeConstructor },
    accessToken: async () => token,
  })
  clients.push(client)
  return client
}

test('R137 a message is heard by who may read its room, in the columns that are read over HTTP, and by nobody else', async () => {
  const { rows } = await stack.database.query<{ id: string; patient: string; stranger: string }>(
    `select r.id, a.patient_id as patient,
       (select o.patient_id from public.appointments o where o.patient_id <> a.patient_id limit 1) as stranger
     from public.chat_rooms r join public.appointments a on a.id = r.appointment_id where a.id = $1`,
    [VISIT],
  )
  const [room] = rows
  if (!room) throw new Error('the seed has no such visit')
  const [patient, stranger] = [await connect(room.patient), await connect(room.stranger)]
  const heard: Record<string, Record<string, unknown>[]> = { patient: [], stranger: [] }
  for (const [name, client] of Object.entries({ patient, stranger })) {
    await new Promise((resolve, reject) => {
      client
        .channel('messages')
        .on(
          'postgres_changes',
          { event: 'INSERT', schema: 'public', table: 'chat_messages', filter: `room_id=eq.${room.id}` },
          change => heard[name]?.push(change),
        )
        .on('system', {}, ({ status, message }) =>
          status === 'ok' ? resolve(null) : reject(new Error(message)),
        )
        .subscribe()
    })
  }
  const ids = [randomUUID(), randomUUID()]
  for (const id of ids) {
    const { error } = await patient.rpc('send_message', { id, room_id: room.id, body: 'Hasta mañana 👋' })
    expect(error).toBe(null)
  }
  await expect.poll(() => heard.patient?.length).toBe(2)
  const read = await patient.from('chat_messages').select('*').in('id', ids).order('seq')
  expect(read.error).toBe(null)
  const stored = await stack.database.query<{ row: Record<string, unknown> }>(
    'select to_jsonb(m) as row from public.chat_messages m where id = any ($1) order by seq',
    [ids],
  )
  const told = heard.patient?.map(change => change.new as Record<string, unknown>) ?? []
  expect(stored.rows.map(({ row }) => row)).toMatchObject(told)
  expect(told.map(row => Object.keys(row).toSorted())).toEqual(
    read.data?.map(row => Object.keys(row).toSorted()),
  )
  expect(heard.patient?.map(change => change.errors)).toEqual([null, null])
  expect(heard.stranger).toEqual([])
})
