/**
 * The host's `fetch` with an end: after `REQUEST_TIMEOUT_MS` the request is given up, its body included. A request
 * that hangs would hold up the messages behind it. Whoever asked may give it up sooner.
 */
import type { AbortSignalLike } from '../api.ts'
import type { Env, HttpRequest, HttpResponse } from '../env.ts'
import { HttpFailure, NetworkFailure, retryAfterMsOf } from './failures.ts'

export const REQUEST_TIMEOUT_MS = 15_000
const DOUBT_MS = 30_000
const DOUBTFUL_TRIES_MS = [1_500, 4_500, 9_000]

const TOO_LATE = 'too-late'

/** What requests have in common: those under way, each with what ends it, and how long each try of one may take. */
export interface Line {
  readonly open: Set<() => void>
  triesMs(): readonly number[]
}

export interface DoubtableLine extends Line {
  /** Ends what is under way. For a while, what is asked next is soon asked again on another connection. */
  doubt(): void
}

const ordinary = (): Line => ({ open: new Set(), triesMs: () => [REQUEST_TIMEOUT_MS] })

/**
 * A connection that died without a word is not the only one of its kind: the host keeps others for later, and gives
 * them to whoever asks next.
 */
export function createLine(env: Env): DoubtableLine {
  const open = new Set<() => void>()
  let doubtedAt = Number.NEGATIVE_INFINITY
  return {
    open,
    triesMs: () => (env.now() - doubtedAt < DOUBT_MS ? DOUBTFUL_TRIES_MS : [REQUEST_TIMEOUT_MS]),
    doubt() {
      doubtedAt = env.now()
      for (const giveUp of [...open]) giveUp()
    },
  }
}

export type BoundedFetch = (input: unknown, init?: HttpRequest) => Promise<HttpResponse>

/** Every host has it; the language's own library does not name it. */
const { AbortController } = globalThis as unknown as {
  AbortController: new () => { readonly signal: unknown; abort(): void }
}

/**
 * supabase-js names the web's own `fetch`, which core's library does not have and other programs that compile this
 * file do. The caller says which it needs; `HttpResponse` is all that supabase-js uses of an answer.
 */
export const typedFor = <Fetch>(fetch: BoundedFetch) => fetch as unknown as Fetch

/** For the data API. @throws HttpFailure for every status that is not 2xx, NetworkFailure without an answer. */
export function createApiFetch<Fetch = BoundedFetch>(env: Env, line = ordinary()): Fetch {
  return typedFor<Fetch>(async (input, init) => {
    const response = await request(env, input, init, line)
    if (response.ok) return response
    const retryAfterMs = retryAfterMsOf(response.headers.get('retry-after'), env.now())
    throw new HttpFailure(response.status, await response.text(), retryAfterMs)
  })
}

/** For auth-js, which writes errors that are thrown at it to the console: no answer is answered like a 503. */
export function createAuthFetch<Fetch = BoundedFetch>(env: Env): Fetch {
  return typedFor<Fetch>(async (input, init) => {
    try {
      return await request(env, input, init, ordinary())
    } catch (error) {
      if (!(error instanceof NetworkFailure)) throw error
      return answer(503, { get: () => null }, '{"message":"unreachable"}')
    }
  })
}

/** Whatever is asked here may be asked twice: the server does it once. */
async function request(env: Env, input: unknown, init: HttpRequest = {}, line: Line): Promise<HttpResponse> {
  const tries = [...line.triesMs()]
  for (;;) {
    try {
      return await tryFor(tries.shift() ?? REQUEST_TIMEOUT_MS, env, input, init, line)
    } catch (error) {
      if (tries.length === 0 || (error as NetworkFailure).message !== TOO_LATE) throw error
    }
  }
}

async function tryFor(
  ms: number,
  env: Env,
  input: unknown,
  init: HttpRequest,
  { open }: Line,
): Promise<HttpResponse> {
  const aborter = new AbortController()
  const asked = init.signal as AbortSignalLike | null | undefined
  const giveUp = () => aborter.abort()
  asked?.addEventListener('abort', giveUp)
  open.add(giveUp)
  let isLate = false
  const clearTimer = env.setTimer(() => {
    isLate = true
    giveUp()
  }, ms)
  try {
    const response = await env.network.fetch(String(input), { ...init, signal: aborter.signal })
    return answer(response.status, response.headers, await response.text())
  } catch {
    throw new NetworkFailure(isLate ? TOO_LATE : 'unreachable')
  } finally {
    open.delete(giveUp)
    clearTimer()
    asked?.removeEventListener('abort', giveUp)
  }
}

function answer(status: number, headers: HttpResponse['headers'], text: string): HttpResponse {
  return {
    ok: status >= 200 && status < 300,
    status,
    headers,
    text: async () => text,
    json: async () => JSON.parse(text),
  }
}
