/** What no fan-out can beat: a frame made beforehand, written to the streams of `ws` sockets and to nothing else. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { serveParent } from './child.ts'

export interface BareFanoutFacts {
  url: string
}

export interface BareFanoutOrder {
  /** Of the payload. */
  bytes: number
  /** How many times it is sent to everybody. */
  count: number
  /** How many of them in one turn of the event loop, their writes joined. */
  perTurn: number
}

const streams = new Set<Duplex>()
const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
const server = createServer()
server.on('upgrade', (request, stream, head) => {
  webSockets.handleUpgrade(request, stream, head, webSocket => {
    streams.add(stream)
    webSocket.on('error', () => {})
    webSocket.on('close', () => streams.delete(stream))
  })
})

function fanOut({ bytes, count, perTurn }: BareFanoutOrder): void {
  const frame = binaryFrame(Buffer.alloc(bytes, 'x'))
  let left = count
  const turn = () => {
    const now = Math.min(left, perTurn)
    for (const stream of streams) {
      if (now > 1) stream.cork()
      for (let i = 0; i < now; i++) stream.write(frame)
      if (now > 1) stream.uncork()
    }
    left -= now
    if (left > 0) setImmediate(turn)
  }
  turn()
}

function binaryFrame(payload: Buffer): Buffer {
  const head = Buffer.from([0x82, 126, payload.length >> 8, payload.length & 0xff])
  return Buffer.concat([head, payload])
}

server.listen(0, '127.0.0.1')
await new Promise(resolve => server.once('listening', resolve))
const facts: BareFanoutFacts = { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` }
serveParent(
  facts,
  async () => {
    for (const stream of streams) stream.destroy()
    server.close()
  },
  { fanOut },
)
