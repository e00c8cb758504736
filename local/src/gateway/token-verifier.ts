/**
 * The one place that decides whether a JWT is good, for functions, tables and sockets alike. HS256 with our secret and
 * nothing else; a token that passed is remembered until it expires.
 *
 * Must never happen: a role outside the three below, or a token accepted one second after its `exp`.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { errors, type JWTPayload, jwtVerify } from 'jose'

export type ApiRole = 'anon' | 'authenticated' | 'service_role'

export interface VerifiedToken {
  readonly role: ApiRole
  readonly claims: Record<string, unknown>
  /** The claims as JSON text: what policies see as `request.jwt.claims`. */
  readonly json: string
  /** Seconds since 1970. */
  readonly exp: number
}

export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError'
  /** As PostgREST names them: 301 not a token of ours, 303 ours, but its claims do not hold. */
  readonly code: 'PGRST301' | 'PGRST303'
  constructor(code: 'PGRST301' | 'PGRST303', message: string) {
    super(message)
    this.code = code
  }
}

export interface TokenVerifier {
  /** @throws TokenRefusedError */
  verifyToken(token: string): Promise<VerifiedToken>
  /** The role behind an opaque key, or null for anything else. */
  apiKeyRole(key: string): 'anon' | 'service_role' | null
}

const MAX_TOKEN_CHARS = 8_192
const MAX_REMEMBERED = 10_000
const MAX_CLOCK_LEAD_S = 5
const ROLES: readonly string[] = ['anon', 'authenticated', 'service_role']
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function createTokenVerifier(options: {
  jwtSecret: string
  publishableKey: string
  secretKey: string
  now?: () => number
}): TokenVerifier {
  const secret = new TextEncoder().encode(options.jwtSecret)
  const now = options.now ?? Date.now
  const remembered = new Map<string, VerifiedToken>()
  const publishable = digest(options.publishableKey)
  const secretKey = digest(options.secretKey)

  const remember = (token: string, verified: VerifiedToken) => {
    if (remembered.size >= MAX_REMEMBERED) {
      const oldest = remembered.keys().next()
      if (!oldest.done) remembered.delete(oldest.value)
    }
    remembered.set(token, verified)
  }

  return {
    verifyToken: async token => {
      const known = remembered.get(token)
      if (known && known.exp * 1000 > now()) return known
      if (known) remembered.delete(token)
      if (token.length > MAX_TOKEN_CHARS) throw new TokenRefusedError('PGRST301', 'JWT is too long')
      const claims = await verifySignature(token, secret, new Date(now()))
      const verified = checkClaims(claims, now() / 1000)
      remember(token, verified)
      return verified
    },
    apiKeyRole: key => {
      if (!key.startsWith('sb_')) return null
      const shown = digest(key)
      if (timingSafeEqual(shown, publishable)) return 'anon'
      return timingSafeEqual(shown, secretKey) ? 'service_role' : null
    },
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

async function verifySignature(token: string, secret: Uint8Array, at: Date): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, secret, {
      algorithms: ['HS256'],
      currentDate: at,
      requiredClaims: ['exp', 'role'],
    })
    return payload
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new TokenRefusedError('PGRST303', 'JWT expired')
    if (error instanceof errors.JWTClaimValidationFailed) {
      const message = error.claim === 'nbf' ? 'JWT not yet valid' : 'JWT claims are not acceptable'
      throw new TokenRefusedError('PGRST303', message)
    }
    throw new TokenRefusedError('PGRST301', 'JWT could not be decoded or its signature is not valid')
  }
}

function checkClaims(claims: JWTPayload, nowS: number): VerifiedToken {
  const refuse = (message: string) => new TokenRefusedError('PGRST303', message)
  const role = claims.role
  if (typeof role !== 'string' || !isApiRole(role)) throw refuse('JWT role is not allowed')
  if (typeof claims.exp !== 'number') throw refuse('JWT has no expiry')
  if (typeof claims.iat === 'number' && claims.iat > nowS + MAX_CLOCK_LEAD_S) {
    throw refuse('JWT issued at future')
  }
  const audience = claims.aud === undefined ? [] : [claims.aud].flat()
  if (audience.length > 0 && !audience.includes('authenticated')) throw refuse('JWT not in audience')
  if (role === 'authenticated') {
    if (audience.length === 0) throw refuse('JWT not in audience')
    if (typeof claims.sub !== 'string' || !UUID.test(claims.sub)) throw refuse('JWT has no user')
  }
  return { role, claims, json: JSON.stringify(claims), exp: claims.exp }
}

function isApiRole(role: string): role is ApiRole {
  return ROLES.includes(role)
}
