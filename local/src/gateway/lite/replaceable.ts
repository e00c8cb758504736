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
  readonly #gone: Promise<never>
  #giveUp: (error: Error) => void = () => {}
  isDead = false

  constructor(build: (onDeath: () => void) => LiteInstance) {
    this.#gone = new Promise((_, reject) => {
      this.#giveUp = reject
    })
    this.#gone.catch(() => {
      // Those who wait for an answer are told.
    })
    this.#instance = build(() => this.#die())
  }

  fetch(request: Request, context: { peerAddress: string }): Promise<Response> {
    return Promise.race([this.#instance.fetch(request, context), this.#gone])
  }

  end(): Promise<void> {
    return this.#instance.end()
  }

  #die(): void {
    if (this.isDead) return
    this.isDead = true
    setTimeout(() => this.#giveUp(new DatabaseGoneError()), GIVE_UP_AFTER_MS).unref()
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
