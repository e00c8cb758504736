/** The Realtime server behind a bare HTTP server on a free port, with tokens that tests can sign. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { jwtVerify, SignJWT } from 'jose'
import { type RealtimeOptions, type RealtimeServer, startRealtime } from '../index.ts'
import type { RealtimeLogEvent } from '../log.ts'
import type { TestDatabase } from './test-database.ts'

export const PUBLISHABLE_KEY = 'sb_publishable_test'
export const SECRET_KEY = 'sb_secret_test'

const SECRET = new TextEncoder().encode('a secret of the tests, thirty-two bytes or more')

export interface TestServer {
  /** `http://127.0.0.1:<port>`: what supabase-js wants. */
  readonly url: string
  readonly port: number
  readonly realtime: RealtimeServer
  readonly logged: RealtimeLogEvent[]
  /** Breaks every connection, as a network does. */
  cutSockets(): void
  close(): Promise<void>
}

export async function startTestServer(
  database: TestDatabase,
  options: Partial<RealtimeOptions> = {},
): Promise<TestServer> {
  const logged: RealtimeLogEvent[] = []
  const realtime = await startRealtime({
    database: database.config,
    async verifyToken(token) {
      const { payload } = await jwtVerify(token, SECRET)
      return { claims: payload, json: JSON.stringify(payload), exp: payload.exp ?? 0 }
    },
    apiKeyRole: key => (key === PUBLISHABLE_KEY ? 'anon' : key === SECRET_KEY ? 'service_role' : null),
    log: event => logged.push(event),
    ...options,
    limits: { joinErrorDelayMs: 20, ...options.limits },
  })
  const http = createServer((request, response) => realtime.handleRequest(request, response))
  const streams = new Set<Duplex>()
  http.on('upgrade', (request, stream, head) => {
    streams.add(stream)
    stream.on('close', () => streams.delete(stream))
    realtime.handleUpgrade(request, stream, head)
  })
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    realtime,
    logged,
    cutSockets() {
      for (const stream of streams) stream.destroy()
    },
    async close() {
      await realtime.close()
      http.closeAllConnections()
      await new Promise(resolve => http.close(resolve))
    },
  }
}

/** `expiresIn` in seconds; `null`: the claims say it, or nothing does. */
export function signToken(claims: Record<string, unknown>, expiresIn: number | null = 3600): Promise<string> {
  const exp = expiresIn === null ? {} : { exp: Math.floor(Date.now() / 1000) + expiresIn }
  return new SignJWT({ role: 'authenticated', ...claims, ...exp })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(SECRET)
}
