import { SignJWT } from 'jose'
import { expect, it } from 'vitest'
import { testAccount, testStack } from '../testing/index.ts'

const stack = await testStack({ allowSignup: false })
const { url, publishableKey, database } = stack
const { client, id: alice, password: PASSWORD } = await testAccount(stack)

it('GA8 renewals with one token at the same moment are one renewal, and losing their answers signs nobody out', async () => {
  const token = async (grant: string, body: object) => {
    const answer = await fetch(`${url}/auth/v1/token?grant_type=${grant}`, {
      method: 'POST',
      headers: { apikey: publishableKey, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: answer.status, ...((await answer.json()) as { refresh_token: string }) }
  }
  const { refresh_token } = await token('password', { email: 'alice@clinic.example', password: PASSWORD })
  const renewed = await Promise.all(
    Array.from({ length: 5 }, () => token('refresh_token', { refresh_token })),
  )
  expect(renewed.map(each => each.status)).toEqual([200, 200, 200, 200, 200])
  expect(new Set(renewed.map(each => each.refresh_token)).size).toBe(1)
  // None of these answers arrived: the client still has the token of before.
  expect((await token('refresh_token', { refresh_token })).status).toBe(200)
})

it('GA7 of auth there is what the app needs, all else is a typed 404 and makes no account', async () => {
  const accounts = async () => (await database.superquery('select count(*)::int as n from auth.users')).rows
  const before = await accounts()
  const email = 'stranger@clinic.example'
  const elsewhere: [string, string][] = [
    ['POST', '/otp'],
    ['POST', '/magiclink'],
    ['POST', '/recover'],
    ['POST', '/resend'],
    ['POST', '/verify'],
    ['GET', '/verify?token=x&type=signup'],
    ['GET', '/authorize?provider=x'],
    ['GET', '/callback'],
    ['GET', '/reauthenticate'],
    ['PUT', '/user'],
    ['GET', '/token?grant_type=password'],
    ['POST', '/token?grant_type=pkce'],
    ['POST', '/token?grant_type=password&grant_type=pkce'],
    ['POST', '/token'],
    ['POST', '/token/?grant_type=password'],
    ['POST', '/%6ftp'],
    ['POST', '//otp'],
    ['GET', '/nonexistent'],
    ['GET', ''],
  ]
  for (const [method, path] of elsewhere) {
    const answer = await fetch(`${url}/auth/v1${path}`, {
      method,
      headers: { apikey: publishableKey, 'Content-Type': 'application/json' },
      ...(method === 'GET' ? {} : { body: JSON.stringify({ email, create_user: true, password: PASSWORD }) }),
    })
    expect([method, path, answer.status, await answer.json()]).toEqual([
      method,
      path,
      404,
      { code: 404, error_code: 'not_found', msg: expect.any(String) },
    ])
  }
  for (const path of ['/settings', '/health']) {
    const answer = await fetch(`${url}/auth/v1${path}`, { headers: { apikey: publishableKey } })
    expect([path, answer.status]).toEqual([path, 200])
  }
  const signUp = await client.auth.signUp({ email, password: PASSWORD })
  expect(signUp.error?.code).toBe('signup_disabled')
  expect(await accounts()).toEqual(before)
})

it('GA1 user and logout judge a token as tables do', async () => {
  const sign = (claims: Record<string, unknown>) =>
    new SignJWT({ sub: alice, role: 'authenticated', aud: 'authenticated', exp: 4_000_000_000, ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(stack.jwtSecret))
  const ask = (method: string, path: string, token: string) =>
    fetch(`${url}/auth/v1/${path}`, {
      method,
      headers: { apikey: publishableKey, Authorization: `Bearer ${token}` },
    })
  expect((await ask('GET', 'user', await sign({}))).status).toBe(200)
  for (const claims of [
    { aud: 'elsewhere' },
    { aud: undefined },
    { exp: undefined },
    { exp: 1 },
    { role: 'supabase_admin' },
    { role: 'anon' },
    { role: 'service_role' },
    { sub: 'root' },
  ]) {
    const token = await sign(claims)
    for (const [method, path] of [
      ['GET', 'user'],
      ['POST', 'logout'],
    ] as const) {
      const answer = await ask(method, path, token)
      expect([claims, path, answer.status, await answer.json()]).toEqual([
        claims,
        path,
        401,
        { code: 401, error_code: expect.any(String), msg: expect.any(String) },
      ])
    }
  }
})
