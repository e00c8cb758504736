/** Answers of our own making: JSON bodies with a code, never an internal of ours. */
import type { ServerResponse } from 'node:http'

export interface ErrorBody {
  code: string
  message: string
  details: string | null
  hint: string | null
}

/** Thrown anywhere in a handler; becomes exactly this answer. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly status: number
  readonly body: ErrorBody
  readonly headers: Record<string, string>
  constructor(
    status: number,
    code: string,
    message: string,
    options: {
      details?: string | null
      hint?: string | null
      headers?: Record<string, string>
      cause?: unknown
    } = {},
  ) {
    super(message, { cause: options.cause })
    this.status = status
    this.body = { code, message, details: options.details ?? null, hint: options.hint ?? null }
    this.headers = options.headers ?? {}
  }
}

export const JSON_TYPE = 'application/json; charset=utf-8'

export const API_CORS: Record<string, string> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers':
    'Content-Encoding, Content-Location, Content-Range, Content-Type, Date, Location, Preference-Applied, Range-Unit, Retry-After, WWW-Authenticate',
}

export function preflightHeaders(requestedHeaders: string | undefined): Record<string, string> {
  const isPlainList = requestedHeaders !== undefined && /^[\w\-, ]{1,2000}$/.test(requestedHeaders)
  return {
    ...API_CORS,
    'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
    'Access-Control-Allow-Headers': isPlainList
      ? requestedHeaders
      : 'authorization, apikey, content-type, prefer, x-client-info',
    'Access-Control-Max-Age': '3600',
    Vary: 'Access-Control-Request-Headers',
  }
}

/** `headOnly`: the same headers, no body. */
export function send(
  res: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: string | null,
  headOnly = false,
): void {
  if (res.headersSent || res.destroyed) return
  const bytes = body === null ? null : Buffer.from(body)
  res.writeHead(status, {
    ...API_CORS,
    ...headers,
    ...(bytes ? { 'Content-Length': String(bytes.length) } : {}),
  })
  if (bytes && !headOnly) res.end(bytes)
  else res.end()
}

export function sendError(res: ServerResponse, error: HttpError, headOnly = false): void {
  send(
    res,
    error.status,
    { 'Content-Type': JSON_TYPE, ...error.headers },
    JSON.stringify(error.body),
    headOnly,
  )
}

export const internalError = (cause: unknown): HttpError =>
  new HttpError(500, 'internal_error', 'Something went wrong on our side', { cause })

export const unavailable = (cause?: unknown): HttpError =>
  new HttpError(503, 'PGRST001', 'Could not connect with the database', {
    hint: 'Try again in a moment',
    headers: { 'Retry-After': '1' },
    cause,
  })
