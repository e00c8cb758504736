/**
 * From the headers of a request to the role it runs as. Every request shows a key; a signed-in person's token outranks
 * it. `Authorization: Bearer sb_…` (what supabase-js sends while nobody is signed in) is the key once more, no token.
 */
import { HttpError } from './reply.ts'
import { type ApiRole, TokenRefusedError, type TokenVerifier } from './token-verifier.ts'

export interface Identity {
  role: ApiRole
  claims: Record<string, unknown>
  /** What SQL reads as `request.jwt.claims`. */
  claimsJson: string
  subject: string
  email: string
}

const KEY_IDENTITY: Record<'anon' | 'service_role', Identity> = {
  anon: { role: 'anon', claims: { role: 'anon' }, claimsJson: '{"role":"anon"}', subject: '', email: '' },
  service_role: {
    role: 'service_role',
    claims: { role: 'service_role' },
    claimsJson: '{"role":"service_role"}',
    subject: '',
    email: '',
  },
}

/** @throws HttpError 401 */
export async function identify(
  shown: { apikey: string | null; authorization: string | null },
  verifier: TokenVerifier,
): Promise<Identity> {
  if (!shown.apikey) {
    throw new HttpError(401, 'api_key_missing', 'No API key found in request', {
      hint: 'Send the publishable key in the header apikey',
    })
  }
  const keyRole = verifier.apiKeyRole(shown.apikey)
  if (!keyRole) {
    throw new HttpError(401, 'api_key_invalid', 'Invalid API key', {
      hint: 'Double check your publishable or secret API key',
    })
  }
  const token = bearer(shown.authorization)
  if (!token || token.startsWith('sb_')) return KEY_IDENTITY[keyRole]
  try {
    const { role, claims, json } = await verifier.verifyToken(token)
    return { role, claims, claimsJson: json, subject: text(claims.sub), email: text(claims.email) }
  } catch (error) {
    if (!(error instanceof TokenRefusedError)) throw error
    throw new HttpError(401, error.code, error.message, {
      headers: { 'WWW-Authenticate': `Bearer error="invalid_token", error_description="${error.message}"` },
    })
  }
}

/** The person whose good token the request shows. Whoever serves it judges a bad one. */
export async function subjectOf(
  authorization: string | undefined,
  verifier: TokenVerifier,
): Promise<string | null> {
  const token = bearer(authorization ?? null)
  if (!token || token.startsWith('sb_')) return null
  try {
    const { claims } = await verifier.verifyToken(token)
    return text(claims.sub) || null
  } catch (error) {
    if (error instanceof TokenRefusedError) return null
    throw error
  }
}

/** As `apikey`, or as the bearer token, which is all that Prometheus can send. @throws HttpError 401 */
export function requireSecretKey(headers: Headers, verifier: TokenVerifier): void {
  const key = headers.get('apikey') ?? bearer(headers.get('authorization'))
  if (key === null || verifier.apiKeyRole(key) !== 'service_role') {
    throw new HttpError(401, 'api_key_invalid', 'Only with the secret key', {
      headers: { 'WWW-Authenticate': 'Bearer' },
    })
  }
}

function bearer(authorization: string | null): string | null {
  const match = authorization ? /^bearer +(\S+) *$/i.exec(authorization) : null
  return match?.[1] ?? null
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
