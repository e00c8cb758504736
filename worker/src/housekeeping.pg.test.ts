import { testDatabase } from '@bedside/local/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorker, type Worker } from './index.ts'

const database = await testDatabase({ seed: true })
const ADMIN = 'c0000000-0000-4000-8000-000000000001'
const failures: string[] = []
let worker: Worker

beforeAll(async () => {
  worker = await startWorker({ databaseUrl: database.postgresUrl, onFailure: task => failures.push(task) })
})
afterAll(() => worker.stop())

const run = (task: string) => database.query('select graphile_worker.add_job($1)', [task])
const roomOf = async (appointment: string) => {
  const { rows } = await database.query<{ id: string }>(
    'select id from public.chat_rooms where appointment_id = $1',
    [`b0000000-0000-4000-8000-0000000000${appointment}`],
  )
  return rows[0]?.id ?? ''
}
const column = async (name: string, room: string) =>
  (await database.query(`select ${name} as value from public.chat_rooms where id = $1`, [room])).rows[0]
    ?.value

it('W3 a grant that has run out ends, with a new epoch and a word to the room', async () => {
  const room = await roomOf('01')
  await database.as(
    { role: 'authenticated', sub: ADMIN },
    `select public.start_access($1, 'The patient asked us to look.', 15)`,
    [room],
    { commit: true },
  )
  const epoch = await column('epoch', room)
  await run('end_expired_grants')
  await database.query(
    `update public.access_grants set starts_at = now() - interval '10 minutes', expires_at = now() - interval '1 second';`,
  )
  await database.query(
    `update public.chat_rooms set granted_until = now() - interval '1 second' where id = $1`,
    [room],
  )
  await run('end_expired_grants')
  await expect.poll(() => column('granted_until', room)).toBeNull()
  expect(await column('epoch', room)).toBe(Number(epoch) + 1)
  const { rows } = await database.query(
    `select event ->> 'type' as type from public.chat_messages where room_id = $1 order by seq desc limit 2`,
    [room],
  )
  expect(rows.map(row => row.type)).toEqual(['access_ended', 'access_started'])
})

it('W4 rooms that were closed long ago are archived, others are not', async () => {
  const [old, fresh] = [await roomOf('01'), await roomOf('05')]
  await database.query(
    `update public.chat_rooms set status = 'closed', closed_at = now() - case when id = $1 then interval '91 days' else interval '89 days' end
     where id = any($2)`,
    [old, [old, fresh]],
  )
  await run('archive_rooms')
  await expect.poll(() => column('status', old)).toBe('archived')
  expect(await column('status', fresh)).toBe('closed')
})

it('W5 conversations whose time is over are erased, those under a legal hold are not', async () => {
  const [due, held] = [await roomOf('04'), await roomOf('06')]
  await database.query(
    `insert into public.legal_holds (room_id, held_by, reason) values ($1, $2, 'A claim is pending.')`,
    [held, ADMIN],
  )
  await database.query(
    `update public.chat_rooms set retain_until = now() - interval '1 day' where id = any($1)`,
    [[due, held]],
  )
  await run('erase_due_rooms')
  const bodies = async (room: string) =>
    (
      await database.query(
        `select count(*)::int as kept from public.chat_messages where room_id = $1 and body is not null`,
        [room],
      )
    ).rows[0]?.kept
  await expect.poll(() => bodies(due)).toBe(0)
  expect(await bodies(held)).toBeGreaterThan(0)
  const { rows } = await database.query(
    'select erased_by, reason, messages from public.room_erasures where room_id = $1',
    [due],
  )
  expect(rows).toEqual([{ erased_by: null, reason: 'The retention period is over.', messages: 2 }])
  expect(await column('status', due)).toBe('archived')
  expect(failures).toEqual([])
})
