/** What a socket costs at least: `ws`, open, and nothing else. */
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { serveParent } from './child.ts'

export interface BareSocketsFacts {
  url: string
}

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
server.on('connection', socket => {
  socket.on('error', () => {})
  socket.on('message', () => {})
})
await new Promise(resolve => server.once('listening', resolve))
const facts: BareSocketsFacts = { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` }
serveParent(facts, async () => {
  for (const socket of server.clients) socket.terminate()
  server.close()
})
