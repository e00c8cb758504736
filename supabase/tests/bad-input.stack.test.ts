/** Nonsense for every argument of every function, through the gateway. New functions are found in the catalog. */
import { randomUUID } from 'node:crypto'
import { testStack } from '@bedside/local/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { people, ROSAS_VISIT } from './clinic.ts'

const stack = await testStack({ seed: true })

const NONSENSE: unknown[] = [
  null,
  '',
  'x',
  ' '.repeat(100),
  'x'.repeat(20_000),
  'a\u0000b',
  '\ud800',
  -1,
  0.5,
  2 ** 63,
  1e308,
  true,
  [],
  {},
  [[1]],
  { id: 1 },
  '00000000-0000-0000-0000-000000000000',
  '9999-99-99',
  'infinity',
  "'; drop table public.chat_messages; --",
]
/** Bodies that are no set of arguments at all. */
const BODIES = [
  '',
  '{',
  'null',
  '[]',
  '"x"',
  '1',
  '[{}]',
  '{"nothing_like_it":1}',
  '{"__proto__":{}}',
  '\u0000',
]

interface Callable {
  name: string
  args: { name: string; isRequired: boolean }[]
}

let token: string
let room: string
let functions: Callable[]

beforeAll(async () => {
  token = await stack.tokenFor(people.rosa)
  const { rows } = await stack.database.query<{ name: string; names: string[] | null; optional: number }>(
    `select proname as name, proargnames as names, pronargdefaults as optional from pg_proc
     where pronamespace = 'public'::regnamespace and has_function_privilege('authenticated', oid, 'execute')`,
  )
  functions = rows.map(({ name, names, optional }) => ({
    name,
    args: (names ?? []).map((arg, i, all) => ({ name: arg, isRequired: i < all.length - optional })),
  }))
  const found = await stack.database.query<{ id: string }>(
    'select id from public.chat_rooms where appointment_id = $1',
    [ROSAS_VISIT],
  )
  room = found.rows[0]?.id ?? ''
})

async function call(name: string, body: string) {
  const response = await fetch(`${stack.url}/rest/v1/rpc/${name}`, {
    method: 'POST',
    headers: {
      apikey: stack.publishableKey,
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    },
    body,
  })
  return { status: response.status, text: await response.text() }
}

/** Arguments that make sense, so that only the one put in their midst does not. */
const sensible = (name: string): Record<string, unknown> => ({
  id: randomUUID(),
  room_id: room,
  appointment_id: ROSAS_VISIT,
  body: 'sensible',
  ...(name === 'mark_read' ? { read_seq: 1 } : {}),
})

function expectTyped(what: string, { status, text }: { status: number; text: string }) {
  if (status === 200) return
  expect(status, `${what}: ${text}`).toBeGreaterThanOrEqual(400)
  expect(status, `${what}: ${text}`).toBeLessThan(500)
  expect(JSON.parse(text), what).toEqual({
    code: expect.stringMatching(/^(PT\d{3}|PGRST\d{3}|[0-9A-Z]{5})$/),
    message: expect.any(String),
    details: expect.toSatisfy(value => value === null || typeof value === 'string'),
    hint: expect.toSatisfy(value => value === null || typeof value === 'string'),
  })
}

describe('J5 nonsense gets a typed error from every function, and never a five-hundred', () => {
  it('J5 one nonsensical argument among sensible ones', async () => {
    expect(functions.map(each => each.name)).toEqual(
      expect.arrayContaining(['get_profile', 'open_room', 'send_message', 'list_messages', 'mark_read']),
    )
    for (const { name, args } of functions) {
      const known = Object.fromEntries(
        Object.entries(sensible(name)).filter(([key]) => args.some(arg => arg.name === key)),
      )
      // The control: without nonsense it answers.
      expect((await call(name, JSON.stringify(known))).status, name).toBe(200)
      for (const arg of args) {
        for (const nonsense of NONSENSE) {
          const body = JSON.stringify({
            ...known,
            ...(arg.name === 'id' ? {} : known.id ? { id: randomUUID() } : {}),
            [arg.name]: nonsense,
          })
          expectTyped(`${name} ${body.slice(0, 120)}`, await call(name, body))
        }
      }
    }
  })
  it('J5 a body that is no set of arguments', async () => {
    for (const { name, args } of functions) {
      for (const body of BODIES) {
        const answer = await call(name, body)
        expectTyped(`${name} ${JSON.stringify(body)}`, answer)
        if (args.some(arg => arg.isRequired))
          expect(answer.status, `${name} ${body}`).toBeGreaterThanOrEqual(400)
      }
    }
  })
  it('J5 and nothing of it was stored as anything but text', async () => {
    const { rows } = await stack.database.query<{ gaps: number }>(
      `select count(*)::int as gaps from public.chat_rooms r
       where r.last_seq <> (select count(*) from public.chat_messages m where m.room_id = r.id)`,
    )
    expect(rows).toEqual([{ gaps: 0 }])
  })
})
