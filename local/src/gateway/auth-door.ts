/**
 * `/auth/v1`: the few requests that the app makes, and no other. lite knows many more ways to an account (one-time
 * codes, links), some of which make accounts or tell which exist.
 */
import { identify } from './identity.ts'
import { refusal } from './recovery.ts'
import { HttpError } from './reply.ts'
import type { TokenVerifier } from './token-verifier.ts'

const OPEN = ['POST /token?password', 'POST /token?refresh_token', 'GET /settings', 'GET /health']
/** For somebody who is signed in. */
const OWN = ['GET /user', 'POST /logout']
/** Where mail goes out; see recovery.ts. */
const RECOVERY = { open: ['POST /recover', 'POST /verify'], own: ['PUT /user'] }
const PREFIX = '/auth/v1'

export interface AuthDoor {
  /** null: let it in. Else the answer. */
  check(request: Request): Promise<Response | null>
}

export function createAuthDoor(options: {
  verifier: TokenVerifier
  allowSignup: boolean
  hasMail: boolean
}): AuthDoor {
  const open = new Set([...OPEN, ...(options.hasMail ? RECOVERY.open : [])])
  const own = new Set([...OWN, ...(options.hasMail ? RECOVERY.own : [])])
  return {
    check: async request => {
      const wish = wishOf(request)
      if (open.has(wish)) return null
      if (own.has(wish)) return refusalOfToken(request, options.verifier)
      if (wish !== 'POST /signup') return refusal(404, 'not_found', 'There is nothing at this address')
      return options.allowSignup
        ? null
        : refusal(422, 'signup_disabled', 'Signups not allowed for this instance')
    },
  }
}

export function wishOf(request: Request): string {
  const { pathname, searchParams } = new URL(request.url)
  if (!pathname.startsWith(`${PREFIX}/`)) return ''
  const grants = searchParams.getAll('grant_type')
  const path = pathname.slice(PREFIX.length)
  return `${request.method} ${path}${path === '/token' ? `?${grants.join('&')}` : ''}`
}

/** Of a request's token, or of a token by itself; null: it has none. */
export async function sessionOf(shown: Request | string, verifier: TokenVerifier): Promise<string | null> {
  const { claims } =
    typeof shown === 'string' ? await verifier.verifyToken(shown) : await identify(shownBy(shown), verifier)
  return typeof claims.session_id === 'string' ? claims.session_id : null
}

const shownBy = (request: Request) => ({
  apikey: request.headers.get('apikey'),
  authorization: request.headers.get('authorization'),
})

async function refusalOfToken(request: Request, verifier: TokenVerifier): Promise<Response | null> {
  try {
    const { role } = await identify(shownBy(request), verifier)
    return role === 'authenticated'
      ? null
      : refusal(401, 'no_authorization', 'This endpoint requires a signed-in person')
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    const isKey = error.body.code.startsWith('api_key')
    return refusal(error.status, isKey ? error.body.code : 'bad_jwt', error.message)
  }
}
