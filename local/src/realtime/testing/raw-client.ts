/** A client of bare frames: sends what it is told and keeps what comes, decoded. */

import { WebSocket } from 'ws'
import { PUBLISHABLE_KEY } from './test-server.ts'

export interface Received {
  readonly joinRef: unknown
  readonly ref: unknown
  readonly topic: string
  readonly event: string
  // Whatever the server put there: a test says what it expects.
  readonly payload: Record<string, unknown> & { response?: Record<string, unknown>; status?: string }
  readonly isBinary: boolean
}

export interface ConnectOptions {
  readonly key?: string
  readonly version?: '1.0.0' | '2.0.0'
  readonly headers?: Record<string, string>
  /** In place of the one with the key and the version. */
  readonly query?: string
}

/** One that came, as it came. */
export interface RawFrame {
  readonly data: Buffer
  readonly isBinary: boolean
}

const WAIT_MS = 15_000

export class RawClient {
  readonly webSocket: WebSocket
  readonly received: Received[] = []
  /** The same, undecoded. */
  readonly frames: RawFrame[] = []
  closeCode: number | null = null
  readonly #version: '1.0.0' | '2.0.0'
  readonly #waiting = new Set<() => void>()
  #ref = 0

  private constructor(webSocket: WebSocket, version: '1.0.0' | '2.0.0') {
    this.webSocket = webSocket
    this.#version = version
    webSocket.on('message', (data: Buffer, isBinary) => {
      this.frames.push({ data, isBinary })
      this.received.push(isBinary ? decodeKind4(data) : decodeText(data.toString(), version))
      this.#wake()
    })
    webSocket.on('error', () => this.#wake())
    webSocket.on('close', code => {
      this.closeCode = code
      this.#wake()
    })
  }

  static async connect(port: number, options: ConnectOptions = {}): Promise<RawClient> {
    const { key = PUBLISHABLE_KEY, version = '2.0.0', headers = {} } = options
    const { query = `apikey=${key}&vsn=${version}` } = options
    const url = `ws://127.0.0.1:${port}/realtime/v1/websocket?${query}`
    const webSocket = new WebSocket(url, { headers })
    const client = new RawClient(webSocket, version)
    await new Promise((resolve, reject) => {
      webSocket.once('open', resolve)
      webSocket.once('error', reject)
    })
    return client
  }

  nextRef(): string {
    return String(++this.#ref)
  }

  push(topic: string, event: string, payload: unknown, joinRef: string | null = null): string {
    const ref = this.nextRef()
    const message =
      this.#version === '1.0.0'
        ? { topic, event, payload, ref, join_ref: joinRef }
        : [joinRef, ref, topic, event, payload]
    this.webSocket.send(JSON.stringify(message))
    return ref
  }

  /** Sends a join without waiting; the ref is the join_ref. */
  startJoin(topic: string, config: object = {}, accessToken?: string): string {
    const ref = this.nextRef()
    const payload = { config, ...(accessToken === undefined ? {} : { access_token: accessToken }) }
    const name = `realtime:${topic}`
    const message =
      this.#version === '1.0.0'
        ? { topic: name, event: 'phx_join', payload, ref, join_ref: ref }
        : [ref, ref, name, 'phx_join', payload]
    this.webSocket.send(JSON.stringify(message))
    return ref
  }

  /** The reply's payload: `{ status, response }`. */
  async join(topic: string, config: object = {}, accessToken?: string) {
    return (await this.reply(this.startJoin(topic, config, accessToken))).payload
  }

  broadcast(topic: string, event: string, payload: unknown): string {
    return this.push(`realtime:${topic}`, 'broadcast', { type: 'broadcast', event, payload })
  }

  /** `payload` is left out if it is not given. */
  presence(topic: string, event: string, payload?: unknown): string {
    return this.push(`realtime:${topic}`, 'presence', { type: 'presence', event, payload })
  }

  reply(ref: string): Promise<Received> {
    return this.waitFor(
      message => message.event === 'phx_reply' && message.ref === ref,
      `the reply to ${ref}`,
    )
  }

  waitForEvent(event: string, topic?: string): Promise<Received> {
    return this.waitFor(
      message => message.event === event && (topic === undefined || message.topic === `realtime:${topic}`),
      event,
    )
  }

  /** The first message that came, or comes, for which it is true. */
  async waitFor(is: (message: Received) => boolean, what = 'a message'): Promise<Received> {
    const found = () => this.received.find(is)
    await this.until(() => found() !== undefined, what)
    const message = found()
    if (!message) throw new Error('unreachable')
    return message
  }

  /** Waits until something that can change with a message or the close is true. */
  async until(isTrue: () => boolean, what: string): Promise<void> {
    if (isTrue()) return
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(check)
        const seen = this.received.map(message => message.event).join(', ')
        reject(new Error(`${what} did not come; seen: ${seen || 'nothing'}; close code: ${this.closeCode}`))
      }, WAIT_MS)
      const check = () => {
        if (!isTrue()) return
        clearTimeout(timer)
        this.#waiting.delete(check)
        resolve()
      }
      this.#waiting.add(check)
    })
  }

  closed(): Promise<void> {
    return this.until(() => this.closeCode !== null, 'the close')
  }

  /** A round trip: whatever the server sent before, on any topic, has arrived after it. */
  async heartbeat(): Promise<void> {
    await this.reply(this.push('phoenix', 'heartbeat', {}))
  }

  /** Returns when everything sent to a joined topic before this has been dealt with. */
  async fence(topic: string): Promise<void> {
    await this.reply(this.presence(topic, 'untrack'))
  }

  broadcasts(topic?: string): Received[] {
    return this.received.filter(
      message =>
        message.event === 'broadcast' && (topic === undefined || message.topic === `realtime:${topic}`),
    )
  }

  close(): void {
    this.webSocket.terminate()
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check()
  }
}

function decodeText(text: string, version: string): Received {
  const message = JSON.parse(text)
  if (version === '1.0.0') {
    return { ...message, joinRef: undefined, isBinary: false }
  }
  const [joinRef, ref, topic, event, payload] = message
  return { joinRef, ref, topic, event, payload, isBinary: false }
}

/** Kind 4, as the protocol describes it. */
export function decodeKind4(data: Buffer): Received {
  if (data[0] !== 4) throw new Error(`not a broadcast: kind ${data[0]}`)
  const [topicLength = 0, eventLength = 0, metaLength = 0, encoding] = data.subarray(1, 5)
  let offset = 5
  const take = (length: number) => {
    offset += length
    return data.toString('utf8', offset - length, offset)
  }
  const topic = take(topicLength)
  const event = take(eventLength)
  const meta = take(metaLength)
  const bytes = data.subarray(offset)
  return {
    joinRef: null,
    ref: null,
    topic,
    event: 'broadcast',
    payload: {
      type: 'broadcast',
      event,
      payload: encoding === 1 ? JSON.parse(bytes.toString()) : bytes,
      ...(meta === '' ? {} : { meta: JSON.parse(meta) }),
    },
    isBinary: true,
  }
}

/** Kind 0: any message of a client, its payload bytes. */
export function encodeKind0(fields: {
  joinRef?: string
  ref: string
  topic: string
  event: string
  payload?: Buffer
}): Buffer {
  const { joinRef = '', ref, topic, event, payload = Buffer.alloc(0) } = fields
  const strings = [joinRef, ref, topic, event].map(value => Buffer.from(value))
  return Buffer.concat([Buffer.from([0, ...strings.map(value => value.length)]), ...strings, payload])
}

/** Kind 3, as realtime-js sends a broadcast. */
export function encodeKind3(fields: {
  joinRef?: string
  ref?: string
  topic: string
  event: string
  meta?: string
  payload: Buffer | object
}): Buffer {
  const { joinRef = '', ref = '', topic, event, meta = '', payload } = fields
  const isBinary = Buffer.isBuffer(payload)
  const strings = [joinRef, ref, topic, event, meta].map(value => Buffer.from(value))
  return Buffer.concat([
    Buffer.from([3, ...strings.map(value => value.length), isBinary ? 0 : 1]),
    ...strings,
    isBinary ? payload : Buffer.from(JSON.stringify(payload)),
  ])
}
