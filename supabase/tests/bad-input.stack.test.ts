/** Nonsense for every argument of every function, through the gateway. New functions are found in the catalog. */
import { randomUUID } from 'node:crypto'
import { testStack } from '@bedside/local/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { type PersonName, people, ROSAS_REQUEST, ROSAS_VISIT } from './clinic.ts'

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

const tokens = {} as Record<PersonName, string>
let room: string
let message: string
let closedRoom: string
let functions: Callable[]

beforeAll(async () => {
  for (const person of ['rosa', 'ines', 'marta'] as const)
    tokens[person] = await stack.tokenFor(people[person])
  await stack.database.query('update private.rate_limits set burst = 1000000')
  const { rows } = await stack.database.query<{ name: string; names: string[] | null; optional: number }>(
    `select proname as name, proargnames as names, pronargdefaults as optional from pg_proc
     where pronamespace = 'public'::regnamespace and has_function_privilege('authenticated', oid, 'execute')`,
  )
  functions = rows.map(({ name, names, optional }) => ({
    name,
    args: (names ?? []).map((arg, i, all) => ({ name: arg, isRequired: i < all.length - optional })),
  }))
  const found = await stack.database.query<{ room: string; message: string; closed: string }>(
    `select r.id as room,
       (select m.id from public.chat_messages m where m.room_id = r.id and m.sender_id = $2 order by m.seq desc limit 1) as message,
       (select c.id from public.chat_rooms c where c.status = 'read_only' limit 1) as closed
     from public.chat_rooms r where r.appointment_id = $1`,
    [ROSAS_VISIT, people.rosa],
  )
  ;({ room, message, closed: closedRoom } = found.rows[0] ?? { room: '', message: '', closed: '' })
  await stack.database.query('update public.clinic_settings set edit_window_minutes = 1440')
  await stack.database.query('update public.chat_messages set created_at = now() where id = $1', [message])
})

/** For each function somebody who may call it, and arguments that make sense. Without an entry: Rosa's own room. */
const REASON = 'Asked for by the patient.'
const CALLS: Record<string, () => { as?: PersonName; args: Record<string, unknown> }> = {
  accept_consent: () => ({ args: { version: 1, locale: 'es' } }),
  add_participant: () => ({ as: 'ines', args: { user_id: people.samuel, role: 'care_team' } }),
  clear_out_of_office: () => ({ as: 'ines', args: {} }),
  delete_quick_reply: () => ({ as: 'ines', args: { id: randomUUID() } }),
  edit_message: () => ({ args: { message_id: message, body: `edited ${randomUUID()}` } }),
  end_access: () => ({ as: 'marta', args: { grant_id: grant } }),
  erase_room: () => ({ as: 'marta', args: { room_id: closedRoom, reason: REASON } }),
  get_out_of_office: () => ({ as: 'ines', args: {} }),
  inspect_room: () => ({ as: 'marta', args: {} }),
  list_audit_heads: () => ({ as: 'marta', args: {} }),
  list_colleagues: () => ({ as: 'ines', args: {} }),
  list_due_erasures: () => ({ as: 'marta', args: {} }),
  list_message_versions: () => ({ args: { message_id: message } }),
  list_quick_replies: () => ({ as: 'ines', args: {} }),
  list_receipts: () => ({ args: { message_id: message } }),
  lock_room: () => ({ as: 'marta', args: { room_id: closedRoom, reason: REASON } }),
  mark_read: () => ({ args: { read_seq: 1 } }),
  open_attachment: () => ({ args: { attachment_id: file } }),
  post_notice: () => ({ as: 'marta', args: {} }),
  publish_consent: () => ({ as: 'marta', args: { texts: {} } }),
  reinstate_user: () => ({ as: 'marta', args: { user_id: people.jun, reason: REASON } }),
  remove_participant: () => ({ as: 'ines', args: { user_id: people.samuel } }),
  retract_message: () => ({ args: { message_id: message } }),
  save_quick_reply: () => ({ as: 'ines', args: { id: randomUUID(), title: 'Thanks' } }),
  search_messages: () => ({ args: { query: 'pastilla' } }),
  set_appointment_status: () => ({ args: { appointment_id: ROSAS_REQUEST, status: 'cancelled' } }),
  set_business_hours: () => ({
    as: 'marta',
    args: { hours: [{ weekday: 1, opens: '09:00', closes: '17:00' }] },
  }),
  set_legal_hold: () => ({ as: 'marta', args: { is_held: false, reason: REASON } }),
  set_out_of_office: () => ({ as: 'ines', args: { back_at: new Date(Date.now() + 86_400_000) } }),
  set_patient_may_reply: () => ({ as: 'ines', args: { may_reply: true } }),
  set_room_status: () => ({ as: 'ines', args: { status: 'open' } }),
  start_access: () => ({ as: 'marta', args: { reason: REASON } }),
  start_attachment: () => ({
    args: { id: randomUUID(), name: 'a.png', media_type: 'image/png', size_bytes: 1 },
  }),
  suspend_user: () => ({ as: 'marta', args: { user_id: people.jun, reason: REASON } }),
  unlock_room: () => ({ as: 'marta', args: { room_id: closedRoom, reason: REASON } }),
  update_clinic: () => ({ as: 'marta', args: { changes: { reply_window_days: 14 } } }),
}
let grant: string
let file: string

async function call(name: string, body: string, as: PersonName = 'rosa') {
  const response = await fetch(`${stack.url}/rest/v1/rpc/${name}`, {
    method: 'POST',
    headers: {
      apikey: stack.publishableKey,
      authorization: `Bearer ${tokens[as]}`,
      'content-type': 'application/json',
    },
    body,
  })
  return { status: response.status, text: await response.text() }
}

/** Arguments that make sense, so that only the one put in their midst does not. */
function sensible({ name, args }: Callable) {
  const { as, args: own } = CALLS[name]?.() ?? { args: {} }
  const shared: Record<string, unknown> = {
    id: randomUUID(),
    room_id: room,
    appointment_id: ROSAS_VISIT,
    body: 'sensible',
    ...own,
  }
  const given = Object.fromEntries(
    Object.entries(shared).filter(([key]) => args.some(arg => arg.name === key)),
  )
  return { as: as ?? ('rosa' as const), given }
}

/** A file of Rosa's conversation that a scan has passed. */
async function cleanFile(): Promise<string> {
  const id = randomUUID()
  const args = { room_id: room, name: 'result.pdf', media_type: 'application/pdf', size_bytes: 10 }
  await call('start_attachment', JSON.stringify({ id, ...args }))
  await call('send_message', JSON.stringify({ id: randomUUID(), room_id: room, attachment_ids: [id] }))
  await stack.database.query(`select private.finish_scan($1, 'clean')`, [id])
  return id
}

function expectTyped(what: string, { status, text }: { status: number; text: string }) {
  if (status === 200 || status === 204) return
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
  it('J5 one nonsensical argument among sensible ones', { timeout: 120_000 }, async () => {
    expect(functions.map(each => each.name)).toEqual(
      expect.arrayContaining(['get_profile', 'open_room', 'send_message', 'list_messages', 'mark_read']),
    )
    const started = await call('start_access', JSON.stringify({ room_id: room, reason: REASON }), 'marta')
    grant = JSON.parse(started.text).id
    file = await cleanFile()
    for (const each of functions) {
      // The control: without nonsense it answers.
      const { as, given } = sensible(each)
      const control = await call(each.name, JSON.stringify(given), as)
      expect([200, 204], `${each.name}: ${control.text}`).toContain(control.status)
      for (const arg of each.args) {
        for (const nonsense of NONSENSE) {
          const body = JSON.stringify({ ...sensible(each).given, [arg.name]: nonsense })
          expectTyped(`${each.name} ${body.slice(0, 160)}`, await call(each.name, body, as))
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
