/** Doubling waits with jitter, so that a thousand clients cut off at once do not come back at once. */
export interface Backoff {
  baseMs: number
  maxMs: number
}

/** `attempt` counts from 1; `random` is 0 <= x < 1. Between half and the whole of the doubled wait. */
export function backoffMs(attempt: number, random: number, { baseMs, maxMs }: Backoff): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30))
  return Math.round(full * (0.5 + random * 0.5))
}
