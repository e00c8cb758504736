/**
 * A new password by a mailed link, as Supabase's auth documents it. Not in core: the page has nobody signed in, and
 * nothing else needs it. A link is used up only when the new password is sent: mail programs open links before people do.
 */
import type { Config } from '../../config.ts'

export type RecoveryProblem =
  | 'offline'
  | 'unavailable'
  | 'rate-limited'
  | 'link-gone'
  | 'weak'
  | 'same'
  | 'too-long'
  | 'other'

export class RecoveryError extends Error {
  override readonly name = 'RecoveryError'
  readonly problem: RecoveryProblem
  constructor(problem: RecoveryProblem, options?: ErrorOptions) {
    super(problem, options)
    this.problem = problem
  }
}

export interface Recovery {
  /** The same for an address that nobody has. @throws RecoveryError */
  ask(email: string): Promise<void>
  /** Ends every session of the account; may be tried again. Resolves to its address. @throws RecoveryError */
  setPassword(tokenHash: string, password: string): Promise<string>
}

const TIMEOUT_MS = 20_000

export function createRecovery({ url, key }: Pick<Config, 'url' | 'key'>): Recovery {
  /** What the link was exchanged for. In memory only. */
  let verified: { token: string; email: string } | null = null
  let isSet = false

  async function request(method: string, path: string, body: unknown, token = key): Promise<unknown> {
    let answer: Response
    try {
      answer = await fetch(`${url}/auth/v1${path}`, {
        method,
        headers: { apikey: key, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
    } catch (cause) {
      throw new RecoveryError(navigator.onLine ? 'unavailable' : 'offline', { cause })
    }
    const said: unknown = await answer.json().catch(() => null)
    const word = wordIn(said)
    // Hosted auth says so of addresses that it knows, and of no other: a mail is on its way already.
    if (!answer.ok && word !== 'over_email_send_rate_limit')
      throw new RecoveryError(problemOf(answer.status, word))
    return said
  }

  async function verify(tokenHash: string): Promise<{ token: string; email: string }> {
    const said = await request('POST', '/verify', { type: 'recovery', token_hash: tokenHash })
    const { access_token: token, user } = said as { access_token?: unknown; user?: { email?: unknown } }
    if (typeof token !== 'string' || typeof user?.email !== 'string') throw new RecoveryError('other')
    return { token, email: user.email }
  }

  return {
    async ask(email) {
      await request('POST', '/recover', { email })
    },
    async setPassword(tokenHash, password) {
      verified ??= await verify(tokenHash)
      if (!isSet) await request('PUT', '/user', { password }, verified.token)
      isSet = true
      await request('POST', '/logout?scope=global', {}, verified.token)
      return verified.email
    },
  }
}

function wordIn(said: unknown): string {
  const word = typeof said === 'object' && said !== null && 'error_code' in said ? said.error_code : ''
  return typeof word === 'string' ? word : ''
}

function problemOf(status: number, word: string): RecoveryProblem {
  switch (word) {
    case 'otp_expired':
    case 'session_not_found':
    case 'bad_jwt':
    case 'reauthentication_needed':
      return 'link-gone'
    case 'weak_password':
      return 'weak'
    case 'same_password':
      return 'same'
    case 'validation_failed':
      return 'too-long'
    default:
      if (status === 429) return 'rate-limited'
      return status >= 500 ? 'unavailable' : 'other'
  }
}
