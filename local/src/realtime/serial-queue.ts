/**
 * Runs tasks one after the other, in the order they came. A task that has nothing to wait for runs at once when the
 * queue is idle, without a promise. A task that fails is reported and the next one runs.
 */

export type SerialTask = () => void | Promise<void>

export class SerialQueue {
  readonly #onError: (error: unknown) => void
  readonly #onIdle: () => void
  #waiting: SerialTask[] = []
  #isBusy = false

  constructor(onError: (error: unknown) => void, onIdle: () => void) {
    this.#onError = onError
    this.#onIdle = onIdle
  }

  get isIdle(): boolean {
    return !this.#isBusy
  }

  push(task: SerialTask): void {
    this.#waiting.push(task)
    if (!this.#isBusy) this.#drain()
  }

  #drain(): void {
    this.#isBusy = true
    const tasks = this.#waiting
    for (let next = 0; next < tasks.length; next++) {
      const running = this.#run(tasks[next])
      if (running) {
        this.#waiting = tasks.slice(next + 1)
        running.then(
          () => this.#drain(),
          (error: unknown) => {
            this.#onError(error)
            this.#drain()
          },
        )
        return
      }
    }
    this.#waiting = []
    this.#isBusy = false
    this.#onIdle()
  }

  #run(task: SerialTask | undefined): Promise<void> | undefined {
    try {
      return task?.() ?? undefined
    } catch (error) {
      this.#onError(error)
      return undefined
    }
  }
}
