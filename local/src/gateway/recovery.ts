/**
 * A new password by a mailed link, as GoTrue documents it: `POST /recover`, `POST /verify`, `PUT /user`. lite does the
 * work; this stands before it, where lite says less or lets in more than it should:
 *
 * - who asks for a link is answered at once and always alike, whether or not there is such an account;
 * - a link is good for a recovery only, a session that it made for a new password only;
 * - a new password ends the other sessions.
 */
import { createLimiter } from './admission/limiter.ts'

const MINUTE_MS = 60_000
/** As much as a person needs; lite itself has no limit. */
const MAILS_PER_ADDRESS = { max: 1, perMs: MINUTE_MS }
const REQUESTS_PER_PEER = { max: 30, perMs: 60 * MINUTE_MS }
const VERIFICATIONS_PER_PEER = { max: 30, perMs: 5 * MINUTE_MS }
/** bcrypt reads no further. */
const PASSWORD_MAX_BYTES = 72

/** As lite is asked. */
type Ask = (request: Request) => Promise<Response>

export interface Recovery {
  /** null: it is no matter of recovery. */
  handle(request: Request, wish: string, peer: string, ask: Ask): Promise<Response | null>
}

export function createRecovery(options: {
  /** Of a request's token, or of one by itself; null: it has none. */
  sessionOf(shown: Request | string): Promise<string | null>
  onFailure(error: unknown): void
}): Recovery {
  const mails = createLimiter(MAILS_PER_ADDRESS)
  const requests = createLimiter(REQUESTS_PER_PEER)
  const verifications = createLimiter(VERIFICATIONS_PER_PEER)
  /** Sessions that links made within the hour. lite's tokens do not say how they were begun. */
  const byLink = createLimiter({ max: Number.POSITIVE_INFINITY, perMs: 60 * MINUTE_MS })

  async function recover(request: Request, peer: string, ask: Ask): Promise<Response> {
    const waitMs = requests.take(peer)
    if (waitMs > 0) return tooMany(waitMs)
    const { email } = await bodyOf(request)
    if (typeof email !== 'string' || !/^[^\s@]{1,64}@[^\s@]{1,255}$/.test(email))
      return refusal(400, 'validation_failed', 'Unable to validate email address: invalid format')
    const address = email.toLowerCase()
    if (mails.take(address) === 0) {
      // Not awaited: how long it takes tells whether there is such an account.
      ask(anew(request, { email: address })).catch(options.onFailure)
    }
    return Response.json({})
  }

  async function verify(request: Request, peer: string, ask: Ask): Promise<Response> {
    const waitMs = verifications.take(peer)
    if (waitMs > 0) return tooMany(waitMs)
    const { type, token_hash } = await bodyOf(request)
    if (type !== 'recovery' || typeof token_hash !== 'string' || token_hash === '')
      return refusal(400, 'validation_failed', 'Verify requires the type "recovery" and a token_hash')
    const answer = await ask(anew(request, { type, token_hash }))
    const { access_token } = answer.ok ? await bodyOf(answer.clone()) : {}
    const session = typeof access_token === 'string' ? await options.sessionOf(access_token) : null
    if (session !== null) byLink.take(session)
    return answer
  }

  async function setPassword(request: Request, ask: Ask): Promise<Response> {
    const body = await bodyOf(request)
    // auth-js sends what it has no value for as null.
    const others = Object.entries(body).filter(([key, value]) => key !== 'password' && value !== null)
    if (typeof body.password !== 'string' || others.length > 0)
      return refusal(422, 'validation_failed', 'Only the password can be changed here')
    const session = await options.sessionOf(request)
    if (session === null || !byLink.has(session))
      return refusal(401, 'reauthentication_needed', 'Ask for a link by mail')
    if (Buffer.byteLength(body.password) > PASSWORD_MAX_BYTES)
      return refusal(422, 'validation_failed', 'Password cannot be longer than 72 characters')
    const answer = await ask(anew(request, { password: body.password }))
    if (answer.ok) {
      const logout = new URL('/auth/v1/logout?scope=others', request.url)
      const ended = await ask(new Request(logout, { method: 'POST', headers: request.headers }))
      if (!ended.ok) return ended
    }
    return answer
  }

  return {
    async handle(request, wish, peer, ask) {
      switch (wish) {
        case 'POST /recover':
          return recover(request, peer, ask)
        case 'POST /verify':
          return verify(request, peer, ask)
        case 'PUT /user':
          return setPassword(request, ask)
        default:
          return null
      }
    },
  }
}

/** As GoTrue words it. */
export function refusal(
  status: number,
  errorCode: string,
  msg: string,
  headers: Record<string, string> = {},
): Response {
  return Response.json(
    { code: status, error_code: errorCode, msg },
    { status, headers: { 'X-Sb-Error-Code': errorCode, ...headers } },
  )
}

const tooMany = (waitMs: number): Response =>
  refusal(429, 'over_request_rate_limit', 'Request rate limit reached', {
    'Retry-After': String(Math.ceil(waitMs / 1_000)),
  })

async function bodyOf(request: Request | Response): Promise<Record<string, unknown>> {
  const body: unknown = await request.json().catch(() => null)
  return typeof body === 'object' && body !== null ? { ...body } : {}
}

/** The same request with this body and no other, and nothing in its address. */
function anew(request: Request, body: object): Request {
  const url = new URL(request.url)
  url.search = ''
  const headers = new Headers(request.headers)
  headers.delete('content-length')
  headers.set('content-type', 'application/json')
  return new Request(url, { method: request.method, headers, body: JSON.stringify(body) })
}
