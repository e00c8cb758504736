import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChatError } from '../chat-error.ts'
import { createVirtualEnv, flushPromises } from '../testing/index.ts'
import { createSignal } from '../testing/signal.ts'
import { createApiFetch, createAuthFetch, REQUEST_TIMEOUT_MS } from './bounded-fetch.ts'
import { fromAuth, fromSocket, HttpFailure, NetworkFailure, retryAfterMsOf, toChatError } from './failures.ts'

const answer = (message: string, details: string | null = null, code = 'PT400') =>
  JSON.stringify({ code, message, details, hint: 'Words for a person.' })

describe('CB4: what goes wrong has one name', () => {
  it.each([
    [400, answer('argument_invalid', 'page_size'), 'invalid', 'page_size'],
    [400, answer('message_empty'), 'message-empty', null],
    [400, answer('message_too_long', '4000'), 'message-too-long', '4000'],
    [400, answer('reply_not_found'), 'reply-not-found', null],
    [401, answer('not_signed_in'), 'not-signed-in', null],
    [403, answer('reply_blocked', 'room_closed'), 'reply-blocked', 'room_closed'],
    [403, answer('account_suspended'), 'forbidden', null],
    [404, answer('not_found'), 'not-found', null],
    [409, answer('id_conflict'), 'id-conflict', null],
    [403, answer('forbidden', 'author'), 'forbidden', 'author'],
    [409, answer('not_oneself'), 'forbidden', null],
    [404, answer('person_not_found'), 'not-found', null],
    [404, answer('message_not_found'), 'not-found', null],
    [400, answer('attachment_not_found', 'attachment_ids'), 'invalid', 'attachment_ids'],
    [400, answer('file_type_refused', 'media_type'), 'invalid', 'media_type'],
    [400, answer('file_too_large', '26214400'), 'invalid', '26214400'],
    [409, answer('file_not_readable', 'pending'), 'conflict', 'pending'],
    [409, answer('transition_refused', 'closed'), 'conflict', 'closed'],
    [409, answer('too_early'), 'conflict', null],
    [409, answer('too_many', '200'), 'conflict', '200'],
    [409, answer('message_erased'), 'conflict', null],
    [409, answer('message_retracted'), 'conflict', null],
    [409, answer('edit_window_over', '15'), 'conflict', '15'],
    [409, answer('legal_hold'), 'conflict', null],
    [409, answer('room_erased'), 'conflict', null],
    [409, answer('appointment_not_over', 'confirmed'), 'conflict', 'confirmed'],
    [429, answer('rate_limited', '3'), 'rate-limited', '3'],
    // A newer server's words: what its code says.
    [400, answer('not_on_sundays', 'starts_at'), 'invalid', 'starts_at'],
    [401, answer('not_on_sundays'), 'not-signed-in', null],
    [403, answer('not_on_sundays', 'sunday'), 'forbidden', 'sunday'],
    [404, answer('constructor'), 'not-found', null],
    [409, answer('not_on_sundays'), 'conflict', null],
    [429, answer('not_on_sundays', '5'), 'rate-limited', '5'],
    [401, answer('JWT expired', null, 'PGRST303'), 'not-signed-in', 'PGRST303'],
    [401, answer('JWT invalid', null, 'PGRST301'), 'not-signed-in', 'PGRST301'],
    [401, '', 'not-signed-in', '401'],
    [403, answer('permission denied for function x', null, '42501'), 'forbidden', '42501'],
    [404, answer('Could not find the function', null, 'PGRST202'), 'protocol', 'PGRST202'],
    [429, 'slow down', 'rate-limited', '429'],
    [500, answer('deadlock detected', null, '40P01'), 'unavailable', '40P01'],
    [502, '<html>', 'unavailable', '502'],
    [503, '{}', 'unavailable', '503'],
    // PostgREST, and the gateway as it, while the database cannot be reached or has no connection to spare.
    [503, answer('Could not connect with the database', null, 'PGRST001'), 'unavailable', 'PGRST001'],
    [504, answer('Timed out acquiring connection', null, 'PGRST003'), 'unavailable', 'PGRST003'],
    // From something on the way, not from us: no room is gone because a proxy has no page.
    [404, '<html>not found</html>', 'unavailable', '404'],
    [403, '<html>blocked</html>', 'unavailable', '403'],
  ])('%i %s: %s', (status, body, kind, detail) => {
    const ours = body.replace('PT400', `PT${status}`)
    expect(toChatError(new HttpFailure(status, ours, null), true)).toMatchObject({ kind, detail })
  })

  it('a network failure is called offline where the machine knows to be', () => {
    expect(toChatError(new NetworkFailure('unreachable'), true).kind).toBe('unavailable')
    expect(toChatError(new NetworkFailure('unreachable'), false).kind).toBe('offline')
    expect(toChatError(new SyntaxError('x'), true).kind).toBe('protocol')
    const known = new ChatError('forbidden')
    expect(toChatError(known, true)).toBe(known)
  })

  it('of several reasons for a kind it names which, in the server’s own word', () => {
    const wordOf = (status: number, body: string) =>
      toChatError(new HttpFailure(status, body, null), true).word
    expect(wordOf(409, answer('edit_window_over', '15', 'PT409'))).toBe('edit_window_over')
    expect(wordOf(409, answer('message_retracted', null, 'PT409'))).toBe('message_retracted')
    expect(wordOf(409, answer('not_on_sundays', null, 'PT409'))).toBe('not_on_sundays')
    expect(wordOf(409, answer('edit_window_over', '15', '23505'))).toBeNull()
    expect(wordOf(502, '<html>')).toBeNull()
  })

  it('nothing that a person wrote gets into it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), fc.string(), (status, words) => {
        const secret = `my diagnosis ${words}`
        const body = JSON.stringify({ code: secret, message: secret, details: secret, hint: secret })
        const error = toChatError(new HttpFailure(status, body, null), true)
        const all = [error, error.cause].map(each => `${each} ${JSON.stringify(each)}`).join()
        expect(all).not.toContain('diagnosis')
      }),
    )
  })

  it.each([
    [{ name: 'AuthApiError', status: 400, code: 'invalid_credentials' }, true, 'credentials-refused'],
    [{ name: 'AuthApiError', status: 422, code: 'validation_failed' }, true, 'credentials-refused'],
    [{ name: 'AuthApiError', status: 429, code: 'over_request_rate_limit' }, true, 'rate-limited'],
    [{ name: 'AuthRetryableFetchError', status: 503 }, true, 'unavailable'],
    [{ name: 'AuthUnknownError' }, true, 'unavailable'],
    [{ name: 'AuthApiError', status: 400, code: 'refresh_token_not_found' }, false, 'not-signed-in'],
    [{ name: 'AuthSessionMissingError', status: 400 }, false, 'not-signed-in'],
    [{ name: 'AuthRetryableFetchError', status: 0 }, false, 'unavailable'],
  ])('auth: %j, signing in %s: %s', (error, isSigningIn, kind) => {
    expect(fromAuth(error, { isOnline: true, isSigningIn }).kind).toBe(kind)
  })

  it.each([
    ['Unauthorized: You do not have permissions to read from this Channel topic: room:x:1', 'forbidden'],
    ['InvalidJWTToken: Token has expired 3 seconds ago', 'not-signed-in'],
    ['ClientJoinRateLimitReached: Too many joins per second', 'rate-limited'],
    ['socket closed: 1006', 'unavailable'],
    ['TIMED_OUT', 'unavailable'],
    ['CLOSED', 'unavailable'],
  ])('socket: %s: %s', (reason, kind) => {
    expect(fromSocket(reason).kind).toBe(kind)
  })

  it.each([
    ['3', 3_000],
    ['0', 0],
    ['Thu, 15 Jan 2026 09:00:10 GMT', 10_000],
    ['Thu, 15 Jan 2026 08:00:00 GMT', 0],
    ['soon', null],
    ['', null],
    [null, null],
  ])('Retry-After %j is %j ms', (header, expected) => {
    expect(retryAfterMsOf(header, Date.UTC(2026, 0, 15, 9))).toBe(expected)
  })
})

describe('C19: a request has an end', () => {
  const respond = (status: number, text: string, retryAfter: string | null = null) => ({
    ok: status < 300,
    status,
    headers: { get: (name: string) => (name === 'retry-after' ? retryAfter : null) },
    text: async () => text,
    json: async () => JSON.parse(text),
  })
  const withFetch = (fetch: ReturnType<typeof createVirtualEnv>['network']['fetch']) => {
    const env = createVirtualEnv()
    env.network.fetch = fetch
    return env
  }

  it('also when the server never answers, or never ends its answer', async () => {
    for (const hanging of [
      () => new Promise<never>(() => {}),
      async () => ({ ...respond(200, ''), text: () => new Promise<never>(() => {}) }),
    ]) {
      let isAborted = false
      const env = withFetch((_url, { signal }) => {
        const aborted = signal as { addEventListener(type: string, listener: () => void): void }
        return new Promise((resolve, reject) => {
          aborted.addEventListener('abort', () => {
            isAborted = true
            reject(new Error('aborted'))
          })
          void hanging().then(resolve)
        })
      })
      const failed = createApiFetch(env)('http://x/rest/v1/rpc/y').catch((error: unknown) => error)
      await env.advance(REQUEST_TIMEOUT_MS - 1)
      expect(isAborted).toBe(false)
      await env.advance(1)
      expect(isAborted).toBe(true)
      expect(env.timerCount).toBe(0)
      if (hanging.length === 0) await flushPromises()
      void failed
    }
  })

  it('and whoever asked may give it up sooner', async () => {
    const signal = createSignal()
    let wasAborted = false
    const env = withFetch((_url, request) => {
      const aborted = request.signal as { addEventListener(type: string, listener: () => void): void }
      return new Promise((_, reject) => {
        aborted.addEventListener('abort', () => {
          wasAborted = true
          reject(new Error('aborted'))
        })
      })
    })
    const failed = createApiFetch(env)('http://x', { signal }).catch((error: unknown) => error)
    await flushPromises()
    signal.abort()
    expect(await failed).toBeInstanceOf(NetworkFailure)
    expect(wasAborted).toBe(true)
    expect([env.timerCount, signal.listenerCount]).toEqual([0, 0])
    await createApiFetch(withFetch(async () => respond(200, '{}')))('http://x', { signal })
    expect(signal.listenerCount).toBe(0)
  })

  it('and says what the server asked for', async () => {
    const env = withFetch(async () => respond(429, '{}', '7'))
    const error = await createApiFetch(env)('http://x').catch((cause: unknown) => toChatError(cause, true))
    expect(error).toMatchObject({ kind: 'rate-limited', retryAfterMs: 7_000 })
    expect(env.timerCount).toBe(0)
  })

  it('and hears it from the body where the browser hides the header', async () => {
    const body = JSON.stringify({ code: 'PT429', message: 'rate_limited', details: '3', hint: 'Wait.' })
    const errorOf = async (retryAfter: string | null, text = body) =>
      await createApiFetch(withFetch(async () => respond(429, text, retryAfter)))('http://x').catch(
        (cause: unknown) => toChatError(cause, true),
      )
    expect(await errorOf(null)).toMatchObject({ kind: 'rate-limited', retryAfterMs: 3_000 })
    expect(await errorOf('7')).toMatchObject({ kind: 'rate-limited', retryAfterMs: 7_000 })
    expect(await errorOf(null, body.replace('"3"', '"soon"'))).toMatchObject({ retryAfterMs: null })
  })

  it('and never throws at auth-js, which would write it to the console', async () => {
    const env = withFetch(() => Promise.reject(new TypeError('fetch failed')))
    expect(await createAuthFetch(env)('http://x')).toMatchObject({ ok: false, status: 503 })
    const refused = withFetch(async () => respond(400, '{"error_code":"invalid_credentials"}'))
    expect(await createAuthFetch(refused)('http://x')).toMatchObject({ ok: false, status: 400 })
  })
})
