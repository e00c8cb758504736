/** What is counted: of the whole server by the second, as a mean over a minute at most; of one channel by the window. */

import type { RealtimeLimits } from './limits.ts'
import { RollingRate } from './rolling-rate.ts'

export class RateLimit {
  readonly #rate: RollingRate
  readonly #maxPerSecond: number

  constructor(maxPerSecond: number, now?: () => number) {
    this.#maxPerSecond = maxPerSecond
    this.#rate = new RollingRate(now)
  }

  get isReached(): boolean {
    return this.#rate.perSecond >= this.#maxPerSecond
  }

  add(count: number): void {
    this.#rate.add(count)
  }

  /** Counts one, or answers that there is no room for it. */
  take(): boolean {
    if (this.isReached) return false
    this.#rate.add(1)
    return true
  }
}

/** Of the whole server. */
export interface ServerRates {
  /** Messages sent to rooms, and each delivery. */
  readonly events: RateLimit
  readonly joins: RateLimit
  /** Calls of `track` and `untrack`. */
  readonly presence: RateLimit
}

export function createServerRates(limits: RealtimeLimits): ServerRates {
  return {
    events: new RateLimit(limits.maxEventsPerSecond),
    joins: new RateLimit(limits.maxJoinsPerSecond),
    presence: new RateLimit(limits.maxPresenceCallsPerSecond),
  }
}

/** At most so many calls within any window. */
export class CallWindow {
  readonly #max: number
  readonly #windowMs: number
  #times: number[] = []

  constructor(max: number, windowMs: number) {
    this.#max = max
    this.#windowMs = windowMs
  }

  take(now: number): boolean {
    this.#times = this.#times.filter(time => now - time < this.#windowMs)
    if (this.#times.length >= this.#max) return false
    this.#times.push(now)
    return true
  }
}
