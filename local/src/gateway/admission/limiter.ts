/**
 * So many within a while, by key; kept in memory, forgotten with the process. Of more keys than it may hold the oldest
 * are forgotten: its memory is bounded whoever asks.
 */
export interface Limiter {
  /** Counts one more. Milliseconds until the next is taken; 0: this one is. */
  take(key: string): number
  /** What was taken did not count after all. */
  giveBack(key: string): void
  /** Whether it was taken within the while. */
  has(key: string): boolean
}

const MAX_KEYS = 50_000

interface Window {
  count: number
  endsAt: number
}

export function createLimiter(options: {
  max: number
  perMs: number
  maxKeys?: number
  now?: () => number
}): Limiter {
  const now = options.now ?? Date.now
  const maxKeys = options.maxKeys ?? MAX_KEYS
  // Two generations: what is over goes with its whole generation, and no call walks through what others left behind.
  let recent = new Map<string, Window>()
  let older = new Map<string, Window>()
  let recentEndsAt = 0
  const find = (key: string) => recent.get(key) ?? older.get(key)
  return {
    has: key => (find(key)?.endsAt ?? 0) > now(),
    giveBack(key) {
      const window = find(key)
      if (window && window.count > 0) window.count -= 1
    },
    take(key) {
      const at = now()
      let window = find(key)
      if (!window || window.endsAt <= at) {
        if (at >= recentEndsAt || recent.size >= maxKeys / 2) {
          older = recent
          recent = new Map()
          recentEndsAt = at + options.perMs
        }
        window = { count: 0, endsAt: at + options.perMs }
        recent.set(key, window)
      }
      if (window.count >= options.max) return window.endsAt - at
      window.count += 1
      return 0
    },
  }
}
