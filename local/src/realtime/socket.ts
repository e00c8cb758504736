/**
 * One client's connection: decodes its frames, hands each to the queue of its topic, writes what channels and rooms send.
 *
 * Whatever a client sends, the process and the socket survive: what is no frame is ignored, a frame too large and a
 * client too slow cost that client its socket. Work that waits is bounded: past the bounds the socket is not read.
 *
 * Never: an exception past this module; two frames of one topic handled out of order or at once.
 */

import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { RawData, WebSocket } from 'ws'
import type { Channel } from './channel.ts'
import { handlePush } from './channel-pushes.ts'
import { errorCode } from './database-config.ts'
import { type ClientFrame, decodeBinary, decodeText, type ProtocolVersion } from './frames/client-frame.ts'
import { replyFrame } from './frames/server-message.ts'
import { type JoinHost, JoinRefusal, joinChannel } from './join.ts'
import { SerialQueue } from './serial-queue.ts'
import type { Services } from './services.ts'
import type { Identity } from './tokens.ts'

export interface SocketOptions {
  readonly webSocket: WebSocket
  /** The stream under it, which finished frames are written to. */
  readonly stream: Duplex
  readonly version: ProtocolVersion
  readonly identity: Identity
  readonly headersJson: string
  readonly services: Services
  onClose(socket: RealtimeSocket): void
}

interface Topic {
  readonly queue: SerialQueue
  channel: Channel | null
}

const WAITING_FRAMES_MAX = 256
const WAITING_BYTES_MAX = 8_000_000
const OPEN = 1
/** Makes a client come back, unlike 1000. */
const GOING_AWAY = 1001

export class RealtimeSocket implements JoinHost {
  readonly version: ProtocolVersion
  readonly identity: Identity
  readonly headersJson: string
  readonly services: Services
  readonly #webSocket: WebSocket
  readonly #stream: Duplex
  readonly #topics = new Map<string, Topic>()
  readonly #onClose: (socket: RealtimeSocket) => void
  #waitingFrames = 0
  #waitingBytes = 0
  #pauses = 0
  #lastReceivedAt = Date.now()
  #hadChannelAt = Date.now()
  #overBacklogSince = 0
  #onDrained: (() => void)[] = []

  constructor(options: SocketOptions) {
    this.version = options.version
    this.identity = options.identity
    this.headersJson = options.headersJson
    this.services = options.services
    this.#webSocket = options.webSocket
    this.#stream = options.stream
    this.#onClose = options.onClose
    this.#webSocket.on('message', (data, isBinary) => this.#receive(data, isBinary))
    this.#webSocket.on('ping', () => {
      this.#lastReceivedAt = Date.now()
    })
    // Always followed by 'close': a broken frame, one too large, a connection reset.
    this.#webSocket.on('error', error => {
      this.services.log({ level: 'info', event: 'socket-failed', detail: errorCode(error) })
    })
    this.#webSocket.on('close', () => this.#closed())
    this.#stream.on('drain', () => this.#drained())
  }

  get isOpen(): boolean {
    return this.#webSocket.readyState === OPEN
  }

  get channelCount(): number {
    let count = 0
    for (const topic of this.#topics.values()) if (topic.channel) count++
    return count
  }

  send(frame: Buffer): void {
    if (!this.isOpen) return
    if (!this.services.writes.has(this.#stream)) {
      if (this.#isTooFarBehind(Date.now())) {
        this.#cut()
        return
      }
      this.services.writes.add(this.#stream)
    }
    this.#stream.write(frame)
  }

  whenDrained(then: () => void): void {
    if (this.isOpen && this.isBehind) this.#onDrained.push(then)
    else then()
  }

  get isBehind(): boolean {
    // Below its high-water mark a stream does not tell when it has drained.
    const comfortable = Math.max(
      this.services.limits.comfortableBacklogBytes,
      this.#stream.writableHighWaterMark,
    )
    return this.#stream.writableLength > comfortable
  }

  close(code: number): void {
    this.#webSocket.close(code)
  }

  terminate(): void {
    this.#webSocket.terminate()
  }

  release(channel: Channel): void {
    const topic = this.#topics.get(channel.topic)
    if (topic?.channel !== channel) return
    topic.channel = null
    if (topic.queue.isIdle) this.#topics.delete(channel.topic)
  }

  /** Called every few seconds. Closes the socket if its client is silent, does nothing, or does not read. */
  sweep(now: number): void {
    const { idleTimeoutMs, noChannelTimeoutMs } = this.services.limits
    if (this.#topics.size > 0) this.#hadChannelAt = now
    if (this.#isTooFarBehind(now)) this.#cut()
    else if (now - this.#lastReceivedAt > idleTimeoutMs) {
      // A client that vanished will not answer a close frame.
      if (now - this.#lastReceivedAt > 2 * idleTimeoutMs || !this.isOpen) this.terminate()
      else this.close(GOING_AWAY)
    } else if (now - this.#hadChannelAt > noChannelTimeoutMs) this.close(GOING_AWAY)
  }

  #isTooFarBehind(now: number): boolean {
    const { maxBacklogBytes, maxPayloadBytes, backlogGraceMs } = this.services.limits
    const backlog = this.#stream.writableLength
    if (backlog <= maxBacklogBytes) {
      this.#overBacklogSince = 0
      return false
    }
    if (this.#overBacklogSince === 0) this.#overBacklogSince = now
    return backlog > maxBacklogBytes + maxPayloadBytes || now - this.#overBacklogSince > backlogGraceMs
  }

  /**
   * The client is to come back and fetch what it missed. By a reset: the system forgets what it still holds for the client,
   * megabytes that it would go on offering to who does not read, and an end behind them would come as late.
   */
  #cut(): void {
    this.services.log({ level: 'warn', event: 'socket-backlog', detail: this.#stream.writableLength })
    if (this.#stream instanceof Socket) this.#stream.resetAndDestroy()
    this.terminate()
  }

  #receive(data: RawData, isBinary: boolean): void {
    this.#lastReceivedAt = Date.now()
    if (!this.isOpen) return
    try {
      const bytes = toBuffer(data)
      const frame = isBinary
        ? decodeBinary(bytes, this.version)
        : decodeText(bytes.toString('utf8'), this.version)
      if (frame) this.#handle(frame, bytes.length)
      else this.services.log({ level: 'info', event: 'frame-malformed' })
    } catch (error) {
      this.#failed(error)
    }
  }

  #handle(frame: ClientFrame, bytes: number): void {
    const topic = this.#topics.get(frame.topic)
    if (topic) this.#enqueue(topic, frame, bytes)
    else if (frame.topic === 'phoenix' && frame.event === 'heartbeat') this.#reply(frame, 'ok', {})
    else if (frame.event !== 'phx_join' || !frame.topic.startsWith('realtime:')) {
      this.#handleUnknownTopic(frame)
    } else if (frame.topic === 'realtime:') {
      this.#refuseLater(frame, 'TopicNameRequired: You must provide a topic name', bytes)
    } else if (this.#topics.size >= this.services.limits.maxChannelsPerSocket) {
      this.#refuseLater(frame, 'ChannelRateLimitReached: Too many channels', bytes)
    } else {
      this.#enqueue(this.#openTopic(frame.topic), frame, bytes)
    }
  }

  #openTopic(name: string): Topic {
    const topic: Topic = {
      channel: null,
      queue: new SerialQueue(
        error => {
          this.#failed(error)
          // What it left half done is unknown: the client joins again.
          topic.channel?.crash()
        },
        () => {
          if (!topic.channel) this.#topics.delete(name)
        },
      ),
    }
    this.#topics.set(name, topic)
    return topic
  }

  #enqueue(topic: Topic, frame: ClientFrame, bytes: number): void {
    const done = this.#waitFor(bytes)
    topic.queue.push(() => {
      const running = this.#handleInTopic(topic, frame)
      if (running) return running.finally(done)
      done()
    })
    this.#pauseWhileCongested()
  }

  #handleInTopic(topic: Topic, frame: ClientFrame): void | Promise<void> {
    if (!this.isOpen) return
    if (frame.event === 'phx_join') return this.#join(topic, frame)
    if (!topic.channel) return this.#handleUnknownTopic(frame)
    if (frame.event === 'phx_leave') return topic.channel.leave(frame.ref)
    return handlePush(topic.channel, frame)
  }

  async #join(topic: Topic, frame: ClientFrame): Promise<void> {
    topic.channel?.close()
    try {
      topic.channel = await joinChannel(this, frame)
    } catch (error) {
      const isRefusal = error instanceof JoinRefusal
      if (!isRefusal) this.#failed(error)
      await this.#joinErrorDelay()
      this.#reply(frame, 'error', { reason: isRefusal ? error.message : 'Unknown Error on Channel' })
      if (isRefusal && error.endsSocket) this.close(GOING_AWAY)
      return
    }
    // Closed while it was being joined: 'close' did not see it.
    if (!this.isOpen) topic.channel?.end()
  }

  #handleUnknownTopic(frame: ClientFrame): void {
    if (frame.event === 'phx_leave') this.#reply(frame, 'ok', {})
    else this.#reply(frame, 'error', { reason: 'unmatched topic' })
  }

  #refuseLater(frame: ClientFrame, reason: string, bytes: number): void {
    const done = this.#waitFor(bytes)
    this.#joinErrorDelay().then(() => {
      done()
      this.#reply(frame, 'error', { reason })
    })
  }

  #joinErrorDelay(): Promise<void> {
    return new Promise(resolve => setTimeout(resolve, this.services.limits.joinErrorDelayMs).unref())
  }

  #reply(frame: ClientFrame, status: 'ok' | 'error', response: unknown): void {
    const joinRef = frame.topic === 'phoenix' ? null : frame.joinRef
    this.send(replyFrame(this.version, joinRef, frame.ref, frame.topic, status, response))
  }

  /** Counts a frame that may have to wait; the function returned ends that. */
  #waitFor(bytes: number): () => void {
    this.#waitingFrames++
    this.#waitingBytes += bytes
    const isOver = this.#waitingFrames > WAITING_FRAMES_MAX || this.#waitingBytes > WAITING_BYTES_MAX
    if (isOver) this.#pause()
    return () => {
      this.#waitingFrames--
      this.#waitingBytes -= bytes
      if (isOver) this.#resume()
    }
  }

  #pauseWhileCongested(): void {
    if (!this.services.hub.isCongested) return
    this.#pause()
    this.services.hub.whenRelieved(() => this.#resume())
  }

  #pause(): void {
    if (this.#pauses++ === 0) this.#webSocket.pause()
  }

  #resume(): void {
    if (--this.#pauses === 0) this.#webSocket.resume()
  }

  #failed(error: unknown): void {
    this.services.log({ level: 'error', event: 'message-failed', detail: errorCode(error) })
  }

  #drained(): void {
    const waiting = this.#onDrained
    this.#onDrained = []
    for (const then of waiting) then()
  }

  #closed(): void {
    this.#drained()
    for (const topic of this.#topics.values()) topic.channel?.end()
    this.#topics.clear()
    this.#onClose(this)
  }
}

/** A server's `ws` gives Buffers; the type allows more. */
function toBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(new Uint8Array(data))
}
