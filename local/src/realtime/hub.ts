/**
 * The rooms of this process and who is in them. A public and a private topic of one name are two rooms. Delivery is
 * in order, per room and overall: a message that does not fit into this tick's budget waits, and so does every
 * message after it. Between two ticks the sockets are read, so a large room does not hold up heartbeats.
 *
 * Never: a message in a room of other access than its own; a message dropped because a room is large.
 */

import type { ProtocolVersion } from './frames/client-frame.ts'
import type { RoomMessage } from './frames/server-message.ts'

/** What a message is, as far as a member's rights go. */
export type Audience = 'broadcast' | 'presence' | 'changes'

export interface RoomMember {
  readonly version: ProtocolVersion
  accepts(audience: Audience): boolean
  deliver(frame: Buffer, message: RoomMessage, audience: Audience): void
}

export interface Room {
  /** With the prefix `realtime:`. */
  readonly topic: string
  readonly isPrivate: boolean
  readonly members: Set<RoomMember>
}

interface Delivery {
  readonly members: ReadonlySet<RoomMember>
  readonly message: RoomMessage
  readonly audience: Audience
  readonly except: RoomMember | null
}

/** Deliveries between two visits to the event loop: about 5 ms of work. */
const DELIVERIES_PER_TICK = 1_000
/** Waiting messages above which the hub asks its sources to pause, and below which they may go on. */
const CONGESTED_AT = 1_000
const RELIEVED_AT = 100

export class Hub {
  readonly #publicRooms = new Map<string, Room>()
  readonly #privateRooms = new Map<string, Room>()
  readonly #onError: (error: unknown) => void
  readonly #onEvents: (count: number) => void
  #events = 0
  #waiting: Delivery[] = []
  #partial: Iterator<RoomMember> | null = null
  #budget = DELIVERIES_PER_TICK
  #isTickScheduled = false
  #onRelief: (() => void)[] = []
  #delivered = 0

  /** `onEvents` is told how many messages were taken and delivered since it was told last. */
  constructor(onError: (error: unknown) => void, onEvents: (count: number) => void = () => undefined) {
    this.#onError = onError
    this.#onEvents = onEvents
  }

  enter(topic: string, isPrivate: boolean, member: RoomMember): Room {
    const rooms = this.#rooms(isPrivate)
    let room = rooms.get(topic)
    if (!room) {
      room = { topic, isPrivate, members: new Set() }
      rooms.set(topic, room)
    }
    room.members.add(member)
    return room
  }

  leave(room: Room, member: RoomMember): void {
    room.members.delete(member)
    const rooms = this.#rooms(room.isPrivate)
    if (room.members.size === 0 && rooms.get(room.topic) === room) rooms.delete(room.topic)
  }

  /** The room of a topic, if anyone is in it. */
  find(topic: string, isPrivate: boolean): Room | undefined {
    return this.#rooms(isPrivate).get(topic)
  }

  /** To a room, or to whom else a message is for. */
  publish(
    { members }: Pick<Room, 'members'>,
    message: RoomMessage,
    audience: Audience,
    except: RoomMember | null = null,
  ): void {
    this.#events++
    this.#waiting.push({ members, message, audience, except })
    if (this.#waiting.length === 1) this.#deliverWaiting()
  }

  /** How many messages were handed to members so far, each counted once for each of them. */
  get delivered(): number {
    return this.#delivered
  }

  get isCongested(): boolean {
    return this.#waiting.length >= CONGESTED_AT
  }

  /** Calls back once little is waiting; at once, if the hub is not congested. */
  whenRelieved(then: () => void): void {
    if (this.isCongested) this.#onRelief.push(then)
    else then()
  }

  #rooms(isPrivate: boolean): Map<string, Room> {
    return isPrivate ? this.#privateRooms : this.#publicRooms
  }

  #deliverWaiting(): void {
    let done = 0
    for (; done < this.#waiting.length; done++) {
      const delivery = this.#waiting[done]
      if (delivery && !this.#deliver(delivery)) break
    }
    this.#waiting = done === this.#waiting.length ? [] : this.#waiting.slice(done)
    if (this.#budget < DELIVERIES_PER_TICK) this.#scheduleTick()
    this.#onEvents(this.#events)
    this.#events = 0
    if (this.#waiting.length <= RELIEVED_AT && this.#onRelief.length > 0) {
      const relieved = this.#onRelief
      this.#onRelief = []
      for (const then of relieved) then()
    }
  }

  /** False when the budget ran out before the last member. */
  #deliver({ members, message, audience, except }: Delivery): boolean {
    const remaining = this.#partial ?? members.values()
    this.#partial = null
    while (this.#budget > 0) {
      const { done, value: member } = remaining.next()
      if (done) return true
      this.#budget--
      if (member === except || !member.accepts(audience)) continue
      try {
        const frame = message.frame(member.version)
        if (!frame) continue
        this.#events++
        this.#delivered++
        member.deliver(frame, message, audience)
      } catch (error) {
        this.#onError(error)
      }
    }
    this.#partial = remaining
    return false
  }

  #scheduleTick(): void {
    if (this.#isTickScheduled) return
    this.#isTickScheduled = true
    setImmediate(() => {
      this.#isTickScheduled = false
      this.#budget = DELIVERIES_PER_TICK
      this.#deliverWaiting()
    })
  }
}
