/** A clinic that was in use under the first migrations gets the later ones with everything that it holds. */
import { randomUUID } from 'node:crypto'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { migrate, signedIn, testDatabase } from '@bedside/local/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'

const database = await testDatabase({ bare: true })
const supabaseDir = fileURLToPath(new URL('..', import.meta.url))
const firstOnes = await mkdtemp(join(tmpdir(), 'bedside-upgrade-'))
afterAll(() => rm(firstOnes, { recursive: true, force: true }))

const patient = randomUUID()
const doctor = randomUUID()
const STATUSES = ['requested', 'confirmed', 'in_progress', 'completed', 'cancelled', 'no_show'] as const
const run = (dir: string) => migrate(database.address, database.secrets, { supabaseDir: dir, seed: false })

beforeAll(async () => {
  for (const file of await readdir(join(supabaseDir, 'migrations'))) {
    if (file < '20261123')
      await cp(join(supabaseDir, 'migrations', file), join(firstOnes, 'migrations', file))
  }
  expect((await run(firstOnes)).applied).toHaveLength(5)
  await database.superquery(
    `insert into auth.users (id, aud, role, email) select id::uuid, 'authenticated', 'authenticated', id || '@clinic.example' from unnest($1::text[]) id`,
    [[patient, doctor]],
  )
  await database.query(
    `insert into public.profiles (id, role, display_name) values ($1, 'patient', 'A patient'), ($2, 'doctor', 'A doctor')`,
    [patient, doctor],
  )
  for (const status of STATUSES) {
    const { rows } = await database.query<{ id: string }>(
      `insert into public.appointments (patient_id, doctor_id, starts_at, ends_at, mode, status)
       values ($1, $2, now() - interval '1 day', now() - interval '23 hours', 'phone', 'confirmed') returning id`,
      [patient, doctor],
    )
    const id = rows[0]?.id
    const opened = await database.as<{ room: { room: { id: string } } }>(
      signedIn(patient),
      'select public.open_room($1) as room',
      [id],
      { commit: true },
    )
    const room = opened.rows[0]?.room.room.id
    for (const sender of [patient, doctor]) {
      await database.as(
        signedIn(sender),
        `select public.send_message(gen_random_uuid(), $1, $2)`,
        [room, `said while ${status}`],
        { commit: true },
      )
    }
    await database.query('update public.appointments set status = $2 where id = $1', [id, status])
  }
  await database.query(`update public.chat_participants set muted_until = '2100-01-01' where user_id = $1`, [
    patient,
  ])
})

it('L17 what a clinic held before stays as it was, and goes on under the new rules', async () => {
  const messages = `select room_id, seq::int, sender_id, kind, body, created_at from public.chat_messages order by room_id, seq`
  const before = (await database.query(messages)).rows
  expect(before.length).toBeGreaterThan(2 * STATUSES.length)
  const { applied } = await run(supabaseDir)
  expect(applied.length).toBeGreaterThan(5)
  expect((await database.query(messages)).rows).toEqual(before)

  expect((await database.query('select * from private.verify_audit_log()')).rows).toEqual([])
  const { rows: rooms } = await database.query<{ id: string; appointment_id: string; appointment: string }>(
    `select r.id, r.appointment_id, a.status as appointment from public.chat_rooms r join public.appointments a on a.id = r.appointment_id`,
  )
  expect(rooms.map(room => room.appointment).sort()).toEqual([...STATUSES].sort())
  for (const room of rooms) {
    const opened = await database.as<{ opened: { room: Record<string, unknown>; muted_until: string } }>(
      signedIn(patient),
      'select public.open_room($1) as opened',
      [room.appointment_id],
    )
    const shown = opened.rows[0]?.opened.room
    expect(shown?.reply_block === null, room.appointment).toBe(
      ['confirmed', 'in_progress', 'completed'].includes(room.appointment),
    )
    expect(opened.rows[0]?.opened.muted_until).toMatch(/^2100-01-01/)
    // Whatever has ended has a date at which it will be erased.
    expect(shown?.retain_until !== null, room.appointment).toBe(
      ['completed', 'cancelled', 'no_show'].includes(room.appointment),
    )
  }
  const visit = rooms.find(room => room.appointment === 'confirmed')
  await database.as(
    signedIn(doctor),
    `select public.send_message(gen_random_uuid(), $1, 'after the change')`,
    [visit?.id],
    { commit: true },
  )
})
