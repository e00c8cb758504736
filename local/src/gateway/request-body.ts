/** Reads a request's body, never more of it than allowed. */
import type { IncomingMessage } from 'node:http'
import { HttpError } from './reply.ts'

export const MAX_BODY_BYTES = 1_000_000

export const tooLarge = (): HttpError =>
  new HttpError(413, 'body_too_large', 'The request body is too large', {
    details: `at most ${MAX_BODY_BYTES} bytes`,
    // What is still on its way is not worth reading.
    headers: { Connection: 'close' },
  })

/** The client went away before its body was complete: there is nobody to answer. */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError'
}

/** @throws HttpError 413, ClientGoneError */
export function readBody(req: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    if (Number(req.headers['content-length'] ?? 0) > MAX_BODY_BYTES) {
      reject(tooLarge())
      return
    }
    const chunks: Buffer[] = []
    let size = 0
    req.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_BODY_BYTES) chunks.push(chunk)
      else {
        req.pause()
        chunks.length = 0
        reject(tooLarge())
      }
    })
    req.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    const gone = () => reject(new ClientGoneError())
    req.once('error', gone)
    req.once('close', gone)
  })
}
