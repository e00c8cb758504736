/**
 * Keeping one topic joined, as a pure state machine. Several topics share one socket; each has its own machine, so
 * a topic that is refused does not stop the others.
 *
 *   joining --joined--> joined --lost--> waiting --try-due / came online / shown / asked--> joining
 *      \----------------lost---------------^
 *
 * Being offline is a hint that is shown at once. It slows the attempts down and never forbids them: browsers have
 * been wrong about it, and a topic that joins proves the opposite.
 *
 * Must never happen: two attempts at once; a timer without the state `waiting`; anything after `closed`.
 */
import type { ConnectionState } from './api.ts'
import { type Backoff, backoffMs } from './backoff.ts'
import { type Step, unchanged } from './machine.ts'

export const RETRY: Backoff = { baseMs: 1_000, maxMs: 30_000 }
/** A membership that ends sooner than this counts as one more failed attempt. */
export const STABLE_AFTER_MS = 5_000

export type LinkState =
  /** `attempt` 0: the first one ever. */
  | { is: 'joining'; attempt: number; isOnline: boolean }
  | { is: 'joined'; attempt: number; since: number; isOnline: boolean }
  | { is: 'waiting'; attempt: number; tryAt: number; isOnline: boolean }
  | { is: 'closed' }

export type LinkEvent =
  | { is: 'joined'; at: number }
  | { is: 'lost'; at: number; random: number; retryAfterMs: number | null }
  | { is: 'try-due' }
  /** The person asked, or the screen became visible. */
  | { is: 'try-asked' }
  | { is: 'online-changed'; isOnline: boolean }
  | { is: 'closed' }

export type LinkEffect =
  | { do: 'join' }
  | { do: 'leave' }
  | { do: 'set-timer'; ms: number }
  | { do: 'clear-timer' }

export function startLink(isOnline: boolean): Step<LinkState, LinkEffect> {
  return { state: { is: 'joining', attempt: 0, isOnline }, effects: [{ do: 'join' }] }
}

export function reduceLink(state: LinkState, event: LinkEvent): Step<LinkState, LinkEffect> {
  if (state.is === 'closed') return unchanged(state)
  switch (event.is) {
    case 'joined':
      if (state.is !== 'joining') return unchanged(state)
      return {
        state: { is: 'joined', attempt: state.attempt, since: event.at, isOnline: true },
        effects: [],
      }
    case 'lost': {
      if (state.is === 'waiting') return unchanged(state)
      const wasStable = state.is === 'joined' && event.at - state.since >= STABLE_AFTER_MS
      const attempt = wasStable ? 1 : state.attempt + 1
      const ms = Math.max(
        state.isOnline ? backoffMs(attempt, event.random, RETRY) : RETRY.maxMs,
        event.retryAfterMs ?? 0,
      )
      return {
        state: { is: 'waiting', attempt, tryAt: event.at + ms, isOnline: state.isOnline },
        effects: [{ do: 'set-timer', ms }],
      }
    }
    case 'try-due':
      return state.is === 'waiting' ? joinNow(state.attempt, state.isOnline, []) : unchanged(state)
    case 'try-asked':
      return state.is === 'waiting'
        ? joinNow(state.attempt, state.isOnline, [{ do: 'clear-timer' }])
        : unchanged(state)
    case 'online-changed':
      if (state.isOnline === event.isOnline) return unchanged(state)
      if (event.isOnline && state.is === 'waiting') {
        return joinNow(state.attempt, true, [{ do: 'clear-timer' }])
      }
      return { state: { ...state, isOnline: event.isOnline }, effects: [] }
    case 'closed':
      return {
        state: { is: 'closed' },
        effects: [state.is === 'waiting' ? { do: 'clear-timer' } : { do: 'leave' }],
      }
  }
}

function joinNow(attempt: number, isOnline: boolean, before: LinkEffect[]): Step<LinkState, LinkEffect> {
  return { state: { is: 'joining', attempt, isOnline }, effects: [...before, { do: 'join' }] }
}

/** What the person is told. */
export function connectionOf(state: LinkState): ConnectionState {
  if (state.is === 'closed') return { is: 'connecting' }
  if (!state.isOnline) return { is: 'offline' }
  switch (state.is) {
    case 'joined':
      return { is: 'live' }
    case 'joining':
      return state.attempt === 0
        ? { is: 'connecting' }
        : { is: 'reconnecting', attempt: state.attempt, nextTryAt: null }
    case 'waiting':
      return {
        is: 'reconnecting',
        attempt: state.attempt,
        nextTryAt: new Date(state.tryAt).toISOString(),
      }
  }
}
