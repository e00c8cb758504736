import { AuthClient } from '@supabase/supabase-js'
import { expect, it } from 'vitest'
import { testStack } from '../testing/index.ts'
import type { LocalMail } from './mail.ts'

const mails: LocalMail[] = []
const stack = await testStack({ seed: true, onMail: mail => mails.push(mail) })
const ROSA = 'rosa.delgado@bedside.example'
const OLD = 'bedside-demo'
const NEW = 'three-plain-words'

const device = () =>
  new AuthClient({
    url: `${stack.url}/auth/v1`,
    headers: { apikey: stack.publishableKey },
    persistSession: false,
    autoRefreshToken: false,
  })
const codeOf = async (answer: Response) => [
  answer.status,
  ((await answer.json()) as { error_code?: string }).error_code,
]
const auth = (method: string, path: string, body: unknown, token?: string) =>
  fetch(`${stack.url}/auth/v1${path}`, {
    method,
    headers: {
      apikey: stack.publishableKey,
      'Content-Type': 'application/json',
      ...(token && { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })
const forget = () =>
  stack.database.query(`update auth.users set recovery_sent_at = null, recovery_token = ''`)

/** The mail's link, once it has come. */
async function linkFor(address: string): Promise<string> {
  const before = mails.length
  expect((await auth('POST', '/recover', { email: address })).status).toBe(200)
  await expect.poll(() => mails.length, { timeout: 5_000 }).toBe(before + 1)
  return new URLSearchParams(new URL(mails.at(-1)?.link ?? '').hash.slice(1)).get('token_hash') ?? ''
}

it('GA7 a mailed link makes a new password, once, and ends every other session', async () => {
  const [phone, laptop] = [device(), device()]
  await phone.signInWithPassword({ email: ROSA, password: OLD })
  const link = await linkFor(ROSA.toUpperCase())
  expect(mails.at(-1)).toMatchObject({ to: ROSA, subject: 'Set a new password' })
  // Nothing that a server would see or note.
  expect(new URL(mails.at(-1)?.link ?? '').search).toBe('')

  const verified = await laptop.verifyOtp({ type: 'recovery', token_hash: link })
  expect(verified.error).toBeNull()
  for (const [password, code] of [
    ['short', 'weak_password'],
    [OLD, 'same_password'],
    ['x'.repeat(73), 'validation_failed'],
  ] as const)
    expect((await laptop.updateUser({ password })).error?.code, password).toBe(code)
  expect((await laptop.updateUser({ password: NEW })).error).toBeNull()

  expect((await device().signInWithPassword({ email: ROSA, password: OLD })).error?.code).toBe(
    'invalid_credentials',
  )
  expect((await device().signInWithPassword({ email: ROSA, password: NEW })).error).toBeNull()
  expect((await phone.refreshSession()).error).not.toBeNull()
  expect((await laptop.refreshSession()).error).toBeNull()
  expect((await device().verifyOtp({ type: 'recovery', token_hash: link })).error?.code).toBe('otp_expired')
})

it('GA7 a link that is too old, or replaced by a newer one, is refused', async () => {
  const old = await linkFor('henry.whitfield@bedside.example')
  await stack.database.query(
    `update auth.users set recovery_sent_at = now() - interval '61 minutes' where recovery_token = $1`,
    [old],
  )
  expect((await device().verifyOtp({ type: 'recovery', token_hash: old })).error?.code).toBe('otp_expired')
})

it('GA7 known and unknown addresses are answered alike, at once, and only as often as a person needs', async () => {
  await forget()
  const ask = async (email: string) => {
    const began = performance.now()
    const answer = await auth('POST', '/recover', { email })
    return { said: [answer.status, await answer.text()], ms: performance.now() - began }
  }
  const before = mails.length
  const known = await ask('amira.haddad@bedside.example')
  const unknown = await ask('nobody@bedside.example')
  expect(known.said).toEqual([200, '{}'])
  expect(unknown.said).toEqual(known.said)
  // Again within the minute: the same answer, and no second mail.
  expect((await ask('amira.haddad@bedside.example')).said).toEqual(known.said)
  await expect.poll(() => mails.length, { timeout: 5_000 }).toBe(before + 1)
  expect((await auth('POST', '/recover', { email: 'no address' })).status).toBe(400)
  let last = await auth('POST', '/recover', { email: 'x@y' })
  for (let i = 0; i < 40 && last.status === 200; i++)
    last = await auth('POST', '/recover', { email: `${i}@y` })
  expect([last.status, Number(last.headers.get('retry-after')) > 60]).toEqual([429, true])
  expect(mails).toHaveLength(before + 1)
})

it('GA7 a link is for recovery only, and nothing but the password of such a session can be changed', async () => {
  for (const body of [
    { type: 'magiclink', token_hash: 'x' },
    { type: 'recovery', email: ROSA, token: '0000000000' },
    { type: 'recovery' },
    null,
  ]) {
    const answer = await auth('POST', '/verify', body)
    expect(await codeOf(answer)).toEqual([400, 'validation_failed'])
  }
  const samuel = device()
  const { data } = await samuel.signInWithPassword({
    email: 'samuel.okafor@bedside.example',
    password: OLD,
  })
  const token = data.session?.access_token ?? ''
  for (const [body, status, code] of [
    [{ password: NEW }, 401, 'reauthentication_needed'],
    [{ email: 'elsewhere@example.com' }, 422, 'validation_failed'],
    [{ password: NEW, data: { role: 'admin' } }, 422, 'validation_failed'],
    [{}, 422, 'validation_failed'],
  ] as const) {
    const answer = await auth('PUT', '/user', body, token)
    expect(await codeOf(answer)).toEqual([status, code])
  }
  expect((await auth('PUT', '/user', { password: NEW })).status).toBe(401)
  let last = await auth('POST', '/verify', { type: 'recovery', token_hash: 'x' })
  for (let i = 0; i < 40 && last.status === 403; i++)
    last = await auth('POST', '/verify', { type: 'recovery', token_hash: `x${i}` })
  expect(last.status).toBe(429)
})

it('G13 no address and no link reaches the log', () => {
  const log = stack.logLines.join('\n')
  expect(log).not.toMatch(/token_hash|bedside\.example/)
})

it('GA7 signing out everywhere ends every session of that person and of nobody else', async () => {
  const [here, there, other] = [device(), device(), device()]
  const email = 'ines.castellano@bedside.example'
  await here.signInWithPassword({ email, password: OLD })
  await there.signInWithPassword({ email, password: OLD })
  await other.signInWithPassword({ email: 'samuel.okafor@bedside.example', password: OLD })
  await here.signOut({ scope: 'global' })
  expect((await there.refreshSession()).error).not.toBeNull()
  expect((await other.refreshSession()).error).toBeNull()
})
