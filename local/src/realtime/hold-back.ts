/**
 * Keeps a room's messages from a newcomer until what came before them has been sent, then lets them go in their order
 * without what the newcomer has got already. A replayed row may come through the stream at any time later: its id is
 * remembered for as long as the channel lives.
 *
 *   holding -> released
 *
 * Never: a frame dropped for lack of room. Too much held back is the caller's to end (`isFull`).
 */

import type { RoomMessage } from './frames/server-message.ts'

export class HoldBack {
  readonly #maxBytes: number
  readonly #known = new Set<string>()
  #held: { frame: Buffer; message: RoomMessage }[] | null = []
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get isHolding(): boolean {
    return this.#held !== null
  }

  get isFull(): boolean {
    return this.#bytes > this.#maxBytes
  }

  hold(frame: Buffer, message: RoomMessage): void {
    this.#held?.push({ frame, message })
    this.#bytes += frame.length
  }

  /** The newcomer has this message. */
  add(message: RoomMessage): void {
    if (message.id !== undefined) this.#known.add(message.id)
  }

  knows({ id }: RoomMessage): boolean {
    return id !== undefined && this.#known.has(id)
  }

  release(send: (frame: Buffer) => void): void {
    const held = this.#held ?? []
    this.#held = null
    this.#bytes = 0
    for (const { frame, message } of held) if (!this.knows(message)) send(frame)
  }
}
