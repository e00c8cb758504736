/**
 * An instance of lite and its successor. Once a database connection of an instance has died, the next request is served
 * by a new one; what the old one has under way gets a moment to fail by itself and is given up then (its driver forgets
 * queries that waited for a connection). Never more than one new one in a short while: with the database down a dead
 * instance answers as well as a fresh one.
 */
export interface LiteInstance {
  fetch(request: Request, context: { peerAddress: string }): Promise<Response>
  /** Ends its connections, whatever is under way. */
  end(): Promise<void>
}

export interface ReplaceableLite {
  /** @throws DatabaseGoneError when the answer went down with its connection. */
  fetch: LiteInstance['fetch']
  close(): Promise<void>
}

export class DatabaseGoneError extends Error {
  override readonly name = 'DatabaseGoneError'
}

const REPLACE_AFTER_MS = 250
const GIVE_UP_AFTER_MS = 300

class Generation {
  readonly builtAt = performance.now()
  readonly #instance: LiteInstance
  // Not one promise for all to race against: it would hold every answer there ever was.
  readonly #waiting = new Set<(error: Error) => void>()
  #isGivenUp = false
  isDead = false

  constructor(build: (onDeath: () => void) => LiteInstance) {
    this.#instance = build(() => this.#die())
  }

  async fetch(request: Request, context: { peerAddress: string }): Promise<Response> {
    if (this.#isGivenUp) throw new DatabaseGoneError()
    const answer = this.#instance.fetch(request, context)
    return await new Promise((resolve, reject) => {
      this.#waiting.add(reject)
      answer.then(resolve, reject).finally(() => this.#waiting.delete(reject))
    })
  }

  end(): Promise<void> {
    return this.#instance.end()
  }

  #die(): void {
    if (this.isDead) return
    this.isDead = true
    setTimeout(() => this.#giveUp(), GIVE_UP_AFTER_MS).unref()
  }

  #giveUp(): void {
    this.#isGivenUp = true
    for (const giveUp of this.#waiting) giveUp(new DatabaseGoneError())
  }
}

export function replaceableLite(build: (onDeath: () => void) => LiteInstance): ReplaceableLite {
  let current: Generation | null = null
  const ending = new Set<Promise<void>>()

  const retire = (old: Generation) => {
    const end = old.end().catch(() => {
      // Its connections are dead already.
    })
    ending.add(end)
    end.finally(() => ending.delete(end))
  }

  const alive = (): Generation => {
    if (current?.isDead && performance.now() - current.builtAt >= REPLACE_AFTER_MS) {
      retire(current)
      current = null
    }
    current ??= new Generation(build)
    return current
  }

  return {
    fetch: (request, context) => alive().fetch(request, context),
    close: async () => {
      if (current) retire(current)
      current = null
      await Promise.all(ending)
    },
  }
}
