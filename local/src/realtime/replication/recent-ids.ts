/** Remembers the last `capacity` ids, so that a message that comes by two ways is delivered once. */
export class RecentIds {
  readonly #capacity: number
  readonly #ids = new Set<string>()
  /**
   * The same in the order they came, the oldest overwritten by the newest. Asked for its first element, a set walks past
   * all that were deleted before it.
   */
  readonly #order: string[] = []
  #next = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** False if the id is remembered already. */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false
    const oldest = this.#order[this.#next]
    if (oldest !== undefined) this.#ids.delete(oldest)
    this.#ids.add(id)
    this.#order[this.#next] = id
    this.#next = (this.#next + 1) % this.#capacity
    return true
  }
}
