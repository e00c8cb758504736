/**
 * lite's failures as answers of ours. Its own are sometimes plain text, and its 500 often means a request that
 * PostgreSQL refused.
 *
 * Must never happen: text of an error in an answer made here. PostgreSQL's errors quote rows.
 */
import { isConnectionError, statusOfCode } from '../rpc/postgres-error.ts'

/** `errors`: what lite reported while it made this answer. An answer that is fine comes back as it is. */
export async function presentable(response: Response, errors: readonly Error[]): Promise<Response> {
  const { status } = response
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  if (status < 400 || (status < 500 && isJson)) return response
  if (status < 500) return refused(response)
  const all = errors.flatMap(withCauses)
  // The code first: a message may quote anything, such as words of a lost connection.
  const code = all.map(codeOf).find(isSqlState) ?? (isJson ? await codeOfBody(response) : null)
  if (code) return answerOfCode(code)
  if (all.some(isConnectionError)) return unavailable()
  if (all.some(error => error instanceof URIError)) {
    return failure(400, 'PGRST125', 'bad_request', 'Invalid path specified in request URL')
  }
  if (all.some(error => error instanceof TypeError)) {
    return failure(400, 'bad_request', 'bad_json', 'The request has a value of an unexpected type')
  }
  return internal()
}

/** 503 and not 500: clients keep a session through the first and drop it at the second. */
export function unavailable(): Response {
  return failure(
    503,
    'PGRST001',
    'unavailable',
    'Could not connect with the database',
    { 'Retry-After': '1' },
    'Try again in a moment',
  )
}

const internal = () =>
  failure(500, 'internal_error', 'unexpected_failure', 'Something went wrong on our side')

const MESSAGES: Record<string, string> = {
  '22': 'A value is not of the form it must have',
  '23': 'The change breaks a rule of the table',
}

function answerOfCode(code: string): Response {
  const status = statusOfCode(code, true)
  if (status === 503) return unavailable()
  if (status >= 500) return internal()
  const message = MESSAGES[code.slice(0, 2)] ?? 'The database refused the request'
  return failure(status, code, status === 409 ? 'conflict' : 'validation_failed', message)
}

function refused(response: Response): Response {
  const headers: Record<string, string> = {}
  for (const name of ['allow', 'retry-after', 'www-authenticate']) {
    const value = response.headers.get(name)
    if (value !== null) headers[name] = value
  }
  const { status } = response
  return status === 404
    ? failure(404, 'not_found', 'not_found', 'There is nothing at this address')
    : failure(status, 'bad_request', 'bad_request', 'The request cannot be served', headers)
}

/** Both as PostgREST and as GoTrue name things: lite's two halves share this. */
function failure(
  status: number,
  code: string,
  errorCode: string,
  message: string,
  headers: Record<string, string> = {},
  hint: string | null = null,
): Response {
  return Response.json(
    { code, error_code: errorCode, message, msg: message, details: null, hint },
    { status, headers },
  )
}

function withCauses(error: Error): Error[] {
  const chain = [error]
  while (chain.length < 5) {
    const cause = chain.at(-1)?.cause
    if (!(cause instanceof Error)) break
    chain.push(cause)
  }
  return chain
}

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : '')

/** A digit in it: EPIPE is none. */
const isSqlState = (code: string): boolean => /^(?=.*\d)[0-9A-Z]{5}$/.test(code)

async function codeOfBody(response: Response): Promise<string | null> {
  try {
    const body: unknown = await response.json()
    const code = typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : ''
    return isSqlState(code) ? code : null
  } catch {
    // Not what it says it is: there is no code in it.
    return null
  }
}
