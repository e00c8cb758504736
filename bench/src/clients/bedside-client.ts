/** One person with one socket and one kept-alive HTTP connection, speaking the protocol and nothing else. */
import { Agent, request } from 'node:http'
import { WebSocket } from 'ws'

export interface BedsideClient {
  /** Resolves once the channel is joined. */
  join(topic: string): Promise<void>
  /** Calls a function of the API; rejects on any status but 200. */
  call<Answer>(name: string, args: Record<string, unknown>): Promise<Answer>
  close(): void
}

type Frame = [
  string | null,
  string | null,
  string,
  string,
  { event?: string; status?: string; payload?: unknown },
]

const HEARTBEAT_MS = 20_000

export async function connect(options: {
  url: string
  key: string
  token: string
  /** Called with the payload of each `message` broadcast, at the moment its frame arrived. */
  onMessage(payload: { message: { id: string } }): void
}): Promise<BedsideClient> {
  const socketUrl = `${options.url.replace(/^http/, 'ws')}/realtime/v1/websocket?apikey=${options.key}&vsn=2.0.0`
  const socket = new WebSocket(socketUrl, { perMessageDeflate: false })
  const joins = new Map<string, { resolve(): void; reject(error: Error): void }>()
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) return onBroadcast(data, options.onMessage)
    const [, ref, , event, payload] = JSON.parse(data.toString()) as Frame
    if (event === 'phx_reply' && ref !== null) {
      const join = joins.get(ref)
      if (payload.status === 'ok') join?.resolve()
      else join?.reject(new Error(`A join was refused: ${JSON.stringify(payload)}`))
    }
    if (event === 'broadcast' && payload.event === 'message') {
      options.onMessage(payload.payload as { message: { id: string } })
    }
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  const heartbeat = setInterval(
    () => socket.send(JSON.stringify([null, 'h', 'phoenix', 'heartbeat', {}])),
    HEARTBEAT_MS,
  )
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let ref = 0

  return {
    join: topic =>
      new Promise((resolve, reject) => {
        const id = String(++ref)
        joins.set(id, { resolve, reject })
        const config = {
          broadcast: { ack: false, self: false },
          presence: { key: '', enabled: false },
          postgres_changes: [],
          private: true,
        }
        const payload = { config, access_token: options.token }
        socket.send(JSON.stringify([id, id, `realtime:${topic}`, 'phx_join', payload]))
      }),
    call: (name, args) => post(agent, `${options.url}/rest/v1/rpc/${name}`, options, JSON.stringify(args)),
    close() {
      clearInterval(heartbeat)
      socket.terminate()
      agent.destroy()
    },
  }
}

/** A kind 4 frame: five bytes of lengths, topic, event, metadata, payload. */
function onBroadcast(frame: Buffer, onMessage: (payload: { message: { id: string } }) => void): void {
  const [kind = 0, topicLength = 0, eventLength = 0, metaLength = 0] = frame
  if (kind !== 4) return
  const eventAt = 5 + topicLength
  const payloadAt = eventAt + eventLength + metaLength
  if (frame.toString('utf8', eventAt, eventAt + eventLength) !== 'message') return
  onMessage(JSON.parse(frame.toString('utf8', payloadAt)) as { message: { id: string } })
}

function post<Answer>(
  agent: Agent,
  url: string,
  who: { key: string; token: string },
  body: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      apikey: who.key,
      authorization: `Bearer ${who.token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }
    const outgoing = request(url, { agent, method: 'POST', headers }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        if (response.statusCode === 200) resolve(JSON.parse(text) as Answer)
        else reject(new Error(`A call was answered ${response.statusCode}: ${text}`))
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
