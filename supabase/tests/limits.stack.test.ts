/** What somebody who is too fast hears through the gateway. */
import { randomUUID } from 'node:crypto'
import { testStack } from '@bedside/local/testing'
import { expect, it } from 'vitest'
import { people, ROSAS_VISIT } from './clinic.ts'

const stack = await testStack({ seed: true })

it('A29 too fast: 429, when to come again in header and body, and then it goes on', async () => {
  const token = await stack.tokenFor(people.rosa)
  const { rows } = await stack.database.query<{ id: string }>(
    'select id from public.chat_rooms where appointment_id = $1',
    [ROSAS_VISIT],
  )
  await stack.database.query(`update private.rate_limits set burst = 2, per_minute = 6 where action = 'send'`)
  const send = () =>
    fetch(`${stack.url}/rest/v1/rpc/send_message`, {
      method: 'POST',
      headers: {
        apikey: stack.publishableKey,
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ id: randomUUID(), room_id: rows[0]?.id, body: 'Good morning' }),
    })
  for (let i = 0; i < 2; i++) expect((await send()).status).toBe(200)
  const refused = await send()
  expect(refused.status).toBe(429)
  const seconds = refused.headers.get('retry-after')
  expect(Number(seconds)).toBeGreaterThan(0)
  expect(Number(seconds)).toBeLessThanOrEqual(10)
  expect(await refused.json()).toEqual({
    code: 'PT429',
    message: 'rate_limited',
    details: seconds,
    hint: `Wait ${seconds} seconds, then try again.`,
  })
  await stack.database.query(
    'update private.rate_buckets set refilled_at = refilled_at - make_interval(secs => $1)',
    [seconds],
  )
  expect((await send()).status).toBe(200)
})
