/** Token buckets: so much at once, so much a minute, each person's and each kind's own. Time is moved, never waited for. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Attempt, Value } from './empty-clinic.ts'
import { callables, rightCalls } from './forgery/calls.ts'
import { scene } from './forgery/scene.ts'
import { tries } from './property.ts'
import type { Person } from './states/model.ts'

const set = await scene()
const { clinic, ids, connection, mine } = set
const BURST = 5

/** From which bucket each function takes; null: it asks none. */
const BUCKETS: Record<string, string | null> = {
  accept_consent: 'change',
  add_participant: 'change',
  can_reply: null,
  clear_out_of_office: 'change',
  delete_quick_reply: null,
  edit_message: 'send',
  end_access: null,
  erase_room: null,
  get_appointment: null,
  get_clinic: null,
  get_consent: null,
  get_out_of_office: null,
  get_profile: null,
  inspect_room: null,
  list_access_log: null,
  list_appointments: null,
  list_audit_heads: null,
  list_changes: null,
  list_colleagues: null,
  list_due_erasures: null,
  list_message_versions: null,
  list_messages: null,
  list_quick_replies: null,
  list_receipts: null,
  list_rooms: null,
  lock_room: null,
  mark_read: null,
  mute_room: null,
  open_attachment: null,
  open_room: 'join',
  post_notice: 'send',
  publish_consent: 'change',
  reinstate_user: null,
  remove_participant: null,
  retract_message: 'send',
  save_draft: null,
  save_quick_reply: null,
  search_messages: 'search',
  send_message: 'send',
  set_appointment_status: 'change',
  set_business_hours: null,
  set_legal_hold: null,
  set_out_of_office: 'change',
  set_patient_may_reply: 'change',
  set_room_status: 'change',
  start_access: 'change',
  start_attachment: 'upload',
  suspend_user: null,
  unlock_room: null,
  update_clinic: null,
  verify_access_log: null,
}

/** A call of each kind that can be made again and again. */
const CALLS: Record<string, [Person, string, () => Record<string, Value>]> = {
  send: ['patient', 'send_message', () => ({ id: randomUUID(), room_id: mine.room, body: 'x' })],
  upload: [
    'patient',
    'start_attachment',
    () => ({ id: randomUUID(), room_id: mine.room, name: 'a.png', media_type: 'image/png', size_bytes: 1 }),
  ],
  join: ['patient', 'open_room', () => ({ appointment_id: mine.appointment })],
  search: ['patient', 'search_messages', () => ({ room_id: mine.room, query: 'said' })],
  change: ['doctor', 'set_room_status', () => ({ room_id: mine.room, status: 'open' })],
}

const limit = (burst: number, perMinute: number) =>
  clinic.owner('update private.rate_limits set burst = $1, per_minute = $2', [burst, perMinute])
/** As if so many seconds had gone by. */
const pass = (seconds: number) =>
  clinic.owner('update private.rate_buckets set refilled_at = refilled_at - make_interval(secs => $1)', [
    seconds,
  ])
const take = (action: string, over = connection) => {
  const [person, name, args] = CALLS[action] ?? ['patient', '', () => ({})]
  return over.attempt(ids[person], name, args())
}

/** After how many seconds to come again; null: it was done. */
function retryAfter(said: Attempt): number | null {
  if (said.isDone) return null
  expect(said.code).toBe('PGRST')
  const { status, headers } = JSON.parse(said.detail)
  const body = JSON.parse(said.message)
  expect({ status, ...body }).toEqual({
    status: 429,
    code: 'PT429',
    message: 'rate_limited',
    details: headers['Retry-After'],
    hint: `Wait ${headers['Retry-After']} seconds, then try again.`,
  })
  return Number(headers['Retry-After'])
}

beforeEach(async () => {
  await clinic.owner('delete from private.rate_buckets where true')
  await limit(BURST, 1)
})

describe('A27 so much at once, then so much a minute', () => {
  it.each(Object.keys(CALLS))(
    'A27 %s: the burst, then "later", and what was said of when is true',
    async action => {
      for (let i = 0; i < BURST; i++) expect(retryAfter(await take(action)), `${i}`).toBeNull()
      const seconds = retryAfter(await take(action)) ?? 0
      expect(seconds).toBeGreaterThan(55)
      expect(seconds).toBeLessThanOrEqual(60)
      // Refused, and none the worse for it.
      expect(retryAfter(await take(action))).toBeLessThanOrEqual(seconds)
      await pass(seconds - 10)
      expect(retryAfter(await take(action))).toBeLessThanOrEqual(10)
      await pass(10)
      expect(retryAfter(await take(action))).toBeNull()
      expect(retryAfter(await take(action))).toBeGreaterThan(55)
      // A day's rest fills the bucket, and no more than that.
      await pass(86_400)
      for (let i = 0; i < BURST; i++) expect(retryAfter(await take(action))).toBeNull()
      expect(retryAfter(await take(action))).not.toBeNull()
    },
  )

  it('A27 any order of calls and of time going by', async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 400 }) },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 3 }),
        fc.array(step, { minLength: 5, maxLength: 25 }),
        async (burst, perMinute, steps) => {
          await clinic.owner('delete from private.rate_buckets where true')
          await limit(burst, perMinute)
          let tokens = burst
          for (const seconds of steps) {
            if (seconds > 0) {
              await pass(seconds)
              tokens = Math.min(burst, tokens + (seconds * perMinute) / 60)
              continue
            }
            const said = retryAfter(await take('join'))
            // The test itself takes time as well: nothing is said where that could have filled up a token.
            if (Math.abs(tokens - 1) > 0.2) expect(said === null).toBe(tokens >= 1)
            if (said === null) tokens -= 1
          }
        },
      ),
      tries('A27', 40),
    )
  }, 60_000)

  it('A27 each function asks the bucket of its kind', async () => {
    const right = rightCalls(set)
    const functions = await callables(connection)
    expect(Object.keys(BUCKETS)).toEqual(functions.map(each => each.name))
    for (const [name, bucket] of Object.entries(BUCKETS)) {
      await connection.owner('begin')
      const [person, args] = right[name] ?? ['patient', {}]
      expect(await connection.attempt(ids[person], name, args), name).toMatchObject({ isDone: true })
      const taken = await connection.owner('select user_id, action from private.rate_buckets')
      await connection.owner('rollback')
      expect(taken, name).toEqual(bucket ? [{ user_id: ids[person], action: bucket }] : [])
    }
  })
})

describe('A28 each person’s and each kind’s own', () => {
  const exhaust = async () => {
    for (let i = 0; i < BURST; i++) expect(retryAfter(await take('send'))).toBeNull()
    expect(retryAfter(await take('send'))).not.toBeNull()
  }
  it('A28 another kind of call, and another person in the same room, go on', async () => {
    await exhaust()
    for (const action of ['upload', 'join', 'search'])
      expect(retryAfter(await take(action)), action).toBeNull()
    const args = { room_id: mine.room, body: 'x' }
    for (const person of ['doctor', 'proxy', 'care_team'] as const) {
      for (let i = 0; i < BURST; i++)
        expect(
          await connection.attempt(ids[person], 'send_message', { ...args, id: randomUUID() }),
        ).toMatchObject({ isDone: true })
    }
  })
  it('A28 a call that fails takes none, nor does one that was made before', async () => {
    const args = { id: randomUUID(), room_id: mine.room, body: 'once' }
    const send = (more: Record<string, Value>) =>
      connection.attempt(ids.patient, 'send_message', { ...args, id: randomUUID(), ...more })
    await send({ id: args.id })
    for (let i = 0; i < 3 * BURST; i++) {
      expect(await send({ id: args.id })).toMatchObject({ isDone: true })
      for (const wrong of [
        { body: ' ' },
        { room_id: randomUUID() },
        { reply_to: randomUUID() },
        { body: 'x'.repeat(4001) },
      ])
        expect(await send(wrong)).toMatchObject({ isDone: false, code: expect.stringMatching(/^PT40/) })
    }
    for (let i = 1; i < BURST; i++) expect(retryAfter(await take('send'))).toBeNull()
    expect(retryAfter(await take('send'))).not.toBeNull()
    // Where nothing is left, what was sent before is answered all the same.
    expect(await send({ id: args.id })).toMatchObject({ isDone: true })
  })
  it('A28 many calls at once come to no more than the burst, and to no fewer', async () => {
    const connections = await Promise.all(Array.from({ length: 6 }, () => clinic.connect()))
    await limit(17, 0.001)
    for (const action of ['send', 'join', 'change']) {
      const said = await Promise.all(
        connections.map(async each => {
          const answers: Attempt[] = []
          for (let i = 0; i < 8; i++) answers.push(await take(action, each))
          return answers
        }),
      ).then(answers => answers.flat())
      expect(
        said.filter(each => each.isDone),
        action,
      ).toHaveLength(17)
      for (const each of said) if (!each.isDone) expect(retryAfter(each)).toBeGreaterThan(0)
    }
  })
})
