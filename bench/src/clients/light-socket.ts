/**
 * A WebSocket of a bench, by hand on a TCP stream: thousands of them must cost the generator next to nothing, and a slow
 * reader must be able to leave bytes in the stream. No compression, no fragments, no close handshake.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface LightSocket {
  send(text: string): void
  /** Reads on its own account from here on: no more frames. */
  readonly stream: Socket
  destroy(): void
}

export interface LightSocketOptions {
  /** `ws://host:port/path` */
  url: string
  /** `payload` is valid until it returns. */
  onFrame(opcode: number, payload: Buffer): void
  onClose?(): void
}

export const TEXT = 1
export const BINARY = 2

/** Rejects where the server refuses or is gone. */
export async function openSocket({ url, onFrame, onClose }: LightSocketOptions): Promise<LightSocket> {
  const { hostname, port, pathname, search, host } = new URL(url)
  const stream = connect({ host: hostname === 'localhost' ? '127.0.0.1' : hostname, port: Number(port) })
  stream.setNoDelay(true)
  const closed = once(stream, 'close').then(() => Promise.reject(new Error('A socket was refused.')))
  closed.catch(() => {})
  stream.on('error', () => {})
  await Promise.race([once(stream, 'connect'), closed])
  stream.write(
    `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  const frames = createFrameReader(onFrame)
  frames.push(await Promise.race([readHead(stream), closed]))
  stream.on('data', (chunk: Buffer) => frames.push(chunk))
  if (onClose) stream.on('close', onClose)
  return {
    stream,
    send: text => void stream.write(textFrame(text)),
    destroy: () => stream.destroy(),
  }
}

/** What came after the answer's head. */
function readHead(stream: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0)
    const onData = (chunk: Buffer) => {
      head = Buffer.concat([head, chunk])
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      stream.off('data', onData)
      const status = head.toString('latin1', 9, 12)
      if (status === '101') resolve(head.subarray(end + 4))
      else {
        stream.destroy()
        reject(new Error(`A socket was refused with ${status}.`))
      }
    }
    stream.on('data', onData)
  })
}

/** Masked, as a client's must be, with a key of zeros. */
function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const headLength = length < 126 ? 6 : 8
  const frame = Buffer.alloc(headLength + length)
  frame[0] = 0x80 | TEXT
  frame[1] = 0x80 | (length < 126 ? length : 126)
  if (length >= 126) frame.writeUInt16BE(length, 2)
  frame.write(text, headLength)
  return frame
}

function createFrameReader(onFrame: LightSocketOptions['onFrame']): { push(chunk: Buffer): void } {
  let rest: Buffer | null = null
  return {
    push(chunk) {
      const bytes = rest ? Buffer.concat([rest, chunk]) : chunk
      let at = 0
      while (bytes.length - at >= 2) {
        let length = (bytes[at + 1] ?? 0) & 0x7f
        let start = at + 2
        if (length >= 126) {
          start += length === 126 ? 2 : 8
          if (start > bytes.length) break
          length = length === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
        }
        if (start + length > bytes.length) break
        onFrame((bytes[at] ?? 0) & 0x0f, bytes.subarray(start, start + length))
        at = start + length
      }
      rest = at === bytes.length ? null : bytes.subarray(at)
    },
  }
}
