/** Calls of the API over kept-alive connections, by hand: what a generator spends on HTTP a server has not got. */
import { connect, type Socket } from 'node:net'

export interface LightHttp {
  /** On a connection that is free, or on one more. Rejects on any status but 200. */
  call<Answer>(token: string, name: string, args: Record<string, unknown>): Promise<Answer>
  close(): void
}

interface Connection {
  ask(request: string): Promise<{ status: number; body: string }>
}

export function createLightHttp({ url, key }: { url: string; key: string }): LightHttp {
  const { port, host } = new URL(url)
  const streams = new Set<Socket>()
  const free: Connection[] = []
  return {
    async call<Answer>(token: string, name: string, args: Record<string, unknown>) {
      const connection = free.pop() ?? open(Number(port), streams)
      const body = JSON.stringify(args)
      const { status, body: answer } = await connection.ask(
        `POST /rest/v1/rpc/${name} HTTP/1.1\r\nHost: ${host}\r\napikey: ${key}\r\nAuthorization: Bearer ${token}\r\n` +
          `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      )
      free.push(connection)
      if (status !== 200) throw new Error(`A call was answered ${status}: ${answer}`)
      return JSON.parse(answer) as Answer
    },
    close() {
      for (const stream of streams) stream.destroy()
    },
  }
}

function open(port: number, streams: Set<Socket>): Connection {
  const stream = connect({ host: '127.0.0.1', port })
  stream.setNoDelay(true)
  streams.add(stream)
  let waiting: {
    resolve(answer: { status: number; body: string }): void
    reject(error: Error): void
  } | null = null
  let bytes: Buffer = Buffer.alloc(0)
  stream.on('data', (chunk: Buffer) => {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
    const answer = readAnswer(bytes)
    if (!answer) return
    bytes = Buffer.alloc(0)
    waiting?.resolve(answer)
  })
  stream.on('error', () => {})
  stream.on('close', () => {
    streams.delete(stream)
    waiting?.reject(new Error('A connection ended before its answer.'))
  })
  return {
    ask: request =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        stream.write(request)
      }),
  }
}

/** null: not all of it is there. The server gives every body's length. */
function readAnswer(bytes: Buffer): { status: number; body: string } | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return null
  const head = bytes.toString('latin1', 0, end)
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1])
  if (bytes.length < end + 4 + length) return null
  return { status: Number(head.slice(9, 12)), body: bytes.toString('utf8', end + 4, end + 4 + length) }
}
