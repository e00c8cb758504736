/** Forged keys in the bodies of requests: arguments that no function has, columns that nobody writes. */
import { randomUUID } from 'node:crypto'
import { testStack } from '@bedside/local/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { people, ROSAS_VISIT } from './clinic.ts'
import { type Callable, callables } from './forgery/calls.ts'

const stack = await testStack({ seed: true })
const FORGED: Record<string, unknown> = {
  sender_id: people.ines,
  seq: 1,
  created_at: '2000-01-01T00:00:00Z',
  role: 'admin',
  kind: 'system',
  epoch: 99,
  user_id: people.ines,
  status: 'open',
  event: { type: 'notice', actor_id: people.marta },
  p_uid: people.ines,
  sub: people.ines,
}

let token: string
let room: string
let functions: Callable[]

beforeAll(async () => {
  token = await stack.tokenFor(people.rosa)
  const owner = async <R extends Record<string, unknown>>(sql: string, values?: unknown[]) =>
    (await stack.database.query<R>(sql, values)).rows
  functions = await callables({ owner })
  const [found] = await owner<{ id: string }>('select id from public.chat_rooms where appointment_id = $1', [
    ROSAS_VISIT,
  ])
  room = found?.id ?? ''
  await owner('update private.rate_limits set burst = 1000000')
})

async function request(method: string, path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${stack.url}/rest/v1/${path}`, {
    method,
    headers: {
      apikey: stack.publishableKey,
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, body: text ? JSON.parse(text) : null }
}
const message = () => ({ id: randomUUID(), room_id: room, body: 'Good morning' })

describe('A25 through the gateway', () => {
  it('A25 an argument that a function does not have makes it another function, which there is not', async () => {
    for (const { name, args } of functions) {
      const nothing = Object.fromEntries(args.map(arg => [arg.name, null]))
      for (const [key, value] of Object.entries(FORGED)) {
        if (args.some(arg => arg.name === key)) continue
        const answer = await request('POST', `rpc/${name}`, { ...nothing, [key]: value })
        expect(answer, `${name} ${key}`).toMatchObject({ status: 404, body: { code: 'PGRST202' } })
      }
    }
  }, 60_000)
  it('A25 a message is its sender’s, at its place and time, whatever else the body says', async () => {
    for (const key of ['sender_id', 'seq', 'created_at', 'kind', 'event', 'role']) {
      const forged = await request('POST', 'rpc/send_message', { ...message(), [key]: FORGED[key] })
      expect(forged, key).toMatchObject({ status: 404, body: { code: 'PGRST202' } })
    }
    const sent = await request('POST', 'rpc/send_message', message())
    expect(sent).toMatchObject({ status: 200, body: { sender_id: people.rosa, kind: 'text', event: null } })
    const next = await request('POST', 'rpc/send_message', message())
    expect(next.body.seq).toBe(sent.body.seq + 1)
    expect(Math.abs(Date.parse(next.body.created_at) - Date.now())).toBeLessThan(60_000)
  })
  it('A25 nor does a list of calls, or a query string, bring more in', async () => {
    const listed = await request('POST', 'rpc/send_message', [{ ...message(), sender_id: people.ines }])
    expect(listed.status).toBeGreaterThanOrEqual(400)
    const asked = await request('POST', `rpc/send_message?sender_id=${people.ines}`, message())
    // As a filter of the answer it finds nobody else's message, and leaves the sender who they are.
    if (asked.status === 200)
      expect([].concat(asked.body ?? []).map((row: { sender_id: string }) => row.sender_id)).not.toContain(
        people.ines,
      )
    const { rows } = await stack.database.query(
      `select 1 from public.chat_messages where room_id = $1 and body = 'Good morning' and sender_id <> $2`,
      [room, people.rosa],
    )
    expect(rows).toEqual([])
  })
  it('A24 rows are not written past the functions: post, upsert, patch, put, delete', async () => {
    const tables = [
      'chat_messages',
      'chat_participants',
      'chat_rooms',
      'appointments',
      'access_grants',
      'audit_log',
      'profiles',
    ]
    for (const table of tables) {
      for (const [method, query, headers] of [
        ['POST', '', {}],
        ['POST', '', { prefer: 'resolution=merge-duplicates,return=representation' }],
        ['PATCH', `?${table === 'profiles' ? 'id' : 'room_id'}=not.is.null`, {}],
        ['DELETE', `?${table === 'profiles' ? 'id' : 'room_id'}=not.is.null`, {}],
      ] as const) {
        const { id, room_id } = message()
        const body = table === 'profiles' ? { id: people.rosa, role: 'admin' } : { id, room_id, ...FORGED }
        const answer = await request(method, `${table}${query}`, body, headers)
        expect(answer.status, `${method} ${table}: ${JSON.stringify(answer.body)}`).toBeGreaterThanOrEqual(
          400,
        )
        expect(answer.status, `${method} ${table}`).toBeLessThan(500)
      }
    }
    // The control: what is one's own to write.
    expect((await request('PATCH', `profiles?id=eq.${people.rosa}`, { locale: 'fr' })).status).toBe(204)
  })
})
