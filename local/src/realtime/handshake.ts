/** The request that opens a socket: read, checked, and refused in JSON where it must be. */

import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ProtocolVersion } from './frames/client-frame.ts'
import { type Identity, identifyKey, type TokenChecks, TokenError } from './tokens.ts'

export interface Handshake {
  readonly version: ProtocolVersion
  readonly identity: Identity
  /** JSON text of the request's `x-` headers, without the key. */
  readonly headersJson: string
}

export class HandshakeRefusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'HandshakeRefusal'
    this.status = status
  }
}

/** Throws `HandshakeRefusal`. A request without an Origin comes from no browser and passes. */
export async function readHandshake(
  request: IncomingMessage,
  checks: TokenChecks,
  allowedOrigins: readonly string[] | undefined,
): Promise<Handshake> {
  const { origin } = request.headers
  if (origin !== undefined && allowedOrigins && !allowedOrigins.includes(origin)) {
    throw new HandshakeRefusal(403, 'This origin is not allowed')
  }
  const query = parseQuery(request.url)
  const version = query?.get('vsn') ?? '1.0.0'
  if (!query || (version !== '1.0.0' && version !== '2.0.0')) {
    throw new HandshakeRefusal(400, 'Unknown protocol version')
  }
  const header = request.headers['x-api-key']
  const key = (typeof header === 'string' ? header : undefined) ?? query.get('apikey')
  if (!key) throw new HandshakeRefusal(401, 'No API key')
  try {
    return { version, identity: await identifyKey(key, checks), headersJson: headersJson(request) }
  } catch (error) {
    if (error instanceof TokenError) throw new HandshakeRefusal(401, error.message)
    throw error
  }
}

export function refuse(stream: Duplex, status: number, message: string): void {
  const body = JSON.stringify({ error: message })
  stream.once('finish', () => stream.destroy())
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n` +
      'Connection: close\r\n' +
      'Content-Type: application/json; charset=utf-8\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

function parseQuery(url: string | undefined): URLSearchParams | null {
  try {
    return new URL(url ?? '', 'ws://localhost').searchParams
  } catch {
    return null
  }
}

/** What policies see as `request.headers`: JSON text of the `x-` headers, without the key. */
export function headersJson(request: IncomingMessage): string {
  const headers = Object.entries(request.headers).filter(
    ([name]) => name.startsWith('x-') && name !== 'x-api-key',
  )
  return JSON.stringify(Object.fromEntries(headers))
}
