/** How many a second, as a mean over the last minute at most. */

const BUCKET_MS = 5_000
const BUCKETS = 12

export class RollingRate {
  readonly #now: () => number
  /** Oldest first; the last is of this moment. */
  #counts = [0]
  #total = 0
  #latest: number

  constructor(now: () => number = Date.now) {
    this.#now = now
    this.#latest = Math.floor(now() / BUCKET_MS)
  }

  add(count: number): void {
    this.#roll()
    this.#counts.push((this.#counts.pop() ?? 0) + count)
    this.#total += count
  }

  get perSecond(): number {
    this.#roll()
    return (this.#total * 1_000) / (this.#counts.length * BUCKET_MS)
  }

  #roll(): void {
    const bucket = Math.floor(this.#now() / BUCKET_MS)
    // Asked for every delivery: nearly always nothing has passed.
    if (bucket === this.#latest) return
    const passed = Math.min(bucket - this.#latest, BUCKETS)
    for (let i = 0; i < passed; i++) this.#counts.push(0)
    this.#counts = this.#counts.slice(-BUCKETS)
    this.#total = this.#counts.reduce((total, count) => total + count, 0)
    this.#latest = bucket
  }
}
