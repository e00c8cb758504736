/**
 * Spreads work that comes all at once over turns of the event loop: so many tasks in one, the others in the next ones, in
 * the order they came. After a network's cut thousands of clients are back within the same moment.
 */

export class Turns {
  readonly #perTurn: number
  #waiting: (() => void)[] = []
  #left: number
  #isScheduled = false

  constructor(perTurn: number) {
    this.#perTurn = perTurn
    this.#left = perTurn
  }

  /** At once, if this turn has room. A task must not throw. */
  run(task: () => void): void {
    if (this.#waiting.length > 0 || this.#left === 0) this.#waiting.push(task)
    else {
      this.#left--
      task()
    }
    this.#schedule()
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => this.#next())
  }

  #next(): void {
    this.#isScheduled = false
    const now = this.#waiting.slice(0, this.#perTurn)
    this.#waiting = this.#waiting.slice(now.length)
    this.#left = this.#perTurn - now.length
    if (now.length > 0) this.#schedule()
    for (const task of now) task()
  }
}
