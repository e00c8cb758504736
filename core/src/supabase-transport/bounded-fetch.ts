/**
 * The host's `fetch` with an end: after `REQUEST_TIMEOUT_MS` the request is given up, its body included. A request
 * that hangs would hold up the messages behind it. Whoever asked may give it up sooner.
 */
import type { AbortSignalLike } from '../api.ts'
import type { Env, HttpRequest, HttpResponse } from '../env.ts'
import { HttpFailure, NetworkFailure, retryAfterMsOf } from './failures.ts'

export const REQUEST_TIMEOUT_MS = 15_000

type BoundedFetch = (input: unknown, init?: HttpRequest) => Promise<HttpResponse>

/** Every host has it; the language's own library does not name it. */
const { AbortController } = globalThis as unknown as {
  AbortController: new () => { readonly signal: unknown; abort(): void }
}

/**
 * supabase-js names the web's own `fetch`, which core's library does not have and other programs that compile this
 * file do. The caller says which it needs; `HttpResponse` is all that supabase-js uses of an answer.
 */
const typedFor = <Fetch>(fetch: BoundedFetch) => fetch as unknown as Fetch

/** For the data API. `open`: ends what is under way, before its time.  @throws HttpFailure for every status that is not 2xx, NetworkFailure without an answer. */
export function createApiFetch<Fetch = BoundedFetch>(env: Env, open = new Set<() => void>()): Fetch {
  return typedFor<Fetch>(async (input, init) => {
    const response = await request(env, input, init, open)
    if (response.ok) return response
    const retryAfterMs = retryAfterMsOf(response.headers.get('retry-after'), env.now())
    throw new HttpFailure(response.status, await response.text(), retryAfterMs)
  })
}

/** For auth-js, which writes errors that are thrown at it to the console: no answer is answered like a 503. */
export function createAuthFetch<Fetch = BoundedFetch>(env: Env): Fetch {
  return typedFor<Fetch>(async (input, init) => {
    try {
      return await request(env, input, init)
    } catch (error) {
      if (!(error instanceof NetworkFailure)) throw error
      return answer(503, { get: () => null }, '{"message":"unreachable"}')
    }
  })
}

async function request(
  env: Env,
  input: unknown,
  init: HttpRequest = {},
  open = new Set<() => void>(),
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
  }, REQUEST_TIMEOUT_MS)
  try {
    const response = await env.network.fetch(String(input), { ...init, signal: aborter.signal })
    return answer(response.status, response.headers, await response.text())
  } catch {
    throw new NetworkFailure(isLate ? 'too-late' : 'unreachable')
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
