/** From whatever went wrong on the way (HTTP status, code word, auth error, socket) to the one `ChatError`. */
import { ChatError, type ChatErrorKind } from '../chat-error.ts'

/** The server answered with a status that is not 2xx. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure'
  readonly status: number
  readonly code: string | null
  readonly word: string | null
  readonly detail: string | null
  readonly retryAfterMs: number | null

  /** `body`: the answer's text. Only its code words are kept: the rest may quote what a person wrote. */
  constructor(status: number, body: string, retryAfterMs: number | null) {
    super(`HTTP ${status}`)
    const answer = parsed(body)
    this.status = status
    this.code = wordOf(answer.code)
    this.word = wordOf(answer.message)
    this.detail = wordOf(answer.details)
    this.retryAfterMs = retryAfterMs
  }
}

/** No answer: unreachable, cut off, or too late. */
export class NetworkFailure extends Error {
  override readonly name = 'NetworkFailure'
  constructor(reason: 'unreachable' | 'too-late') {
    super(reason)
  }
}

/** The database's own refusals: what each is by its code, whatever word a newer server has for it. */
const KIND_OF_CODE: Readonly<Record<string, ChatErrorKind>> = {
  PT400: 'invalid',
  PT401: 'not-signed-in',
  PT403: 'forbidden',
  PT404: 'not-found',
  PT409: 'conflict',
  PT429: 'rate-limited',
}
/** Words that are more than their code. */
const KIND_OF_WORD: Readonly<Record<string, ChatErrorKind>> = {
  message_empty: 'message-empty',
  message_too_long: 'message-too-long',
  reply_not_found: 'reply-not-found',
  reply_blocked: 'reply-blocked',
  id_conflict: 'id-conflict',
  not_oneself: 'forbidden',
}
const kindIn = (table: Readonly<Record<string, ChatErrorKind>>, word: string | null) =>
  word !== null && Object.hasOwn(table, word) ? table[word] : undefined

export function toChatError(cause: unknown, isOnline: boolean): ChatError {
  if (cause instanceof ChatError) return cause
  if (cause instanceof HttpFailure) return fromHttp(cause)
  if (cause instanceof NetworkFailure) return new ChatError(isOnline ? 'unavailable' : 'offline', { cause })
  return new ChatError('protocol', { cause })
}

/** What auth-js returns as `error`. `isSigningIn`: a refusal then is about the credentials. */
export function fromAuth(
  error: { name: string; status?: number | undefined; code?: string | undefined },
  { isOnline, isSigningIn }: { isOnline: boolean; isSigningIn: boolean },
): ChatError {
  const status = error.status ?? 0
  if (status === 429) return new ChatError('rate-limited', { detail: wordOf(error.code) })
  if (error.name === 'AuthRetryableFetchError' || status >= 500) {
    return new ChatError(isOnline ? 'unavailable' : 'offline')
  }
  const isRefused = status === 400 || status === 401 || status === 403 || status === 422
  if (isSigningIn && isRefused) return new ChatError('credentials-refused', { detail: wordOf(error.code) })
  if (isSigningIn) return new ChatError('unavailable', { detail: wordOf(error.code) })
  return new ChatError('not-signed-in', { detail: wordOf(error.code) })
}

/** A join that was refused or a membership that ended, from the socket's own words. */
export function fromSocket(reason: string): ChatError {
  if (/rate ?limit|too many/iu.test(reason)) return new ChatError('rate-limited', { detail: 'socket' })
  if (/jwt|token/iu.test(reason)) return new ChatError('not-signed-in', { detail: 'socket' })
  if (/unauthorized|permission/iu.test(reason)) return new ChatError('forbidden', { detail: 'socket' })
  return new ChatError('unavailable', { detail: 'socket' })
}

function fromHttp(failure: HttpFailure): ChatError {
  const { status, code, word, detail, retryAfterMs } = failure
  const ofCode = kindIn(KIND_OF_CODE, code)
  const known = ofCode && (kindIn(KIND_OF_WORD, word) ?? ofCode)
  return new ChatError(known ?? kindOfStatus(status, code), {
    detail: known ? detail : (code ?? String(status)),
    word: known ? word : null,
    retryAfterMs: retryAfterMs ?? (known === 'rate-limited' ? msOfSeconds(detail) : null),
    cause: failure,
  })
}

/** A browser shows a page of another origin no `Retry-After`, so the body says it as well. */
function msOfSeconds(detail: string | null): number | null {
  return detail !== null && /^\d{1,5}$/u.test(detail) ? Number(detail) * 1_000 : null
}

/**
 * An answer without one of our code words may come from anything on the way, such as a proxy. A missing page is
 * then no missing room, and only PostgreSQL's own refusal (42501) is a refusal.
 */
function kindOfStatus(status: number, code: string | null): ChatErrorKind {
  if (status === 401 || code === 'PGRST301' || code === 'PGRST302' || code === 'PGRST303')
    return 'not-signed-in'
  // Whatever code it carries (PGRST001: the database cannot be reached): it says that it will pass.
  if (status === 502 || status === 503 || status === 504) return 'unavailable'
  if (code === '42501') return 'forbidden'
  if (status === 429) return 'rate-limited'
  if (status === 400 || status === 413 || status === 422) return 'invalid'
  if (code?.startsWith('PGRST')) return 'protocol'
  return 'unavailable'
}

/** From a `Retry-After` header: seconds, or a date. */
export function retryAfterMsOf(header: string | null, now: number): number | null {
  if (header === null || header.trim() === '') return null
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000)
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}

function parsed(body: string): Record<string, unknown> {
  try {
    const answer: unknown = JSON.parse(body)
    return typeof answer === 'object' && answer !== null ? { ...answer } : {}
  } catch {
    return {}
  }
}

function wordOf(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/u.test(value) ? value : null
}
