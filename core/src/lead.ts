/**
 * Which tab of a browser sends a person's messages, as a pure state machine. The browser's lock decides; this only
 * notices a leader that has the lock and does not answer: one that is frozen, or hangs.
 *
 *   following --needed--> asking --answered--> asking --met--> following
 *                           \--ASKS_UNANSWERED times no answer--> taking
 *   any of them --won--> leading --lost--> following
 *
 * Taking the lead from somebody who is only slow does no harm: what both send has the same ids and the same order.
 *
 * Must never happen: a tab that has something to be sent and waits for a leader that is not there.
 */
import { type Step, unchanged } from './machine.ts'

export const ASK_EVERY_MS = 3_000
const ASKS_UNANSWERED = 2

export type LeadState =
  | { readonly is: 'following' }
  | { readonly is: 'asking'; readonly unanswered: number }
  | { readonly is: 'leading' }

export type LeadEvent =
  | { is: 'won' }
  | { is: 'lost' }
  /** Something waits to be sent. */
  | { is: 'needed' }
  /** Nothing does any more. */
  | { is: 'met' }
  | { is: 'answered' }
  | { is: 'due' }

export type LeadEffect =
  | { do: 'ask' }
  | { do: 'take' }
  | { do: 'set-timer'; ms: number }
  | { do: 'clear-timer' }

type LeadStep = Step<LeadState, LeadEffect>

export const startLead: LeadState = { is: 'following' }

export function reduceLead(state: LeadState, event: LeadEvent): LeadStep {
  switch (state.is) {
    case 'following':
      if (event.is === 'won') return { state: { is: 'leading' }, effects: [] }
      return event.is === 'needed' ? ask(1) : unchanged(state)
    case 'asking':
      return reduceAsking(state, event)
    case 'leading':
      return event.is === 'lost' ? { state: startLead, effects: [] } : unchanged(state)
  }
}

function reduceAsking(state: LeadState & { is: 'asking' }, event: LeadEvent): LeadStep {
  switch (event.is) {
    case 'won':
      return { state: { is: 'leading' }, effects: [{ do: 'clear-timer' }] }
    case 'met':
      return { state: startLead, effects: [{ do: 'clear-timer' }] }
    case 'answered':
      return state.unanswered === 0 ? unchanged(state) : { state: { ...state, unanswered: 0 }, effects: [] }
    case 'due': {
      const step = ask(state.unanswered + 1)
      if (state.unanswered < ASKS_UNANSWERED) return step
      return { ...step, effects: [{ do: 'take' }, ...step.effects] }
    }
    case 'needed':
    case 'lost':
      return unchanged(state)
  }
}

function ask(unanswered: number): LeadStep {
  return {
    state: { is: 'asking', unanswered },
    effects: [{ do: 'ask' }, { do: 'set-timer', ms: ASK_EVERY_MS }],
  }
}
