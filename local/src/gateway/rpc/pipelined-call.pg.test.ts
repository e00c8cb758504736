import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, expect, it } from 'vitest'
import { testDatabase } from '../../testing/index.ts'
import { type CallSettings, PipelinedCall } from './pipelined-call.ts'

const database = await testDatabase()
const client = new Client({ connectionString: database.authenticatorUrl })
await client.connect()
afterAll(() => client.end())

const settings: CallSettings = {
  role: 'authenticated',
  claimsJson: JSON.stringify({ role: 'authenticated', sub: randomUUID() }),
  subject: randomUUID(),
  email: '',
  method: 'POST',
  path: '/rpc/x',
  headersJson: '{}',
  statementTimeout: '1234ms',
  isReadOnly: true,
}
const run = (text: string, name = '') => client.query(new PipelinedCall(settings, { name, text }, '{}')).done

/** What the connection is when nobody's request is on it. */
const idle = async () =>
  (
    await client.query(
      `select current_user, current_setting('role') as role, current_setting('transaction_read_only') as read_only,
         current_setting('statement_timeout') as timeout, nullif(current_setting('request.jwt.claims', true), '') as claims,
         nullif(current_setting('request.jwt.claim.sub', true), '') as sub,
         nullif(current_setting('response.status', true), '') as status`,
    )
  ).rows[0]

it('G3 role, claims and timeouts hold for the call and end with it, whether it worked or failed', async () => {
  const before = await idle()
  expect(before).toMatchObject({ current_user: 'authenticator', role: 'none', claims: null })
  const inside = await run(
    `select jsonb_build_object('user', current_user, 'timeout', current_setting('statement_timeout'),
       'read_only', current_setting('transaction_read_only'), 'sub', auth.uid(), 'arg', $1::json)`,
  )
  expect(JSON.parse(inside.rows[0] ?? '')).toEqual({
    user: 'authenticated',
    timeout: '1234ms',
    read_only: 'on',
    sub: settings.subject,
    arg: {},
  })
  expect(await idle()).toEqual(before)
  await run(`select set_config('response.status', '201', true) || $1`)
  expect(await idle()).toEqual(before)
  await expect(run('select 1 / ($1::text = $1)::int - 1 / 0')).rejects.toMatchObject({ code: '22012' })
  expect(await idle()).toEqual(before)
})

it('G4 a failed call does not spoil the statements prepared beside it', async () => {
  await expect(run('select to_json(1 / (length($1) - 2))', 'divides')).rejects.toMatchObject({
    code: '22012',
  })
  await expect(run('select wrong_column', 'unknown')).rejects.toMatchObject({ code: '42703' })
  await expect(run('select wrong_column', 'unknown')).rejects.toMatchObject({ code: '42703' })
  expect((await run('select to_json(length($1))', 'fine')).rows).toEqual(['2'])
  expect((await run('select to_json(length($1))', 'fine')).rows).toEqual(['2'])
  await expect(run('select to_json(1 / (length($1) - 2))', 'divides')).rejects.toMatchObject({
    code: '22012',
  })
})
