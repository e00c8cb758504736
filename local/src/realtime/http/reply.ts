/** Answers of the HTTP API, all of which any origin may read. */

import type { ServerResponse } from 'node:http'

export interface Reply {
  readonly status: number
  /** JSON, unless it is text; nothing where absent. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Thrown on the way to an answer; becomes this one. */
export class HttpRefusal extends Error {
  readonly reply: Reply

  /** What is said: a sentence, or a body of another shape. */
  constructor(status: number, said: string | object, headers: Record<string, string> = {}) {
    super(`Refused with ${status}`)
    this.name = 'HttpRefusal'
    this.reply = { status, body: typeof said === 'string' ? { message: said } : said, headers }
  }
}

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers':
    'Content-Type, Date, Retry-After, x-rate-rolling, x-rate-limit, x-rate-limit-remaining',
}

/** `isHead`: the same headers, no body. */
export function sendReply(response: ServerResponse, { status, body, headers }: Reply, isHead: boolean): void {
  if (response.headersSent || response.destroyed) return
  const isText = typeof body === 'string'
  const bytes = Buffer.from(body === undefined ? '' : isText ? body : JSON.stringify(body))
  response.writeHead(status, {
    ...CORS,
    ...(body === undefined
      ? {}
      : { 'Content-Type': `${isText ? 'text/plain' : 'application/json'}; charset=utf-8` }),
    'Content-Length': String(bytes.length),
    ...headers,
  })
  response.end(isHead ? undefined : bytes)
}
