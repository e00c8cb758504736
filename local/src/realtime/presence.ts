/** The presence lists of the rooms, and telling a room what changed in its own: once per window. */

import { roomTextMessage } from './frames/server-message.ts'
import type { Hub, Room, RoomMember } from './hub.ts'
import { PresenceList } from './presence-list.ts'

export class Presence {
  readonly #hub: Hub
  readonly #windowMs: number
  readonly #lists = new WeakMap<Room, PresenceList>()
  #refs = 0

  constructor(hub: Hub, windowMs: number) {
    this.#hub = hub
    this.#windowMs = windowMs
  }

  track(room: Room, member: RoomMember, key: string, payload: Record<string, unknown>): void {
    const list = this.#list(room)
    const hadChanges = list.hasChanges
    if (list.track(member, key, payload) && !hadChanges) this.#tellSoon(room, list)
  }

  untrack(room: Room, member: RoomMember): void {
    const list = this.#lists.get(room)
    if (!list) return
    const hadChanges = list.hasChanges
    if (list.untrack(member) && !hadChanges) this.#tellSoon(room, list)
  }

  /** JSON text of who is present, as far as the room has been told. */
  stateJson(room: Room): string {
    return this.#lists.get(room)?.stateJson() ?? '{}'
  }

  /** Tells the room now what it would be told soon. */
  settle(room: Room): void {
    const list = this.#lists.get(room)
    if (list) this.#tell(room, list)
  }

  #list(room: Room): PresenceList {
    let list = this.#lists.get(room)
    if (!list) {
      list = new PresenceList(() => (++this.#refs).toString(36))
      this.#lists.set(room, list)
    }
    return list
  }

  #tellSoon(room: Room, list: PresenceList): void {
    setTimeout(() => this.#tell(room, list), this.#windowMs).unref()
  }

  #tell(room: Room, list: PresenceList): void {
    const diff = list.takeDiff()
    if (diff) this.#hub.publish(room, roomTextMessage(room.topic, 'presence_diff', diff), 'presence')
  }
}
