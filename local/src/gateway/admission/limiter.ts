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

export function createLimiter(options: {
  max: number
  perMs: number
  maxKeys?: number
  now?: () => number
}): Limiter {
  const now = options.now ?? Date.now
  const maxKeys = options.maxKeys ?? MAX_KEYS
  const windows = new Map<string, { count: number; endsAt: number }>()
  return {
    has: key => (windows.get(key)?.endsAt ?? 0) > now(),
    giveBack(key) {
      const window = windows.get(key)
      if (window && window.count > 0) window.count -= 1
    },
    take(key) {
      const at = now()
      // Windows are as long as one another: the oldest stand first.
      for (const [each, { endsAt }] of windows) {
        if (endsAt > at && (windows.size < maxKeys || windows.has(key))) break
        windows.delete(each)
      }
      const window = windows.get(key) ?? { count: 0, endsAt: at + options.perMs }
      if (window.count >= options.max) return window.endsAt - at
      window.count += 1
      windows.set(key, window)
      return 0
    },
  }
}
