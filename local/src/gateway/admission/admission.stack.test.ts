import { randomUUID } from 'node:crypto'
import { createClient } from '@supabase/supabase-js'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { testStack } from '../../testing/index.ts'

const MINUTE_MS = 60_000
const stack = await testStack({
  seed: true,
  trustedProxies: 1,
  requestLimits: {
    perAddress: { max: 12, perMs: MINUTE_MS },
    perUser: { max: 3, perMs: MINUTE_MS },
    signInsPerAddress: { max: 4, perMs: MINUTE_MS },
    signInsPerAccount: { max: 2, perMs: MINUTE_MS },
  },
})
const { url, publishableKey, secretKey } = stack
const ROSA = 'rosa.delgado@bedside.example'
const HENRY = 'henry.whitfield@bedside.example'
const PASSWORD = 'bedside-demo'

// Node 20 has none of its own.
Object.assign(globalThis, { WebSocket })

let last = 0
/** An address that nobody has asked from. */
const anybody = () => `198.51.100.${++last}`
const ask = (path: string, address: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  fetch(url + path, {
    ...init,
    headers: { apikey: publishableKey, 'X-Forwarded-For': address, ...headers },
  })
const clientAt = (address: string) =>
  createClient(url, publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    global: { headers: { 'X-Forwarded-For': address } },
  })
const limited = async (limit: string): Promise<number> => {
  const text = await (await ask('/metrics', anybody(), { apikey: secretKey })).text()
  return Number(new RegExp(`bedside_rate_limited_total\\{limit="${limit}"\\} (\\d+)`).exec(text)?.[1] ?? 0)
}

test('GC3 one address may ask so much, whatever for; others are not in its way, and health always answers', async () => {
  const [address, before] = [anybody(), await limited('address')]
  const paths = [
    '/rest/v1/rpc/x',
    '/rest/v1/x',
    '/auth/v1/settings',
    '/realtime/v1/api/ping',
    '/',
    '/config.json',
  ]
  for (const path of [...paths, ...paths]) expect((await ask(path, address)).status).not.toBe(429)
  for (const path of paths) {
    const answer = await ask(path, address)
    expect([path, answer.status, await answer.json()]).toEqual([
      path,
      429,
      {
        code: 'over_request_rate_limit',
        error_code: 'over_request_rate_limit',
        message: 'Request rate limit reached',
        msg: 'Request rate limit reached',
        details: null,
        hint: null,
      },
    ])
    const wait = Number(answer.headers.get('retry-after'))
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(60)
    expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After')
  }
  // What stands before the proxy's own word is the client's invention.
  expect((await ask('/', `203.0.113.9, ${address}`)).status).toBe(429)
  expect((await ask('/health', address)).status).toBe(200)
  expect((await ask('/rest/v1/rpc/x', anybody())).status).toBe(404)
  expect((await limited('address')) - before).toBe(paths.length + 1)

  const socket = new WebSocket(`${stack.realtimeUrl}?apikey=${publishableKey}&vsn=2.0.0`, {
    headers: { 'X-Forwarded-For': address },
  })
  const refused = await new Promise<[number, string]>((resolve, reject) => {
    socket.on('unexpected-response', (_, response) =>
      resolve([response.statusCode ?? 0, String(response.headers['retry-after'])]),
    )
    socket.on('open', () => reject(new Error('It opened.')))
  })
  expect(refused).toEqual([429, expect.stringMatching(/^\d+$/)])
})

test('GC4 one person may ask so much, from wherever, and a bad token counts for nobody', async () => {
  const [person, other] = [randomUUID(), randomUUID()]
  const as = async (who: string, expiresIn = 3600) =>
    (
      await ask('/rest/v1/rpc/x', anybody(), {
        Authorization: `Bearer ${await stack.tokenFor(who, { expiresIn })}`,
      })
    ).status
  expect([await as(person, -5), await as(person, -5)]).toEqual([401, 401])
  expect([await as(person), await as(person), await as(person)]).toEqual([404, 404, 404])
  expect([await as(person), await as(other), await as(person)]).toEqual([429, 404, 429])
})

test('GC5 an account takes few wrong passwords, from wherever; right ones and others are not counted', async () => {
  const signIn = async (email: string, password: string) => {
    const { error } = await clientAt(anybody()).auth.signInWithPassword({ email, password })
    return error ? [error.status, error.code] : 'in'
  }
  for (let i = 0; i < 4; i++) expect(await signIn(ROSA, PASSWORD)).toBe('in')
  const wrong = [400, 'invalid_credentials']
  expect([await signIn(ROSA, 'wrong-1'), await signIn(ROSA.toUpperCase(), 'wrong-2')]).toEqual([wrong, wrong])
  const tooMany = [429, 'over_request_rate_limit']
  expect([await signIn(ROSA, 'wrong-3'), await signIn(` ${ROSA}`, PASSWORD)]).toEqual([tooMany, tooMany])
  expect(await signIn(HENRY, PASSWORD)).toBe('in')
  // Alike where there is no such account.
  const nobody = 'nobody@clinic.example'
  expect([await signIn(nobody, 'a'), await signIn(nobody, 'b'), await signIn(nobody, 'c')]).toEqual([
    wrong,
    wrong,
    tooMany,
  ])
})

test('GC6 an address tries few passwords on whomever, all at once too', async () => {
  const address = anybody()
  const attempts = await Promise.all(
    Array.from({ length: 8 }, async (_, i) => {
      const email = `someone-${i}@clinic.example`
      const { error } = await clientAt(address).auth.signInWithPassword({ email, password: 'guess' })
      return error?.status
    }),
  )
  expect(attempts.filter(status => status === 400)).toHaveLength(4)
  expect(attempts.filter(status => status === 429)).toHaveLength(4)
  const elsewhere = await clientAt(anybody()).auth.signInWithPassword({ email: HENRY, password: PASSWORD })
  expect(elsewhere.error).toBeNull()
})

test('GC7 HSTS where a trusted proxy says https, and nowhere else', async () => {
  for (const path of ['/', '/health', '/rest/v1/rpc/x', '/auth/v1/settings', '/realtime/v1/api/ping']) {
    const of = async (proto?: string) => {
      const answer = await ask(path, anybody(), proto === undefined ? {} : { 'X-Forwarded-Proto': proto })
      return answer.headers.get('strict-transport-security')
    }
    expect([path, await of('https'), await of('http'), await of()]).toEqual([
      path,
      'max-age=31536000',
      null,
      null,
    ])
  }
})

test('GC2 GC7 without a trusted proxy nobody says who they are, nor over what they came', async () => {
  const alone = await testStack({ requestLimits: { perAddress: { max: 2, perMs: MINUTE_MS } } })
  const from = async (address: string) => {
    const answer = await fetch(`${alone.url}/config.json`, {
      headers: { 'X-Forwarded-For': address, 'X-Forwarded-Proto': 'https' },
    })
    return [answer.status, answer.headers.get('strict-transport-security')]
  }
  expect([await from('192.0.2.1'), await from('192.0.2.2'), await from('192.0.2.3')]).toEqual([
    [200, null],
    [200, null],
    [429, null],
  ])
})
