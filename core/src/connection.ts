/**
 * Keeping one topic joined, as a pure state machine. Several topics share one socket; each has its own machine, so
 * a topic that is refused does not stop the others.
 *
 *   joining --joined--> joined --lost--> waiting --try-due / resumed / asked / server-reached--> joining
 *      \----------------lost---------------^
 *
 * Why trying is not worth much now has a name each (`pauses`): being offline, which is shown at once, and being hidden.
 * They slow the attempts down and never forbid them: browsers have been wrong about both, and a topic that joins proves
 * the opposite. Somebody who signs out has no topics: the session closes them.
 *
 * Must never happen: two attempts at once; a timer without the state `waiting`; anything after `closed`.
 */
import type { ConnectionState } from './api.ts'
import { type Backoff, backoffMs } from './backoff.ts'
import { type Step, unchanged } from './machine.ts'

/** Somebody is looking: they wait not much longer than the outage lasts. */
export const RETRY: Backoff = { baseMs: 1_000, maxMs: 3_000 }
export const SLOW_RETRY_MS = 30_000
/** So many attempts it takes to believe a refusal: rights and epochs may change at this very moment. */
const REFUSED_AFTER = 3
/** A membership that ends sooner than this counts as one more failed attempt. */
export const STABLE_AFTER_MS = 5_000

export type PauseReason = 'offline' | 'hidden'
export type Pauses = readonly PauseReason[]

export type LinkState =
  /** `attempt` 0: the first one ever. */
  | { is: 'joining'; attempt: number; pauses: Pauses }
  | { is: 'joined'; attempt: number; since: number; pauses: Pauses }
  /**
   * refused: the server knows us and does not let us in; only a change of its mind helps. `isOrdered`: the server asked
   * for this wait.
   */
  | {
      is: 'waiting'
      attempt: number
      tryAt: number
      because: 'server-gone' | 'refused'
      isOrdered: boolean
      pauses: Pauses
    }
  | { is: 'closed' }

export type LinkEvent =
  | { is: 'joined'; at: number }
  | { is: 'lost'; at: number; random: number; retryAfterMs: number | null; isRefusal: boolean }
  | { is: 'try-due' }
  /** By the person. */
  | { is: 'try-asked' }
  /** Another topic was joined just now. */
  | { is: 'server-reached' }
  | { is: 'paused'; reason: PauseReason }
  | { is: 'resumed'; reason: PauseReason }
  | { is: 'closed' }

export type LinkEffect =
  | { do: 'join' }
  | { do: 'leave' }
  | { do: 'set-timer'; ms: number }
  | { do: 'clear-timer' }

export function startLink(pauses: Pauses): Step<LinkState, LinkEffect> {
  return { state: { is: 'joining', attempt: 0, pauses }, effects: [{ do: 'join' }] }
}

export function reduceLink(state: LinkState, event: LinkEvent): Step<LinkState, LinkEffect> {
  if (state.is === 'closed') return unchanged(state)
  const { attempt, pauses } = state
  switch (event.is) {
    case 'joined':
      if (state.is !== 'joining') return unchanged(state)
      return {
        state: { is: 'joined', attempt, since: event.at, pauses: without(pauses, 'offline') },
        effects: [],
      }
    case 'lost':
      return state.is === 'waiting' ? unchanged(state) : wait(state, event)
    case 'try-due':
      return state.is === 'waiting' ? joinNow(attempt, pauses, []) : unchanged(state)
    case 'try-asked':
      return state.is === 'waiting' ? joinNow(attempt, pauses, [{ do: 'clear-timer' }]) : unchanged(state)
    case 'server-reached':
      if (state.is !== 'waiting' || state.because === 'refused' || state.isOrdered) return unchanged(state)
      return joinNow(attempt, pauses, [{ do: 'clear-timer' }])
    case 'paused':
      if (pauses.includes(event.reason)) return unchanged(state)
      return { state: { ...state, pauses: [...pauses, event.reason] }, effects: [] }
    case 'resumed': {
      if (!pauses.includes(event.reason)) return unchanged(state)
      const left = without(pauses, event.reason)
      if (state.is === 'waiting') return joinNow(attempt, left, [{ do: 'clear-timer' }])
      return { state: { ...state, pauses: left }, effects: [] }
    }
    case 'closed':
      return {
        state: { is: 'closed' },
        effects: [state.is === 'waiting' ? { do: 'clear-timer' } : { do: 'leave' }],
      }
  }
}

function wait(
  state: LinkState & { is: 'joining' | 'joined' },
  { at, random, retryAfterMs, isRefusal }: LinkEvent & { is: 'lost' },
): Step<LinkState, LinkEffect> {
  const wasStable = state.is === 'joined' && at - state.since >= STABLE_AFTER_MS
  const attempt = wasStable ? 1 : state.attempt + 1
  const isSlow = (isRefusal && attempt >= REFUSED_AFTER) || state.pauses.length > 0
  const ms = Math.max(isSlow ? SLOW_RETRY_MS : backoffMs(attempt, random, RETRY), retryAfterMs ?? 0)
  const because = isRefusal ? 'refused' : 'server-gone'
  return {
    state: {
      is: 'waiting',
      attempt,
      tryAt: at + ms,
      because,
      isOrdered: retryAfterMs !== null,
      pauses: state.pauses,
    },
    effects: [{ do: 'set-timer', ms }],
  }
}

function joinNow(attempt: number, pauses: Pauses, before: LinkEffect[]): Step<LinkState, LinkEffect> {
  return { state: { is: 'joining', attempt, pauses }, effects: [...before, { do: 'join' }] }
}

const without = (pauses: Pauses, reason: PauseReason): Pauses => pauses.filter(each => each !== reason)

/** What the person is told. */
export function connectionOf(state: LinkState): ConnectionState {
  if (state.is === 'closed') return { is: 'connecting' }
  if (state.pauses.includes('offline')) return { is: 'offline' }
  switch (state.is) {
    case 'joined':
      return { is: 'live' }
    case 'joining':
      return state.attempt === 0
        ? { is: 'connecting' }
        : { is: 'reconnecting', attempt: state.attempt, nextTryAt: null }
    case 'waiting': {
      const nextTryAt = new Date(state.tryAt).toISOString()
      return state.because === 'refused' && state.attempt >= REFUSED_AFTER
        ? { is: 'blocked', nextTryAt }
        : { is: 'reconnecting', attempt: state.attempt, nextTryAt }
    }
  }
}
