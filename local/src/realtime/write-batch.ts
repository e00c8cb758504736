/** Joins what is written to a stream within one turn of the event loop into one system call. */

import type { Duplex } from 'node:stream'

export class WriteBatch {
  #corked: Set<Duplex> = new Set()

  /** Call before the first write of a turn. */
  add(stream: Duplex): void {
    stream.cork()
    this.#corked.add(stream)
    if (this.#corked.size === 1) setImmediate(() => this.#flush())
  }

  has(stream: Duplex): boolean {
    return this.#corked.has(stream)
  }

  #flush(): void {
    const corked = this.#corked
    this.#corked = new Set()
    for (const stream of corked) stream.uncork()
  }
}
