/**
 * What no design can beat on this machine: a socket's message, one insert committed and flushed by the same
 * PostgreSQL, one socket push. No identity, no policy, no order, no retry.
 */
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { type WebSocket, WebSocketServer } from 'ws'
import { serveParent } from './child.ts'

export interface BareLimitFacts {
  url: string
}

const { databaseUrl } = JSON.parse(process.argv[2] ?? '{}') as { databaseUrl: string }
const pool = new pg.Pool({ connectionString: databaseUrl, max: 8 })
await pool.query(
  'create table if not exists public.bench_bare (id uuid primary key, room int not null, body text not null)',
)

const sockets = new Map<string, WebSocket>()
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
server.on('connection', (socket, request) => {
  sockets.set(new URL(request.url ?? '/', 'ws://localhost').searchParams.get('user') ?? '', socket)
  socket.on('message', async data => {
    const text = String(data)
    const message = JSON.parse(text) as { id: string; room: number; to: string; body: string }
    await pool.query({
      name: 'insert',
      text: 'insert into public.bench_bare (id, room, body) values ($1, $2, $3)',
      values: [message.id, message.room, message.body],
    })
    sockets.get(message.to)?.send(text)
  })
})
await new Promise(resolve => server.once('listening', resolve))
const facts: BareLimitFacts = { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` }
serveParent(facts, async () => {
  for (const socket of server.clients) socket.terminate()
  server.close()
  await pool.end()
})
