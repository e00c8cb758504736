/** Broadcasts over HTTP, as a test sends them: with the publishable key unless told otherwise. */

import { PUBLISHABLE_KEY, signToken, type TestServer } from './test-server.ts'

export const AS_KEY = { apikey: PUBLISHABLE_KEY }

export const asUser = async (sub: string) => ({
  ...AS_KEY,
  authorization: `Bearer ${await signToken({ sub })}`,
})

/** `path`: empty for a batch, else `/topic/events/event`. */
export function post(
  to: TestServer,
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = AS_KEY,
): Promise<Response> {
  return fetch(`${to.url}/realtime/v1/api/broadcast${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: new Uint8Array(Buffer.from(body)),
  })
}

export function postBatch(
  to: TestServer,
  messages: unknown,
  headers?: Record<string, string>,
): Promise<Response> {
  return post(to, '', JSON.stringify({ messages }), headers)
}
