/** Reads a request's body, never more of it than allowed. */
import type { IncomingMessage } from 'node:http'

/** What is still on its way is not worth reading: the answer should close the connection. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError'
}

/** The client went away before its body was complete: there is nobody to answer. */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError'
}

/** @throws BodyTooLargeError, ClientGoneError */
export function readBytes(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(req.headers['content-length'] ?? 0) > maxBytes) {
      reject(new BodyTooLargeError())
      return
    }
    const chunks: Buffer[] = []
    let size = 0
    req.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) chunks.push(chunk)
      else {
        req.pause()
        chunks.length = 0
        reject(new BodyTooLargeError())
      }
    })
    req.once('end', () => resolve(Buffer.concat(chunks)))
    // Every request closes. An error made for nobody costs more than reading the body.
    const gone = () => {
      if (!req.readableEnded) reject(new ClientGoneError())
    }
    req.once('error', gone)
    req.once('close', gone)
  })
}
