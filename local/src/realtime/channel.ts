/**
 * One topic joined on one socket: who joined it, what they may do, and how it ends.
 *
 *   joined -> closed   phx_close: left, or shut for good (the client stays away)
 *          -> closed   phx_error: our fault (the client joins again)
 *          -> closed   silently: the socket is gone
 *
 * Never: a message of a kind that the policies did not grant; a message after the end; a right that outlives its token.
 */

import { type Extension, isUnanswered, type ReadRights, type Subject } from './authorization.ts'
import type { ProtocolVersion, Ref } from './frames/client-frame.ts'
import { channelFrame, type ReplyStatus, type RoomMessage, replyFrame } from './frames/server-message.ts'
import { HoldBack } from './hold-back.ts'
import type { Audience, Room, RoomMember } from './hub.ts'
import type { JoinConfig } from './join-config.ts'
import { CallWindow } from './rate-limits.ts'
import type { Services } from './services.ts'
import { expiredMessage, type Identity } from './tokens.ts'

/** The socket, as its channels see it. */
export interface ChannelHost {
  readonly version: ProtocolVersion
  readonly headersJson: string
  readonly services: Services
  send(frame: Buffer): void
  /** So much is unread that what can be told later is. */
  readonly isBehind: boolean
  /** Calls back once it is read, at once if it is not behind, and when the client is gone. */
  whenDrained(then: () => void): void
  /** The channel has ended. */
  release(channel: Channel): void
}

export interface ChannelOptions {
  /** With the prefix `realtime:`. */
  readonly topic: string
  readonly joinRef: Ref
  readonly config: JoinConfig
  readonly presenceKey: string
  readonly identity: Identity
  readonly rights: ReadRights
}

/** Expiry is looked at again after so long, however far it is. */
const TOKEN_CHECK_MAX_MS = 300_000

export class Channel implements RoomMember {
  readonly version: ProtocolVersion
  readonly topic: string
  readonly subTopic: string
  readonly joinRef: Ref
  readonly config: JoinConfig
  readonly presenceKey: string
  readonly room: Room
  readonly #host: ChannelHost
  readonly #writes = new Map<Extension, boolean>()
  readonly #presenceCalls: CallWindow
  readonly #undo: (() => void)[] = []
  readonly #newTokenListeners: (() => void)[] = []
  #identity: Identity
  #rights: ReadRights
  #isPresenceEnabled: boolean
  #isJoined = true
  #tokenTimer: NodeJS.Timeout | null = null
  #owesState = false
  /** Of a channel that asked for a replay. */
  readonly #holdBack: HoldBack | null

  constructor(host: ChannelHost, options: ChannelOptions) {
    this.#host = host
    this.version = host.version
    this.topic = options.topic
    this.subTopic = options.topic.slice(options.topic.indexOf(':') + 1)
    this.joinRef = options.joinRef
    this.config = options.config
    this.presenceKey = options.presenceKey
    this.#identity = options.identity
    this.#rights = options.rights
    this.#isPresenceEnabled = options.config.presenceEnabled
    const { maxPresenceCallsPerChannel, presenceCallWindowMs } = this.services.limits
    this.#presenceCalls = new CallWindow(maxPresenceCallsPerChannel, presenceCallWindowMs)
    this.#holdBack = options.config.replay ? new HoldBack(this.services.limits.maxBacklogBytes) : null
    this.room = host.services.hub.enter(this.topic, this.config.isPrivate, this)
    this.#watchToken()
  }

  get services(): Services {
    return this.#host.services
  }

  get isJoined(): boolean {
    return this.#isJoined
  }

  get identity(): Identity {
    return this.#identity
  }

  /** Who the channel's policies are asked about. */
  get subject(): Subject {
    return this.#subject(this.#identity)
  }

  get rights(): ReadRights {
    return this.#rights
  }

  get isPresenceEnabled(): boolean {
    return this.#isPresenceEnabled
  }

  accepts(audience: Audience): boolean {
    // Who may see a change is asked for each change.
    return this.#isJoined && (audience === 'changes' || this.#rights[audience])
  }

  deliver(frame: Buffer, message: RoomMessage, audience: Audience): void {
    if (this.services.rates.events.isReached) this.closeWith('Too many messages per second')
    else if (this.#holdBack?.isHolding) this.#hold(frame, message, audience)
    else if (audience === 'presence' && this.#isStateOwed()) return
    else if (!this.#holdBack?.knows(message)) this.#host.send(frame)
  }

  /** Sends what came before the channel, as fast as the client reads. */
  async replay(messages: readonly RoomMessage[]): Promise<void> {
    for (const message of messages) {
      if (!this.#isJoined) return
      this.#holdBack?.add(message)
      const frame = message.frame(this.version)
      if (frame) this.#host.send(frame)
      await new Promise<void>(resolve => this.#host.whenDrained(resolve))
    }
  }

  /** Sends what was held back meanwhile, and from now on what comes. */
  goLive(): void {
    if (this.#isJoined) this.#holdBack?.release(frame => this.#host.send(frame))
  }

  /** Only a message with a ref waits for a reply. */
  reply(ref: Ref, status: ReplyStatus, response: unknown): void {
    if (ref !== null) {
      this.#host.send(replyFrame(this.version, this.joinRef, ref, this.topic, status, response))
    }
  }

  /** `payload` is JSON text. */
  push(event: string, payload: string): void {
    if (this.#isJoined) {
      this.#host.send(channelFrame(this.version, this.joinRef, null, this.topic, event, payload))
    }
  }

  system(status: ReplyStatus, message: string, extension = 'system'): void {
    this.push('system', JSON.stringify({ extension, status, message, channel: this.subTopic }))
  }

  /** Asks the read policies. Public channels may read. */
  async askRights(identity: Identity, withPresence: boolean): Promise<ReadRights> {
    if (!this.config.isPrivate) return { broadcast: true, presence: true }
    return this.services.authorizer.read(this.#subject(identity), this.subTopic, withPresence)
  }

  /** May this channel send? Asked of the policies once per token; no answer counts as no, until the next time. */
  mayWrite(extension: Extension): boolean | Promise<boolean> {
    if (!this.config.isPrivate) return true
    return this.#writes.get(extension) ?? this.#askWrite(extension)
  }

  /** Counts a call of `track` or `untrack`. One too many ends the channel, and false is returned. */
  takePresenceCall(): boolean {
    if (!this.#presenceCalls.take(performance.now())) {
      this.closeWith('Client presence rate limit exceeded')
    } else if (!this.services.rates.presence.take()) {
      this.closeWith('Too many presence messages per second')
    }
    return this.#isJoined
  }

  enablePresence(rights: ReadRights): void {
    this.services.presence.settle(this.room)
    this.#isPresenceEnabled = true
    this.#rights = rights
  }

  /** Who is present, with what the room would be told soon. */
  pushPresenceState(): void {
    this.services.presence.settle(this.room)
    this.#pushState()
  }

  /** A fresh token: what was known of the old one's rights to write is forgotten. */
  adopt(identity: Identity, rights: ReadRights): void {
    const gainsPresence = this.#isPresenceEnabled && rights.presence && !this.#rights.presence
    if (gainsPresence) this.services.presence.settle(this.room)
    this.#identity = identity
    this.#rights = rights
    this.#writes.clear()
    this.#watchToken()
    if (gainsPresence) this.#pushState()
    for (const then of this.#newTokenListeners) then()
  }

  /** Runs whenever a fresh token was adopted. */
  onNewToken(then: () => void): void {
    this.#newTokenListeners.push(then)
  }

  /** Runs when the channel ends. */
  onEnd(undo: () => void): void {
    this.#undo.push(undo)
  }

  leave(ref: Ref): void {
    this.reply(ref, 'ok', {})
    this.close()
  }

  close(): void {
    this.#finish('phx_close')
  }

  closeWith(message: string): void {
    this.system('error', message)
    this.close()
  }

  crash(): void {
    this.#finish('phx_error')
  }

  /** Without a word: the socket is gone. */
  end(): void {
    if (!this.#isJoined) return
    this.#isJoined = false
    if (this.#tokenTimer) clearTimeout(this.#tokenTimer)
    for (const undo of this.#undo) undo()
    const { hub, presence } = this.services
    hub.leave(this.room, this)
    presence.untrack(this.room, this)
    this.#host.release(this)
  }

  #subject(identity: Identity): Subject {
    return { identity, headersJson: this.#host.headersJson }
  }

  #hold(frame: Buffer, message: RoomMessage, audience: Audience): void {
    // Who is present is told as a whole once nothing is held back any more.
    if (audience === 'presence') return
    this.#holdBack?.hold(frame, message)
    if (this.#holdBack?.isFull) this.crash()
  }

  /** To a client that does not keep up, who is present is told as a whole once it has caught up. */
  #isStateOwed(): boolean {
    if (this.#owesState || !this.#host.isBehind) return this.#owesState
    this.#owesState = true
    this.#host.whenDrained(() => {
      this.services.presence.settle(this.room)
      this.#owesState = false
      if (this.#isPresenceEnabled) this.#pushState()
    })
    return true
  }

  #pushState(): void {
    if (!this.#rights.presence) return
    this.push('presence_state', this.services.presence.stateJson(this.room))
  }

  #finish(event: 'phx_close' | 'phx_error'): void {
    if (!this.#isJoined) return
    this.#host.send(channelFrame(this.version, this.joinRef, this.joinRef, this.topic, event, '{}'))
    this.end()
  }

  async #askWrite(extension: Extension): Promise<boolean> {
    const identity = this.#identity
    const { authorizer, log } = this.services
    try {
      const mayWrite = await authorizer.write(this.#subject(identity), this.subTopic, extension)
      if (identity === this.#identity) this.#writes.set(extension, mayWrite)
      return mayWrite
    } catch (error) {
      if (!isUnanswered(error)) throw error
      log({ level: 'warn', event: 'authorization-unavailable', detail: error.name })
      return false
    }
  }

  #watchToken(): void {
    if (this.#tokenTimer) clearTimeout(this.#tokenTimer)
    const { expiresAt } = this.#identity
    if (expiresAt === Number.POSITIVE_INFINITY) return
    const wait = Math.min(TOKEN_CHECK_MAX_MS, Math.max(0, expiresAt - Date.now()))
    this.#tokenTimer = setTimeout(() => {
      if (Date.now() < expiresAt) this.#watchToken()
      else this.closeWith(expiredMessage(expiresAt))
    }, wait)
    this.#tokenTimer.unref()
  }
}
