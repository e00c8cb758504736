import { SignJWT } from 'jose'
import { expect, it } from 'vitest'
import { createTokenVerifier } from './token-verifier.ts'

const SECRET = 'a-secret-of-at-least-thirty-two-characters'
const USER = 'a0000000-0000-4000-8000-000000000001'
const START_S = 1_800_000_000

function setUp() {
  const clock = { nowS: START_S }
  const verifier = createTokenVerifier({
    jwtSecret: SECRET,
    publishableKey: 'sb_publishable_right',
    secretKey: 'sb_secret_right',
    now: () => clock.nowS * 1000,
  })
  return { clock, verifier }
}

const sign = (claims: Record<string, unknown>, alg = 'HS256', secret = SECRET) =>
  new SignJWT({ sub: USER, role: 'authenticated', aud: 'authenticated', exp: START_S + 60, ...claims })
    .setProtectedHeader({ alg })
    .sign(new TextEncoder().encode(secret))

it('GA1 a token is good until its last second and not one longer, remembered or not', async () => {
  const { clock, verifier } = setUp()
  const token = await sign({})
  expect(await verifier.verifyToken(token)).toMatchObject({ role: 'authenticated', exp: START_S + 60 })
  clock.nowS = START_S + 59
  expect(await verifier.verifyToken(token)).toMatchObject({ claims: { sub: USER } })
  clock.nowS = START_S + 60
  await expect(verifier.verifyToken(token)).rejects.toMatchObject({
    code: 'PGRST303',
    message: 'JWT expired',
  })
})

it('GA1 refuses other algorithms, other secrets, other audiences, other roles and tokens from the future', async () => {
  const { verifier } = setUp()
  const refused: Record<string, string> = {
    'another algorithm': await sign({}, 'HS512', `${SECRET}${SECRET}`),
    'another secret': await sign({}, 'HS256', `${SECRET}!`),
    'no expiry': await sign({ exp: undefined }),
    'expiry that is no number': await sign({}).then(token =>
      token.replace(/\.[^.]+\./, `.${Buffer.from('{"exp":"x"}').toString('base64url')}.`),
    ),
    'issued later': await sign({ iat: START_S + 3600 }),
    'not before': await sign({ nbf: START_S + 3600 }),
    'another audience': await sign({ aud: ['somebody', 'else'] }),
    'no audience': await sign({ aud: undefined }),
    'a superuser': await sign({ role: 'supabase_admin' }),
    'a role that is no text': await sign({ role: ['authenticated'] }),
    'no user': await sign({ sub: undefined }),
    'a user that is no id': await sign({ sub: 'root' }),
    oversize: await sign({ pad: 'x'.repeat(9_000) }),
    empty: '',
  }
  for (const [name, token] of Object.entries(refused)) {
    const error = await verifier.verifyToken(token).catch((reason: unknown) => reason)
    expect([name, error instanceof Error && error.name]).toEqual([name, 'TokenRefusedError'])
  }
  expect(await verifier.verifyToken(await sign({ aud: ['authenticated', 'more'] }))).toMatchObject({
    exp: START_S + 60,
  })
})

it('GA4 knows its two keys and nothing near them', () => {
  const { verifier } = setUp()
  expect(verifier.apiKeyRole('sb_publishable_right')).toBe('anon')
  expect(verifier.apiKeyRole('sb_secret_right')).toBe('service_role')
  for (const key of ['', 'sb_', 'sb_secret_righ', 'sb_secret_right ', 'SB_SECRET_RIGHT', 'right']) {
    expect(verifier.apiKeyRole(key)).toBeNull()
  }
})
