/** PostgreSQL's errors as PostgREST answers them: https://docs.postgrest.org/en/stable/references/errors.html */
import { HttpError, internalError, unavailable } from '../reply.ts'

interface PostgresFields {
  code: string
  message: string
  detail: string | null
  hint: string | null
}

/** By SQLSTATE, the whole of it first, then its class. What is in neither is the caller's fault: 400. */
const STATUS: Record<string, number> = {
  '23503': 409,
  '23505': 409,
  '25006': 405,
  '42883': 404,
  '42P01': 404,
  '42P17': 500,
  '53400': 500,
  '57P01': 503,
  '57P02': 503,
  '57P03': 503,
  P0001: 400,
}
const CLASS_STATUS: Record<string, number> = {
  '08': 503,
  '09': 500,
  '0L': 403,
  '0P': 403,
  '25': 500,
  '28': 403,
  '2D': 500,
  '38': 500,
  '39': 500,
  '3B': 500,
  '40': 500,
  '53': 503,
  '54': 500,
  '55': 500,
  '57': 500,
  '58': 500,
  F0: 500,
  HV: 500,
  P0: 500,
  XX: 500,
}

/** Any error of a call, as the answer to give. */
export function errorOfCall(error: unknown, isSignedIn: boolean): HttpError {
  if (error instanceof HttpError) return error
  const fields = postgresFields(error)
  if (!fields)
    return error instanceof Error && isConnectionError(error) ? unavailable(error) : internalError(error)
  const { code, message, detail, hint } = fields
  if (code === 'PGRST') return raisedAnswer(message, detail)
  if (code.startsWith('PT')) {
    const status = Number(code.slice(2))
    const isStatus = Number.isInteger(status) && status >= 200 && status <= 599
    return new HttpError(isStatus ? status : 500, code, message, { details: detail, hint, cause: error })
  }
  const status = statusOfCode(code, isSignedIn)
  const headers: Record<string, string> =
    status === 401 ? { 'WWW-Authenticate': 'Bearer' } : status === 503 ? { 'Retry-After': '1' } : {}
  return new HttpError(status, code, message, { details: detail, hint, headers, cause: error })
}

/** The HTTP status that a SQLSTATE stands for. */
export function statusOfCode(code: string, isSignedIn: boolean): number {
  if (code === '42501') return isSignedIn ? 403 : 401
  return STATUS[code] ?? CLASS_STATUS[code.slice(0, 2)] ?? 400
}

function postgresFields(error: unknown): PostgresFields | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null
  if (!('severity' in error) || typeof error.severity !== 'string') return null
  const optional = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  return {
    code: error.code,
    message: error.message,
    detail: 'detail' in error ? optional(error.detail) : null,
    hint: 'hint' in error ? optional(error.hint) : null,
  }
}

/** Lost, refused or never made connections; whether the call took effect is unknown. */
export function isConnectionError(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : ''
  return (
    /^(ECONN|EPIPE|ETIMEDOUT|CONNECT|08|57P0|53300)/.test(code) ||
    /^(Connection terminated|Client (was closed|has encountered)|Cannot use a pool)/.test(error.message) ||
    /timeout exceeded when trying to connect|timeout expired/.test(error.message)
  )
}

/** `raise sqlstate 'PGRST'` with the whole answer in message and detail, both JSON. */
function raisedAnswer(message: string, detail: string | null): HttpError {
  try {
    const body: unknown = JSON.parse(message)
    const answer: unknown = JSON.parse(detail ?? '')
    if (
      isObject(body) &&
      isObject(answer) &&
      typeof body.code === 'string' &&
      typeof answer.status === 'number'
    ) {
      const headers = isObject(answer.headers) ? answer.headers : {}
      return new HttpError(answer.status, body.code, String(body.message ?? ''), {
        details: body.details == null ? null : String(body.details),
        hint: body.hint == null ? null : String(body.hint),
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      })
    }
  } catch {
    // Answered below.
  }
  return new HttpError(500, 'PGRST121', `Could not parse JSON in the "RAISE SQLSTATE 'PGRST'" error`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
