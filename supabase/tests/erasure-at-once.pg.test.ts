/** Erasing a room while somebody opens it, and while the log of both is busy: who waits for whom. */
import { expect, it } from 'vitest'
import { pidOf, waiting } from './states/held.ts'
import type { Step } from './states/model.ts'
import { makeVisit, wing } from './states/visit.ts'

const { clinic, ids } = await wing()
const [reader, opener, eraser] = await Promise.all([clinic.connect(), clinic.connect(), clinic.connect()])
const pids = await Promise.all([opener, eraser].map(pidOf))
const REASON = 'The patient asked us to.'

/** A grant that ran out and that nobody has ended. */
const LAPSED: Step[] = [
  { do: 'look', by: 'admin' },
  { do: 'clock', what: 'grant_lapses' },
]

/** A visit that is over, opened long ago. */
async function oldVisit(more: Step[] = LAPSED) {
  const visit = await makeVisit(reader, ids)
  const steps: Step[] = [
    { do: 'appointment', by: 'doctor', to: 'confirmed' },
    { do: 'open', by: 'patient' },
    { do: 'appointment', by: 'doctor', to: 'in_progress' },
    { do: 'appointment', by: 'doctor', to: 'completed' },
    ...more,
  ]
  for (const step of steps) {
    await visit.see()
    expect(await visit.take(step)).toMatchObject({ isDone: true })
  }
  await clinic.owner(`update public.chat_personal_state set opened_at = now() - interval '2 hours'`)
  return { id: visit.id, room_id: visit.roomId() ?? '' }
}

it('M17 opening and erasing do not wait for each other, though a grant ran out and the log is being written', async () => {
  // Which of the two comes first once the log is free is a matter of luck: again and again.
  for (let i = 0; i < 10; i++) {
    const { id, room_id } = await oldVisit()
    await reader.owner('begin')
    await reader.owner(`select private.audit('${room_id}', '${ids.admin}', 'room_inspected')`)
    const erasing = eraser.attempt(ids.admin, 'erase_room', { room_id, reason: REASON })
    await expect.poll(() => waiting(clinic, pids), { interval: 1, timeout: 15_000 }).toBe(1)
    const opening = opener.attempt(ids.patient, 'open_room', { appointment_id: id })
    await expect.poll(() => waiting(clinic, pids), { interval: 1, timeout: 15_000 }).toBe(2)
    await reader.owner('commit')
    expect(await Promise.all([erasing, opening])).toMatchObject([{ isDone: true }, { isDone: true }])
    expect(await clinic.owner('select * from private.verify_audit_log($1)', [room_id])).toEqual([])
  }
})

it('M64 somebody who reads while the room is erased leaves no time behind', async () => {
  // Without a grant: whoever finds one run out has the room locked, and is waited for anyway.
  const { room_id } = await oldVisit([])
  await opener.owner('begin')
  expect(await opener.attempt(ids.patient, 'mark_read', { room_id, read_seq: 1000 })).toMatchObject({
    isDone: true,
  })
  const erasing = eraser.attempt(ids.admin, 'erase_room', { room_id, reason: REASON })
  await expect.poll(() => waiting(clinic, pids), { interval: 1, timeout: 15_000 }).toBe(1)
  await opener.owner('commit')
  expect(await erasing).toMatchObject({ isDone: true })
  // And what is left of it is not read any more.
  expect(await opener.attempt(ids.patient, 'mark_read', { room_id, read_seq: 1000 })).toMatchObject({
    isDone: true,
  })
  expect(await clinic.owner('select 1 from private.cursor_moves where room_id = $1', [room_id])).toEqual([])
})

it('M38 a last draft and an erasure come one after the other, and no word is left', async () => {
  const { room_id } = await oldVisit()
  await reader.owner('begin')
  await reader.owner(`select private.audit('${room_id}', '${ids.admin}', 'room_inspected')`)
  const erasing = eraser.attempt(ids.admin, 'erase_room', { room_id, reason: REASON })
  await expect.poll(() => waiting(clinic, pids), { interval: 1, timeout: 15_000 }).toBe(1)
  const saving = opener.attempt(ids.patient, 'save_draft', { room_id, body: 'I still wanted to say' })
  await expect.poll(() => waiting(clinic, pids), { interval: 1, timeout: 15_000 }).toBe(2)
  await reader.owner('commit')
  expect(await erasing).toMatchObject({ isDone: true })
  expect(await saving).toMatchObject({ isDone: false, message: 'reply_blocked' })
  const left = await clinic.owner(
    'select 1 from public.chat_personal_state where room_id = $1 and draft_body is not null',
    [room_id],
  )
  expect(left).toEqual([])
})
