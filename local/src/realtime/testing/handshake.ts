/** A handshake by hand, to see how it is answered where no socket comes of it. */

import { request } from 'node:http'
import type { TestServer } from './test-server.ts'

export interface HandshakeAnswer {
  readonly status: number | undefined
  readonly contentType: string | undefined
  /** Parsed; `null` if a socket was opened. It is closed at once. */
  readonly body: unknown
}

const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
}

export function handshake(
  server: TestServer,
  query: string,
  headers: Record<string, string> = {},
): Promise<HandshakeAnswer> {
  return new Promise((resolve, reject) => {
    const url = `${server.url}/realtime/v1/websocket?${query}`
    const outgoing = request(url, { headers: { ...UPGRADE, ...headers } }, response => {
      const contentType = response.headers['content-type']
      let body = ''
      response.on('data', chunk => {
        body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode, contentType, body: JSON.parse(body) }))
    })
    outgoing.on('upgrade', (_response, socket) => {
      socket.destroy()
      resolve({ status: 101, contentType: undefined, body: null })
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}
