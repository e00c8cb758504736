import type { AbortSignalLike } from '../api.ts'

/** What an `AbortController` of the web would be, with a count of who listens. */
export function createSignal(): AbortSignalLike & { readonly listenerCount: number; abort(): void } {
  const listeners = new Set<() => void>()
  let aborted = false
  return {
    get aborted() {
      return aborted
    },
    get listenerCount() {
      return listeners.size
    },
    addEventListener: (_, listener) => void listeners.add(listener),
    removeEventListener: (_, listener) => void listeners.delete(listener),
    abort() {
      aborted = true
      for (const listener of [...listeners]) listener()
    },
  }
}
