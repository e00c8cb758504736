/**
 * From what a client shows (a key or a JWT) to who it is. The signature is checked by the verifier of the gateway,
 * which caches; here are Realtime's own rules and the words of its refusals.
 *
 * Never: a token, or a part of one, in an error.
 */

import { isRecord } from './frames/client-frame.ts'

interface VerifiedToken {
  readonly claims: Record<string, unknown>
  /** The claims as JSON text: what policies see as `request.jwt.claims`. */
  readonly json: string
  /** Seconds since 1970. */
  readonly exp: number
}

export interface TokenChecks {
  verifyToken(token: string): Promise<VerifiedToken>
  apiKeyRole(key: string): 'anon' | 'service_role' | null
}

export interface Identity {
  /** What the client sent, to recognise the same token again. */
  readonly token: string
  readonly role: string
  readonly claimsJson: string
  readonly subject: string
  /** Milliseconds since 1970; infinite for a key. */
  readonly expiresAt: number
}

export type TokenErrorCode = 'InvalidJWTToken' | 'MalformedJWT' | 'JwtSignatureError'

export class TokenError extends Error {
  readonly code: TokenErrorCode

  constructor(code: TokenErrorCode, message: string) {
    super(message)
    this.name = 'TokenError'
    this.code = code
  }

  /** As in the reply to a join. */
  get reason(): string {
    return `${this.code}: ${this.message}`
  }
}

/** Keys of the new kind are no JWTs: a client that has no session sends its key where its token would be. */
export function isApiKey(token: string): boolean {
  return token.startsWith('sb_')
}

/** Throws `TokenError`. */
export async function identifyKey(key: string, checks: TokenChecks): Promise<Identity> {
  const cleaned = clean(key)
  if (!isApiKey(cleaned)) return identifyToken(cleaned, checks)
  const role = checks.apiKeyRole(cleaned)
  if (role === null) throw new TokenError('InvalidJWTToken', 'The key is not valid')
  return {
    token: cleaned,
    role,
    claimsJson: JSON.stringify({ role }),
    subject: '',
    expiresAt: Number.POSITIVE_INFINITY,
  }
}

/** Throws `TokenError`. */
export async function identifyToken(token: string, checks: TokenChecks): Promise<Identity> {
  const cleaned = clean(token)
  const unverified = readClaims(cleaned)
  if (!unverified) throw new TokenError('MalformedJWT', 'The token provided is not a valid JWT')
  if (typeof unverified.role !== 'string' || typeof unverified.exp !== 'number') {
    throw new TokenError('InvalidJWTToken', 'Fields `role` and `exp` are required in JWT')
  }
  let verified: VerifiedToken
  try {
    verified = await checks.verifyToken(cleaned)
  } catch {
    // The reason stays with the verifier, but for the one that a client can act upon.
    throwIfExpired(unverified.exp * 1000)
    throw new TokenError('JwtSignatureError', 'Failed to validate JWT signature')
  }
  const { claims, json, exp } = verified
  throwIfExpired(exp * 1000)
  return {
    token: cleaned,
    role: String(claims.role),
    claimsJson: json,
    subject: typeof claims.sub === 'string' ? claims.sub : '',
    expiresAt: exp * 1000,
  }
}

export function expiredMessage(expiresAt: number): string {
  const seconds = Math.max(0, Math.floor((Date.now() - expiresAt) / 1000))
  return `Token has expired ${seconds} seconds ago`
}

function throwIfExpired(expiresAt: number): void {
  if (expiresAt <= Date.now()) throw new TokenError('InvalidJWTToken', expiredMessage(expiresAt))
}

function clean(token: string): string {
  let decoded = token
  try {
    decoded = decodeURIComponent(token)
  } catch {
    // Not percent-encoded after all.
  }
  return decoded.replace(/\s/g, '')
}

function readClaims(token: string): Record<string, unknown> | null {
  const parts = token.split('.')
  const payload = parts[1]
  if (parts.length !== 3 || !payload) return null
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
    return isRecord(claims) ? claims : null
  } catch {
    return null
  }
}
