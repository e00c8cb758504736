/** So many within a while, by key; kept in memory, forgotten with the process. */
export interface Limiter {
  /** Counts one more. Milliseconds until the next is taken; 0: this one is. */
  take(key: string): number
  /** Whether it was taken within the while. */
  has(key: string): boolean
}

export function createLimiter(options: { max: number; perMs: number; now?: () => number }): Limiter {
  const now = options.now ?? Date.now
  const windows = new Map<string, { count: number; endsAt: number }>()
  return {
    has: key => (windows.get(key)?.endsAt ?? 0) > now(),
    take(key) {
      const at = now()
      // Windows are as long as one another: the oldest stand first.
      for (const [each, { endsAt }] of windows) {
        if (endsAt > at) break
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
