/** Removals while the removed, or others, are in the middle of something: two open transactions, step by step. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Connection, Value } from './empty-clinic.ts'
import { held } from './states/held.ts'
import type { Person } from './states/model.ts'
import { makeVisit, wing } from './states/visit.ts'

const { clinic, ids } = await wing()
const calls = await held(clinic)
const { here, there } = calls
const REASON = 'The patient asked us to.'

/** A confirmed visit with a care team and a proxy. */
async function visit() {
  const made = await makeVisit(here, ids)
  for (const step of [
    { do: 'appointment', by: 'doctor', to: 'confirmed' },
    { do: 'add', by: 'admin', who: 'proxy', as: 'proxy' },
    { do: 'add', by: 'admin', who: 'care_team', as: 'care_team' },
    { do: 'say', by: 'proxy' },
  ] as const) {
    await made.see()
    expect(await made.take(step)).toMatchObject({ isDone: true })
  }
  const { world } = await made.see()
  return { id: made.id, room: made.roomId() ?? '', epoch: world.room?.epoch ?? 0 }
}

type Called = [who: Person, name: string, args: Record<string, Value>]

async function both(first: Called, second: Called) {
  const call = (connection: Connection, [who, name, args]: Called) => connection.attempt(ids[who], name, args)
  const came = await calls.both(
    () => call(here, first),
    () => call(there, second),
  )
  expect(came.first).toMatchObject({ isDone: true })
  return { answer: came.second, didWait: came.didWait }
}

describe('A30 who is being removed', () => {
  const doing: [string, Person, (room: string, id: string) => [string, Record<string, Value>]][] = [
    ['sends', 'proxy', room => ['send_message', { id: randomUUID(), room_id: room, body: 'x' }]],
    ['edits', 'proxy', room => ['edit_message', { room_id: room, message_id: ids.proxy, body: 'y' }]],
    ['retracts', 'proxy', room => ['retract_message', { room_id: room, message_id: ids.proxy }]],
    ['reads', 'proxy', room => ['mark_read', { room_id: room, read_seq: 1 }]],
    ['keeps a draft', 'proxy', room => ['save_draft', { room_id: room, body: 'x' }]],
    [
      'cancels the visit',
      'proxy',
      (_, id) => ['set_appointment_status', { appointment_id: id, status: 'cancelled' }],
    ],
    ['leaves', 'proxy', room => ['remove_participant', { room_id: room, user_id: ids.proxy }]],
    ['closes the room', 'care_team', room => ['set_room_status', { room_id: room, status: 'closed' }]],
    ['stops replies', 'care_team', room => ['set_patient_may_reply', { room_id: room, may_reply: false }]],
    [
      'adds somebody',
      'doctor',
      room => ['add_participant', { room_id: room, user_id: ids.other_doctor, role: 'care_team' }],
    ],
    ['takes somebody out', 'patient', room => ['remove_participant', { room_id: room, user_id: ids.proxy }]],
  ]
  it.each(doing)('A30 and %s at that moment is answered "not found"', async (_, who, call) => {
    const { id, room } = await visit()
    const [name, args] = call(room, id)
    const removal = { room_id: room, user_id: ids[who], reason: REASON }
    const { answer } = await both(['admin', 'remove_participant', removal], [who, name, args])
    expect(answer).toMatchObject({ isDone: false, code: 'PT404', message: 'not_found' })
    // The control: without the removal it is done.
    const other = await visit()
    const [, again] = call(other.room, other.id)
    expect(await here.attempt(ids[who], name, again)).toMatchObject({ isDone: true })
  })
  it.each(doing.filter(([what]) => what !== 'leaves'))(
    'A30 and has begun: %s, is removed after it',
    async (_, who, call) => {
      const { id, room } = await visit()
      const [name, args] = call(room, id)
      const removal = { room_id: room, user_id: ids[who], reason: REASON }
      const { answer, didWait } = await both([who, name, args], ['admin', 'remove_participant', removal])
      expect({ didWait, isDone: answer.isDone }).toEqual({ didWait: true, isDone: true })
    },
  )
})

const endings: [string, Person, (room: string) => Promise<[string, Record<string, Value>]>][] = [
  [
    'a removal',
    'admin',
    async room => ['remove_participant', { room_id: room, user_id: ids.proxy, reason: REASON }],
  ],
  ['a suspension', 'admin', async () => ['suspend_user', { user_id: ids.proxy, reason: REASON }]],
  [
    'the end of a grant',
    'admin',
    async room => {
      const said = await here.attempt(ids.admin, 'start_access', { room_id: room, reason: REASON })
      return ['end_access', { grant_id: (said as { answer: { id: string } }).answer.id }]
    },
  ],
]
it.each(endings)('A30 no receipt follows %s on the old topic', async (_, who, ending) => {
  const { room } = await visit()
  const [name, args] = await ending(room)
  try {
    const { didWait } = await both(['doctor', 'mark_read', { room_id: room, read_seq: 2 }], [who, name, args])
    expect(didWait).toBe(true)
  } finally {
    await here.owner(`update public.profiles set suspended_at = null where id = '${ids.proxy}'`)
  }
})

it('A30 reading does not wait for sending, nor sending for reading', async () => {
  const { room } = await visit()
  const reading: Called = ['doctor', 'mark_read', { room_id: room, read_seq: 1 }]
  const sending: Called = ['proxy', 'send_message', { id: randomUUID(), room_id: room, body: 'x' }]
  expect((await both(sending, reading)).didWait).toBe(false)
  const again = await visit()
  sending[2] = { ...sending[2], room_id: again.room }
  reading[2] = { ...reading[2], room_id: again.room }
  expect((await both(reading, sending)).didWait).toBe(false)
})
