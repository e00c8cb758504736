/** From a request's headers to who sends it. A person's token outranks the key; either may be a key or a JWT. */

import type { IncomingMessage } from 'node:http'
import { type Identity, identifyKey, type TokenChecks, TokenError } from '../tokens.ts'
import { HttpRefusal } from './reply.ts'

/** @throws HttpRefusal 401 */
export async function identifyRequest(
  request: IncomingMessage,
  url: URL,
  checks: TokenChecks,
): Promise<Identity> {
  const { authorization, apikey } = request.headers
  const bearer = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
  const shown = bearer ?? (typeof apikey === 'string' ? apikey : url.searchParams.get('apikey'))
  try {
    if (shown) return await identifyKey(shown, checks)
  } catch (error) {
    if (!(error instanceof TokenError)) throw error
  }
  throw new HttpRefusal(401, 'Unauthorized')
}
