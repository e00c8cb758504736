import { useCallback, useSyncExternalStore } from 'react'

/** The longest time that a browser's timer takes. */
const TIMER_MAX_MS = 2 ** 31 - 1

/** Whether this moment is still to come; it is told when it does. null never comes. */
export function useIsAhead(iso: string | null): boolean {
  const at = iso === null ? 0 : Date.parse(iso)
  const subscribe = useCallback(
    (onChange: () => void) => {
      const left = at - Date.now()
      if (left <= 0) return () => {}
      const timer = setTimeout(onChange, Math.min(left, TIMER_MAX_MS))
      return () => clearTimeout(timer)
    },
    [at],
  )
  return useSyncExternalStore(
    subscribe,
    () => at > Date.now(),
    () => at > Date.now(),
  )
}
