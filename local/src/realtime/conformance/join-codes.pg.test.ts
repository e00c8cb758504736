/** Why a join is refused, in the code and words of its reply. */

import { SignJWT } from 'jose'
import { describe, expect } from 'vitest'
import { signToken } from '../testing/test-server.ts'
import { conforms, useRealtime, type Version } from '../testing/use-realtime.ts'

const realtime = useRealtime({ limits: { authorizationTimeoutMs: 1_000 } })

const unsigned = (payload: object) =>
  `${[{ alg: 'HS256' }, payload].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.c2ln`
const forged = () =>
  new SignJWT({ role: 'authenticated', sub: 'ada' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode('not the secret of the server at all, though long'))
const incomplete = 'InvalidJWTToken: Fields `role` and `exp` are required in JWT'

async function reasonOf(version: Version, topic: string, config: object, token?: string): Promise<unknown> {
  const client = await realtime.connect({ version })
  const { status, response } = await client.join(topic, config, token)
  expect(status).toBe('error')
  return response?.reason
}

describe('R163 1.7 limits: codes of refused joins', () => {
  conforms('1.7 a join with a token that is none says why', async version => {
    for (const [token, reason] of [
      ['rubbish', 'MalformedJWT: The token provided is not a valid JWT'],
      ['a.b.c', 'MalformedJWT: The token provided is not a valid JWT'],
      [unsigned({ role: 'authenticated' }), incomplete],
      [unsigned({ exp: 2_000_000_000 }), incomplete],
      [await forged(), 'JwtSignatureError: Failed to validate JWT signature'],
    ] as const) {
      expect(await reasonOf(version, 'any', {}, token)).toBe(reason)
    }
    expect(await reasonOf(version, 'any', {}, await signToken({ sub: 'ada' }, -100))).toMatch(
      /^InvalidJWTToken: Token has expired 10\d seconds ago$/,
    )
  })

  conforms('1.7 the other codes: TopicNameRequired, Unauthorized, UnableToReplayMessages', async version => {
    expect(await reasonOf(version, '', {})).toBe('TopicNameRequired: You must provide a topic name')
    expect(await reasonOf(version, 'closed:1', { private: true }, await signToken({ sub: 'ada' }))).toBe(
      'Unauthorized: You do not have permissions to read from this Channel topic: closed:1',
    )
    expect(await reasonOf(version, 'open', { broadcast: { replay: { since: 0 } } })).toBe(
      'UnableToReplayMessages: Replay is not allowed for public channels',
    )
    const wrong = { private: true, broadcast: { replay: { since: 'today' } } }
    expect(await reasonOf(version, 'open', wrong)).toBe('UnableToReplayMessages: Replay params are not valid')
  })

  conforms('1.7 a policy that takes too long: QueryCanceled', async version => {
    await realtime.database.pool.query(`
      create or replace function public.linger() returns boolean language sql as 'select pg_sleep(60) is not null';
      drop policy if exists linger on realtime.messages;
      create policy linger on realtime.messages for select to authenticated
        using ((select realtime.topic()) = 'lingering' and public.linger())`)
    const reason = await reasonOf(version, 'lingering', { private: true }, await signToken({ sub: 'ada' }))
    expect(reason).toMatch(/^QueryCanceled: /)
  })
})
