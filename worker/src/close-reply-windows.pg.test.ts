import { testDatabase } from '@bedside/local/testing'
import { expect, it } from 'vitest'
import { startWorker } from './index.ts'

const database = await testDatabase({ seed: true })

it('W1 rooms whose reply window is over become read-only, the others stay, and the open screens are told', async () => {
  await database.query(`update public.chat_rooms set reply_until = null, status = 'open'`)
  const { rows } = await database.query<{ id: string }>(
    `update public.chat_rooms set reply_until = now() - interval '1 minute'
     where id in (select id from public.chat_rooms order by id limit 2) returning id`,
  )
  await database.query(
    `update public.chat_rooms set reply_until = now() + interval '1 hour'
     where id in (select id from public.chat_rooms order by id desc limit 1)`,
  )
  const due = rows.map(row => row.id).sort()
  await database.superquery('delete from realtime.messages')

  const failures: string[] = []
  const worker = await startWorker({
    databaseUrl: database.postgresUrl,
    onFailure: task => failures.push(task),
  })
  try {
    await database.query(`select graphile_worker.add_job('close_reply_windows')`)
    const readOnly = async () =>
      (
        await database.query<{ id: string }>(
          `select id from public.chat_rooms where status = 'read_only' order by id`,
        )
      ).rows.map(row => row.id)
    await expect.poll(readOnly).toEqual(due)
    const told = await database.superquery<{ topic: string }>(
      `select distinct topic from realtime.messages
       where event = 'room_changed' and payload ->> 'status' = 'read_only' and topic like 'room:%' order by topic`,
    )
    expect(told.rows.map(row => row.topic)).toEqual(due.map(id => `room:${id}:1`))
    expect(failures).toEqual([])
  } finally {
    await worker.stop()
    await worker.stop()
  }
})

it('W2 a task that fails is reported by name and tried again', async () => {
  await database.query(`alter function private.close_reply_windows() rename to close_reply_windows_gone`)
  const failures: string[] = []
  const worker = await startWorker({
    databaseUrl: database.postgresUrl,
    onFailure: task => failures.push(task),
  })
  try {
    await database.query(`select graphile_worker.add_job('close_reply_windows')`)
    await expect.poll(() => failures).toEqual(['close_reply_windows'])
    await database.query(`alter function private.close_reply_windows_gone() rename to close_reply_windows`)
    await database.query(`update graphile_worker._private_jobs set run_at = now()`)
    await expect
      .poll(async () => (await database.query('select 1 from graphile_worker._private_jobs')).rowCount, {
        timeout: 10_000,
      })
      .toBe(0)
  } finally {
    await worker.stop()
  }
})
