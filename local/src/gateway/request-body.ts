/** The bound of every body that is for the gateway itself, and the answer to a larger one. */
import type { IncomingMessage } from 'node:http'
import { BodyTooLargeError, readBytes } from '../read-bytes.ts'
import { HttpError } from './reply.ts'

export const MAX_BODY_BYTES = 1_000_000

export const tooLarge = (): HttpError =>
  new HttpError(413, 'body_too_large', 'The request body is too large', {
    details: `at most ${MAX_BODY_BYTES} bytes`,
    // What is still on its way is not worth reading.
    headers: { Connection: 'close' },
  })

/** @throws HttpError 413, ClientGoneError */
export async function readBody(req: IncomingMessage): Promise<string> {
  try {
    return (await readBytes(req, MAX_BODY_BYTES)).toString('utf8')
  } catch (error) {
    throw error instanceof BodyTooLargeError ? tooLarge() : error
  }
}
