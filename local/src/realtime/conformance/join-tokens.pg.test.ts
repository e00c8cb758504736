/** Whose token a join counts with, and how it is refused. */

import { expect } from 'vitest'
import { subscribed } from '../testing/subscribed.ts'
import { PUBLISHABLE_KEY, SECRET_KEY, signToken } from '../testing/test-server.ts'
import { conforms, useRealtime } from '../testing/use-realtime.ts'

const realtime = useRealtime()
const PRIVATE = { private: true }
const EXPIRED = /^InvalidJWTToken: Token has expired \d+ seconds ago$/

const forged = async () => `${(await signToken({ sub: 'ada' })).slice(0, -6)}AAAAAA`

conforms('1.3 a join counts with its own token, not with that of the connection', async version => {
  const topic = `own:${version}`
  await realtime.database.allow('ada', topic)
  const client = await realtime.connect({ version })
  expect((await client.join(topic, PRIVATE)).status).toBe('error')
  expect((await client.join(topic, PRIVATE, await signToken({ sub: 'ada' }))).status).toBe('ok')
  // Also where it may do less than the connection.
  const service = await realtime.connect({ version, key: SECRET_KEY })
  expect((await service.join(topic, PRIVATE, await signToken({ sub: 'eve' }))).status).toBe('error')
})

conforms('1.3 without a token in the join that of the connection counts', async version => {
  const topic = `connection:${version}`
  await realtime.database.allow('ada', topic)
  const client = await realtime.connect({ version, key: await signToken({ sub: 'ada' }) })
  expect((await client.join(topic, PRIVATE)).status).toBe('ok')
})

conforms('1.3 a key in place of the token is no token: the connection counts', async version => {
  const client = await realtime.connect({ version, key: SECRET_KEY })
  for (const key of [PUBLISHABLE_KEY, 'sb_publishable_other', 'sb_']) {
    expect((await client.join('anything', PRIVATE, key)).status, key).toBe('ok')
  }
  const anonymous = await realtime.connect({ version })
  expect((await anonymous.join('anything', PRIVATE, SECRET_KEY)).status).toBe('error')
})

conforms('1.3 a token that is null, or no text, is none', async version => {
  const client = await realtime.connect({ version, key: SECRET_KEY })
  for (const token of [null, 7, {}, ['x']]) {
    const payload = { config: PRIVATE, access_token: token }
    const ref = client.push('realtime:anything', 'phx_join', payload)
    expect((await client.reply(ref)).payload.status, JSON.stringify(token)).toBe('ok')
  }
})

conforms('1.3 a token may come under its old name, user_token', async version => {
  const topic = `old-name:${version}`
  await realtime.database.allow('ada', topic)
  const client = await realtime.connect({ version })
  const payload = { config: PRIVATE, user_token: await signToken({ sub: 'ada' }) }
  const ref = client.push(`realtime:${topic}`, 'phx_join', payload)
  expect((await client.reply(ref)).payload.status).toBe('ok')
})

conforms('1.3 white space and percent-encoding around a token are taken off', async version => {
  const topic = `spaces:${version}`
  await realtime.database.allow('ada', topic)
  const token = await signToken({ sub: 'ada' })
  const client = await realtime.connect({ version })
  for (const spaced of [` ${token}\n`, encodeURIComponent(`${token} `)]) {
    expect((await client.join(topic, PRIVATE, spaced)).status).toBe('ok')
  }
})

for (const isPrivate of [false, true]) {
  const kind = isPrivate ? 'private' : 'public'
  conforms(`1.3 a join with a bad token is refused in words, on a ${kind} topic`, async version => {
    const client = await realtime.connect({ version, key: SECRET_KEY })
    const reasonFor = async (token: string) => {
      const { status, response } = await client.join('lobby', { private: isPrivate }, token)
      expect(status).toBe('error')
      return response?.reason
    }
    const malformed = 'MalformedJWT: The token provided is not a valid JWT'
    const incomplete = 'InvalidJWTToken: Fields `role` and `exp` are required in JWT'
    for (const token of ['', 'nonsense', 'a.b', 'a.b.c', '..']) expect(await reasonFor(token)).toBe(malformed)
    expect(await reasonFor(await forged())).toBe('JwtSignatureError: Failed to validate JWT signature')
    expect(await reasonFor(await signToken({ sub: 'ada', role: undefined }))).toBe(incomplete)
    expect(await reasonFor(await signToken({ sub: 'ada' }, null))).toBe(incomplete)
    expect(await reasonFor(await signToken({ sub: 'ada' }, -7))).toMatch(EXPIRED)
  })
}

conforms('1.3 who may not read a private topic is told which', async version => {
  const topic = `ward:7:${version}`
  const client = await realtime.connect({ version })
  expect((await client.join(topic, PRIVATE, await signToken({ sub: 'eve' }))).response).toEqual({
    reason: `Unauthorized: You do not have permissions to read from this Channel topic: ${topic}`,
  })
})

conforms('1.3 a token of a role that is none of ours opens no private topic', async version => {
  const topic = `roles:${version}`
  await realtime.database.allow('ada', topic)
  const client = await realtime.connect({ version })
  for (const role of ['postgres', 'supabase_admin', 'nobody', '']) {
    const { response } = await client.join(topic, PRIVATE, await signToken({ sub: 'ada', role }))
    expect(response?.reason, role).toMatch(/^Unauthorized/)
  }
  expect((await client.join(topic, PRIVATE, await signToken({ sub: 'ada' }))).status).toBe('ok')
})

conforms('1.3 once the connection’s token is over, a join needs one of its own', async version => {
  const client = await realtime.connect({ version, key: await signToken({ role: 'anon' }, 3) })
  await client.join('first')
  await client.waitForEvent('phx_close', 'first')
  expect((await client.join('second')).response?.reason).toMatch(EXPIRED)
  expect((await client.join('second', {}, await signToken({ sub: 'ada' }))).status).toBe('ok')
})

conforms(
  '1.3 an unmodified supabase-js joins with the token it was given, and hears why not',
  async version => {
    const topic = `supabase:${version}`
    await realtime.database.allow('ada', topic)
    const [ada, eve] = [realtime.supabase({ version }), realtime.supabase({ version })]
    await ada.realtime.setAuth(await signToken({ sub: 'ada' }))
    await eve.realtime.setAuth(await signToken({ sub: 'eve' }))
    const statusOf = (client: typeof ada) => subscribed(client.channel(topic, { config: PRIVATE }))
    expect(await statusOf(ada)).toBe('SUBSCRIBED')
    expect(await statusOf(eve)).toContain('CHANNEL_ERROR: Unauthorized: You do not have permissions')
    // It sends its key where its token would be.
    expect(await statusOf(realtime.supabase({ version, key: SECRET_KEY }))).toBe('SUBSCRIBED')
    expect(await statusOf(realtime.supabase({ version }))).toContain('CHANNEL_ERROR: Unauthorized')
  },
)
