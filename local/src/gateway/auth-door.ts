/**
 * `/auth/v1`: the few requests that the app makes, and no other. lite knows many more ways to an account (one-time
 * codes, links, recovery), some of which make accounts or tell which exist.
 */
import { identify } from './identity.ts'
import { HttpError } from './reply.ts'
import type { TokenVerifier } from './token-verifier.ts'

const OPEN = new Set(['POST /token?password', 'POST /token?refresh_token', 'GET /settings', 'GET /health'])
/** For somebody who is signed in. */
const OWN = new Set(['GET /user', 'POST /logout'])
const PREFIX = '/auth/v1'

export interface AuthDoor {
  /** null: let it in. Else the answer. */
  check(request: Request): Promise<Response | null>
}

export function createAuthDoor(options: { verifier: TokenVerifier; allowSignup: boolean }): AuthDoor {
  return {
    check: async request => {
      const wish = wishOf(request)
      if (OPEN.has(wish)) return null
      if (OWN.has(wish)) return refusalOfToken(request, options.verifier)
      if (wish !== 'POST /signup') return refusal(404, 'not_found', 'There is nothing at this address')
      return options.allowSignup
        ? null
        : refusal(422, 'signup_disabled', 'Signups not allowed for this instance')
    },
  }
}

function wishOf(request: Request): string {
  const { pathname, searchParams } = new URL(request.url)
  if (!pathname.startsWith(`${PREFIX}/`)) return ''
  const grants = searchParams.getAll('grant_type')
  const path = pathname.slice(PREFIX.length)
  return `${request.method} ${path}${path === '/token' ? `?${grants.join('&')}` : ''}`
}

async function refusalOfToken(request: Request, verifier: TokenVerifier): Promise<Response | null> {
  try {
    const { role } = await identify(
      { apikey: request.headers.get('apikey'), authorization: request.headers.get('authorization') },
      verifier,
    )
    return role === 'authenticated'
      ? null
      : refusal(401, 'no_authorization', 'This endpoint requires a signed-in person')
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    const isKey = error.body.code.startsWith('api_key')
    return refusal(error.status, isKey ? error.body.code : 'bad_jwt', error.message)
  }
}

/** As GoTrue words it. */
function refusal(status: number, errorCode: string, msg: string): Response {
  return Response.json(
    { code: status, error_code: errorCode, msg },
    { status, headers: { 'X-Sb-Error-Code': errorCode } },
  )
}
