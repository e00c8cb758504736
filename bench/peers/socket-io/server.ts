/**
 * What one writes by hand in an afternoon: Socket.IO and a pool of pg connections, insert, then broadcast, then
 * acknowledge. Nobody is asked who they are, and any room is open to anybody. Connections race: what it tells first is not
 * always what was committed first.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { Server } from 'socket.io'
import { serveParent } from '../../src/servers/child.ts'

export interface SocketIoFacts {
  url: string
}

export interface SocketIoMessage {
  id: string
  room: string
  body: string
  /** As the database numbered it. */
  seq?: string
}

const CONNECTIONS = 10

const { databaseUrl } = JSON.parse(process.argv[2] ?? '{}') as { databaseUrl: string }
const pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS })
await pool.query(`create table if not exists public.bench_socket_io (
  id uuid primary key, room uuid not null, body text not null, seq bigint generated always as identity,
  created_at timestamptz not null default now())`)

const http = createServer()
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })
io.on('connection', socket => {
  socket.on('join', (room: string, done: () => void) => {
    void socket.join(room)
    done()
  })
  socket.on('message', async (message: SocketIoMessage, acknowledge: () => void) => {
    const { rows } = await pool.query<{ seq: string }>({
      name: 'insert',
      text: 'insert into public.bench_socket_io (id, room, body) values ($1, $2, $3) returning seq',
      values: [message.id, message.room, message.body],
    })
    socket.to(message.room).emit('message', { ...message, seq: rows[0]?.seq })
    acknowledge()
  })
})
http.listen(0, '127.0.0.1')
await new Promise(resolve => http.once('listening', resolve))
const facts: SocketIoFacts = { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` }
serveParent(facts, async () => {
  await io.close()
  await pool.end()
})
