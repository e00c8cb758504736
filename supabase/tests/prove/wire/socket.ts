/** A socket to Realtime, by bare frames: joins, sends, and keeps what it hears. */
import { WebSocket } from 'ws'

type Frame = [joinRef: string | null, ref: string | null, topic: string, event: string, payload: Payload]
interface Payload {
  readonly status?: string
  readonly event?: string
}

interface Waiting {
  readonly resolve: (payload: Payload) => void
  readonly reject: (error: Error) => void
}

interface Credentials {
  readonly key: string
  readonly token: string | null
}

export class Socket {
  /** Events of broadcasts, by the topic that they came on. */
  readonly heard: { topic: string; event: string }[] = []
  readonly #webSocket: WebSocket
  readonly #token: string | null
  readonly #answers = new Map<string, Waiting>()
  readonly #joined = new Map<string, string>()
  #ref = 0

  private constructor(webSocket: WebSocket, token: string | null) {
    this.#webSocket = webSocket
    this.#token = token
    webSocket.on('close', () => {
      for (const { reject } of this.#answers.values())
        reject(new Error('The socket was closed before it answered.'))
    })
    webSocket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) {
        this.#hear(data)
        return
      }
      const [, ref, topic, event, payload] = JSON.parse(data.toString()) as Frame
      if (event === 'phx_reply' && ref !== null) this.#answers.get(ref)?.resolve(payload)
      if (event === 'broadcast') this.heard.push({ topic: topicOf(topic), event: payload.event ?? '' })
    })
  }

  static async open(url: string, { key, token }: Credentials): Promise<Socket> {
    const webSocket = new WebSocket(`${url}?apikey=${key}&vsn=2.0.0`)
    await new Promise((resolve, reject) => {
      webSocket.once('open', resolve)
      webSocket.once('error', reject)
    })
    return new Socket(webSocket, token)
  }

  /** Whether the join was granted. */
  async join(topic: string): Promise<boolean> {
    const ref = this.#next()
    const payload = {
      config: { private: true, broadcast: { self: false }, presence: { key: '' } },
      ...(this.#token ? { access_token: this.#token } : {}),
    }
    const { status } = await this.#push(ref, topic, 'phx_join', payload, ref)
    if (status === 'ok') this.#joined.set(topic, ref)
    return status === 'ok'
  }

  /** Sends whether or not it has joined, and comes back when the server has dealt with it. */
  async send(topic: string, event: string): Promise<void> {
    const joinRef = this.#joined.get(topic) ?? null
    const payload = { type: 'broadcast', event, payload: {} }
    this.#webSocket.send(JSON.stringify([joinRef, this.#next(), `realtime:${topic}`, 'broadcast', payload]))
    if (joinRef !== null) {
      await this.#push(this.#next(), topic, 'presence', { type: 'presence', event: 'untrack' }, joinRef)
    }
    await this.heartbeat()
  }

  /** What the server sent before has arrived after it. */
  async heartbeat(): Promise<void> {
    const ref = this.#next()
    const answer = this.#answer(ref)
    this.#webSocket.send(JSON.stringify([null, ref, 'phoenix', 'heartbeat', {}]))
    await answer
  }

  close(): void {
    this.#webSocket.terminate()
  }

  #next = () => String(++this.#ref)

  #answer(ref: string): Promise<Payload> {
    return new Promise((resolve, reject) => this.#answers.set(ref, { resolve, reject }))
  }

  #push(ref: string, topic: string, event: string, payload: object, joinRef: string): Promise<Payload> {
    const answer = this.#answer(ref)
    this.#webSocket.send(JSON.stringify([joinRef, ref, `realtime:${topic}`, event, payload]))
    return answer
  }

  /** A broadcast in bytes: four lengths and the kind of payload, then topic and event. */
  #hear(data: Buffer): void {
    const [topicLength = 0, eventLength = 0] = data.subarray(1, 3)
    const topic = data.toString('utf8', 5, 5 + topicLength)
    const event = data.toString('utf8', 5 + topicLength, 5 + topicLength + eventLength)
    this.heard.push({ topic: topicOf(topic), event })
  }
}

const topicOf = (name: string) => name.replace(/^realtime:/, '')
