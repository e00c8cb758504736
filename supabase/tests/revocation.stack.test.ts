/** Sockets that stay open when a right ends: from the commit on they hear nothing more of the room, and the others do. */
import { randomUUID } from 'node:crypto'
import { testStack } from '@bedside/local/testing'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { people, ROSAS_VISIT } from './clinic.ts'

const stack = await testStack({ seed: true })
const REASON = 'The patient asked us to look.'
/** However busy the machine is. */
const SOON = { timeout: 10_000 }
/** Two more administrators. */
const [VERA, OLGA] = ['c0000000-0000-4000-8000-000000000002', 'c0000000-0000-4000-8000-000000000003']
const clients: SupabaseClient[] = []

type Person = 'rosa' | 'ines' | 'samuel' | 'marta' | 'vera' | 'olga'
const ids: Record<Person, string> = { ...people, vera: VERA, olga: OLGA }
const by = {} as Record<Person, SupabaseClient>
let room: string

const owner = async <R extends Record<string, unknown>>(sql: string, values: unknown[] = []) =>
  (await stack.database.query<R>(sql, values)).rows

beforeAll(async () => {
  await owner('update private.rate_limits set burst = 1000000')
  for (const id of [VERA, OLGA]) {
    await stack.database.superquery('insert into auth.users (id) values ($1)', [id])
    await owner(`insert into public.profiles (id, role, display_name) values ($1, 'admin', 'Vera or Olga')`, [
      id,
    ])
  }
  for (const person of Object.keys(ids) as Person[]) {
    const token = await stack.tokenFor(ids[person])
    by[person] = createClient(stack.url, stack.publishableKey, {
      accessToken: async () => token,
      realtime: { transport: WebSocket as unknown as typeof globalThis.WebSocket },
    })
    clients.push(by[person])
  }
})
afterEach(async () => {
  await Promise.all(clients.map(client => client.removeAllChannels()))
})

interface Heard {
  event: string
  payload: Record<string, unknown>
}
async function listen(person: Person, topic: string) {
  const client = by[person]
  await client.realtime.setAuth()
  const heard: Heard[] = []
  const channel = client.channel(topic, { config: { private: true } })
  channel.on('broadcast', { event: '*' }, message => heard.push(message as unknown as Heard))
  const status = await new Promise<string>(resolve => channel.subscribe(resolve))
  return { heard, status, leave: () => client.removeChannel(channel) }
}
type Listener = Awaited<ReturnType<typeof listen>>

const call = async (person: Person, name: string, args: Record<string, unknown>) =>
  (await by[person].rpc(name, args).throwOnError()).data
const epoch = async () =>
  (await owner<{ epoch: number }>('select epoch from public.chat_rooms where id = $1', [room]))[0]?.epoch
const topicNow = async (kind: 'room' | 'live' = 'room') => `${kind}:${room}:${await epoch()}`
const say = async (person: Person) =>
  (await call(person, 'send_message', { id: randomUUID(), room_id: room, body: 'A word' })) as {
    id: string
    seq: number
  }
const lookIn = async (person: Person, minutes = 15) =>
  (await call(person, 'start_access', { room_id: room, reason: REASON, minutes })) as { id: string }
/** As if so many minutes had gone by for the grants of the room; nothing has run. */
const elapse = (minutes: number) =>
  owner(
    `with moved as (
       update public.access_grants set starts_at = starts_at - make_interval(mins => $2), expires_at = expires_at - make_interval(mins => $2)
       where room_id = $1 and ended_at is null)
     update public.chat_rooms set granted_until = granted_until - make_interval(mins => $2) where id = $1`,
    [room, minutes],
  )

/** Everything that a room is told, each kind once: what has to be there before, and then the one thing that tells it. */
type Telling = [event: string, prepare: () => Promise<() => Promise<unknown>>]
const TELLINGS: Telling[] = [
  ['message', async () => () => say('rosa')],
  [
    'receipt',
    async () => {
      const { seq } = await say('rosa')
      return () => call('ines', 'mark_read', { room_id: room, read_seq: seq })
    },
  ],
  [
    'message_changed',
    async () => {
      const { id } = await say('rosa')
      return () => call('rosa', 'edit_message', { room_id: room, message_id: id, body: 'Another word' })
    },
  ],
  [
    'room_changed',
    async () => async () => {
      await call('ines', 'set_room_status', { room_id: room, status: 'read_only' })
      await call('ines', 'set_room_status', { room_id: room, status: 'open' })
    },
  ],
  [
    'attachment_changed',
    async () => {
      const id = randomUUID()
      const file = { name: 'a.png', media_type: 'image/png', size_bytes: 1 }
      await call('rosa', 'start_attachment', { id, room_id: room, ...file })
      return () => owner(`select private.finish_scan($1, 'clean')`, [id])
    },
  ],
]
const prepare = (tellings: Telling[]) => Promise.all(tellings.map(([, each]) => each()))

/**
 * Waits until what was told before has gone through this person's own socket: it is open, it hears, and what comes is in
 * order of the commits.
 */
async function flush(person: Person, own: Listener) {
  const mark = randomUUID()
  await owner(`select realtime.send(jsonb_build_object('mark', $1::text), 'mark', 'user:' || $2, true)`, [
    mark,
    ids[person],
  ])
  await expect.poll(() => own.heard.some(each => each.payload.mark === mark), SOON).toBe(true)
}

/**
 * The person listens to the room and hears; then their right ends; then everything is told that there is to tell. What
 * they have heard of it must be nothing; a colleague, on the new topic, all of it.
 */
async function expectSilenceAfter(person: Person, revoke: () => Promise<unknown>, tellings = TELLINGS) {
  const own = await listen(person, `user:${ids[person]}`)
  const before = await listen(person, await topicNow())
  expect(before.status).toBe('SUBSCRIBED')
  await say('ines')
  await expect.poll(() => before.heard.some(each => each.event === 'message'), SOON).toBe(true)
  const first = await prepare(tellings)
  await flush(person, own)
  const known = before.heard.length

  await revoke()
  for (const tell of first) await tell()
  await flush(person, own)
  expect(before.heard.slice(known).map(each => each.event)).toEqual([])

  // The control: on the topic of now a colleague hears all of it.
  const colleague = await listen('ines', await topicNow())
  expect(colleague.status).toBe('SUBSCRIBED')
  for (const tell of await prepare(tellings)) await tell()
  for (const [event] of tellings)
    await expect.poll(() => colleague.heard.map(each => each.event), SOON).toContain(event)
  await flush(person, own)
  expect(before.heard).toHaveLength(known)
  const again = await Promise.all(
    [await topicNow(), await topicNow('live')].map(topic => listen(person, topic)),
  )
  expect(again.map(each => each.status)).toEqual(['CHANNEL_ERROR', 'CHANNEL_ERROR'])
  await Promise.all([own, before, colleague, ...again].map(each => each.leave()))
}

beforeEach(async () => {
  room = ((await call('rosa', 'open_room', { appointment_id: ROSAS_VISIT })) as { room: { id: string } }).room
    .id
  await owner('update public.profiles set suspended_at = null where suspended_at is not null')
  for (const grant of await owner<{ id: string }>(
    'select id from public.access_grants where ended_at is null',
  ))
    await call('vera', 'end_access', { grant_id: grant.id })
  await call('ines', 'add_participant', { room_id: room, user_id: people.samuel, role: 'care_team' })
})

describe('J6 from the commit on, a socket that stayed open hears nothing', () => {
  it('J6 of whoever was removed', () =>
    expectSilenceAfter('samuel', () =>
      call('ines', 'remove_participant', { room_id: room, user_id: people.samuel }),
    ))
  it('J6 of whoever was removed while everybody was talking', async () => {
    const own = await listen('samuel', `user:${people.samuel}`)
    const before = await listen('samuel', await topicNow())
    const talk = (person: Person) =>
      Array.from({ length: 25 }, async () => {
        const { seq } = await say(person)
        await call(person === 'rosa' ? 'ines' : 'rosa', 'mark_read', { room_id: room, read_seq: seq })
      })
    const talking = [...talk('rosa'), ...talk('ines')]
    await talking[0]
    await call('ines', 'remove_participant', { room_id: room, user_id: people.samuel })
    await Promise.all(talking)
    await flush('samuel', own)
    const [removal] = await owner<{ seq: number }>(
      `select max(seq)::int as seq from public.chat_messages where room_id = $1 and event ->> 'type' = 'participant_removed'`,
      [room],
    )
    const places = before.heard.map(({ event, payload }) =>
      event === 'receipt' ? Number(payload.read_seq) : (payload.message as { seq: number } | undefined)?.seq,
    )
    expect(places.length).toBeGreaterThan(0)
    expect(places.filter(place => place === undefined || place >= Number(removal?.seq))).toEqual([])
  })
  it('J6 of whoever left', () =>
    expectSilenceAfter('samuel', () =>
      call('samuel', 'remove_participant', { room_id: room, user_id: people.samuel }),
    ))
  it('J6 of whoever was suspended', () =>
    expectSilenceAfter('samuel', () =>
      call('marta', 'suspend_user', { user_id: people.samuel, reason: REASON }),
    ))

  it('J6 of an administrator whose grant was ended, by themselves or by another', async () => {
    for (const ending of ['marta', 'vera'] as const) {
      const grant = await lookIn('marta')
      await expectSilenceAfter('marta', () => call(ending, 'end_access', { grant_id: grant.id }))
    }
  })
  it('J6 of an administrator who was suspended', async () => {
    await lookIn('marta')
    await expectSilenceAfter('marta', () =>
      call('vera', 'suspend_user', { user_id: people.marta, reason: REASON }),
    )
  })
  it.each(TELLINGS)(
    'J6 of an administrator whose grant ran out, though nothing has run and a %s is the first to be told',
    async (event, tell) => {
      await lookIn('marta')
      await expectSilenceAfter('marta', () => elapse(20), [[event, tell]])
    },
  )
  it('J6 of one administrator after the other, as their grants run out, while another’s lives', async () => {
    await lookIn('marta', 15)
    await lookIn('vera', 30)
    await lookIn('olga', 60)
    await expectSilenceAfter('marta', () => elapse(20))
    await expectSilenceAfter('vera', () => elapse(20))
    const other = await listen('olga', await topicNow())
    expect(other.status).toBe('SUBSCRIBED')
    await say('rosa')
    await expect.poll(() => other.heard.map(each => each.event), SOON).toContain('message')
  })
})

it('J7 an administrator hears everything of a room while a grant lives, and never its live topic', async () => {
  const without = await listen('vera', await topicNow())
  expect(without.status).toBe('CHANNEL_ERROR')
  await without.leave()
  await lookIn('vera')
  const inside = await listen('vera', await topicNow())
  expect(inside.status).toBe('SUBSCRIBED')
  for (const tell of await prepare(TELLINGS)) await tell()
  for (const [event] of TELLINGS)
    await expect.poll(() => inside.heard.map(each => each.event), SOON).toContain(event)
  const live = await listen('vera', await topicNow('live'))
  expect(live.status).toBe('CHANNEL_ERROR')
  await Promise.all([inside.leave(), live.leave()])
})
