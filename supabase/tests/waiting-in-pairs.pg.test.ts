/**
 * Deadlocks, looked for one by one: whatever two calls can both wait for is held until they do, one behind the other, and
 * then let go. If the first then waits for something that the second has, they would wait for ever.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Attempt, type Connection, invocation, type Value } from './empty-clinic.ts'
import { rightCalls } from './forgery/calls.ts'
import { scene } from './forgery/scene.ts'
import { tries } from './property.ts'
import { pidOf, waiting } from './states/held.ts'
import type { Person } from './states/model.ts'

const set = await scene()
const { clinic, ids, connection, past, mine } = set
const [holder, first, second] = await Promise.all([clinic.connect(), clinic.connect(), clinic.connect()])
const pids = await Promise.all([first, second].map(pidOf))
/** Of each kind, unless more are wanted: all of them take minutes. */
const PAIRS = 40
const REASON = 'The patient asked us to look.'

const room_id = past.room
const calls: [what: string, by: Person, sql: string][] = (
  [
    ...Object.entries(rightCalls(set)).map(([name, [by, args]]) => [name, by, args] as const),
    // The same of a visit that is over, as erasing is.
    ['open_room', 'patient', { appointment_id: past.appointment }],
    ['save_draft', 'patient', { room_id, body: 'x' }],
    ['mark_read', 'patient', { room_id, read_seq: 1000 }],
    ['send_message', 'patient', { id: '70000000-0000-4000-8000-000000000001', room_id, body: 'x' }],
    ['set_room_status', 'doctor', { room_id, status: 'closed' }],
    ['start_access', 'admin', { room_id, reason: REASON }],
    ['post_notice', 'admin', { room_id, body: 'x' }],
    // And what an administrator may do as well as a clinician.
    ['set_room_status', 'admin', { room_id: mine.room, status: 'archived' }],
    ['add_participant', 'admin', { room_id: mine.room, user_id: ids.other_doctor, role: 'care_team' }],
    ['remove_participant', 'admin', { room_id: mine.room, user_id: ids.doctor, reason: REASON }],
    ['remove_participant', 'doctor', { room_id: mine.room, user_id: ids.care_team }],
    ['set_appointment_status', 'proxy', { appointment_id: mine.appointment, status: 'cancelled' }],
  ] as [string, Person, Record<string, Value>][]
).map(([name, by, args]) => [`${by}: ${name}`, by, `select ${invocation(name, args)}`])

/** Jobs wait for nobody's room, but for the rest like everybody. */
const JOBS = ['close_reply_windows', 'end_expired_grants', 'archive_rooms', 'erase_due_rooms']
const everything: [string, (over: Connection) => Promise<Attempt>][] = [
  ...calls.map(([what, by, sql]): [string, (over: Connection) => Promise<Attempt>] => [
    what,
    over => over.attemptSql(ids[by], sql),
  ]),
  ...JOBS.map((job): [string, (over: Connection) => Promise<Attempt>] => [
    job,
    over => over.ownerAttempt(`select private.${job}()`),
  ]),
]

// Every job has something to do, and every grant has run out.
await connection.attempt(ids.admin, 'start_access', { room_id, reason: REASON })
await connection.owner(`
  delete from public.room_erasures where true;
  update public.access_grants set starts_at = starts_at - interval '2 hours', expires_at = expires_at - interval '2 hours';
  update public.chat_rooms set granted_until = granted_until - interval '2 hours';
  update public.chat_personal_state set opened_at = now() - interval '2 hours';
  update public.chat_rooms set reply_until = now() - interval '1 minute', retain_until = now() - interval '1 minute' where id = '${past.room}'`)

const HELD: Record<string, string> = {
  'the room': 'select 1 from public.chat_rooms for no key update',
  'its log': 'select 1 from private.audit_heads for no key update',
  'the appointment': 'select 1 from public.appointments for no key update',
  'a participant': 'select 1 from public.chat_participants for no key update',
  'what people keep for themselves': 'select 1 from public.chat_personal_state for no key update',
  'a limit': 'select 1 from private.rate_buckets for no key update',
  'a person': 'select 1 from public.profiles for no key update',
  'a grant': 'select 1 from public.access_grants for no key update',
  'the settings': 'select 1 from public.clinic_settings for no key update',
}

/** Starts the call in a transaction; true: it waits. */
async function start(
  over: Connection,
  pid: number | undefined,
  call: (over: Connection) => Promise<Attempt>,
) {
  await over.owner('begin')
  let isOver = false
  const running = call(over).then(async said => {
    isOver = true
    await over.owner('rollback')
    return said
  })
  let waits = false
  await expect
    .poll(
      async () => {
        waits = !isOver && (await waiting(clinic, [pid])) > 0
        return waits || isOver
      },
      { interval: 1, timeout: 15_000 },
    )
    .toBe(true)
  return { waits, running }
}

describe('M17 no two calls wait for each other', () => {
  it.each(Object.entries(HELD))(
    'M17 behind whoever has %s',
    async (what, lock) => {
      const lined: typeof everything = []
      for (const each of everything) {
        await holder.owner(`begin; ${lock}`)
        const { waits, running } = await start(first, pids[0], each[1])
        await holder.owner('rollback')
        const said = await running
        if (!said.isDone) expect(said.code, each[0]).toMatch(/^PT4/)
        if (waits) lined.push(each)
      }
      const all = lined.flatMap(one => lined.map(two => [one, two] as const))
      const { seed, numRuns } = tries(`M17 behind whoever has ${what}, of ${all.length} pairs`, PAIRS)
      const length = Math.min(all.length, numRuns)
      const [some = []] = fc.sample(fc.shuffledSubarray(all, { minLength: length, maxLength: length }), {
        seed,
        numRuns: 1,
      })
      for (const [[name, call], [other, too]] of some) {
        await holder.owner(`begin; ${lock}`)
        const ahead = await start(first, pids[0], call)
        const behind = await start(second, pids[1], too)
        await holder.owner('rollback')
        for (const said of await Promise.all([ahead.running, behind.running]))
          if (!said.isDone)
            expect(said.code, `${what}: ${name}, then ${other}: ${said.message}`).toMatch(/^PT4/)
      }
    },
    300_000,
  )
})
