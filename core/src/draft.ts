/**
 * What somebody is writing in a room and has not sent, as a pure state machine: kept on the device with each keystroke,
 * and on the server now and then, for their other devices.
 *
 *   looking --found--> idle --typed--> scheduled --due--> saving --saved--> idle (or scheduled, if more was typed)
 *                                          ^-----------failed, worth a retry-----/
 *
 * Leaving saves at once, and what was not saved by then stays on the device. What lies there is what the server has not
 * been known to have: it is what counts at the next visit.
 *
 * Must never happen: words taken away while somebody types; two calls at once, or two within two seconds.
 */
import type { Draft } from './api.ts'
import { type Backoff, backoffMs } from './backoff.ts'
import { type ChatError, reactionTo } from './chat-error.ts'
import { type Step, unchanged } from './machine.ts'
import { MESSAGE_MAX_CHARACTERS } from './presentation/validate-draft.ts'

export const SAVE_EVERY_MS = 2_000
export const SAVE_RETRY: Backoff = { baseMs: 4_000, maxMs: 60_000 }

export const emptyDraft: Draft = { body: '', replyTo: null }

export interface DraftState {
  readonly isFound: boolean
  /** null: not known yet, and nothing typed. */
  readonly shown: Draft | null
  /** What the server is known to have; null: that is not known. */
  readonly held: Draft | null
  /** What it has was written in another tab of this browser, where it still stands. */
  readonly isHeldElsewhere: boolean
  readonly call: { is: 'idle' } | { is: 'scheduled' } | { is: 'saving'; asked: Draft }
  readonly attempt: number
  /** Nobody has the room open any more. */
  readonly isLeaving: boolean
}

export type DraftEvent =
  /** Once: what was left on this device, and what the server has; null: that is not known yet. */
  | { is: 'found'; held: Draft | null; kept: Draft | null }
  /** What the server has. */
  | { is: 'held-told'; held: Draft }
  | { is: 'typed'; draft: Draft }
  | { is: 'due' }
  | { is: 'left' }
  | { is: 'come-back' }
  | { is: 'saved' }
  /** By another tab of this browser. */
  | { is: 'saved-elsewhere'; draft: Draft }
  | { is: 'failed'; error: ChatError; random: number }

export type DraftEffect =
  /** On the device. */
  | { do: 'keep'; draft: Draft }
  | { do: 'save'; draft: Draft }
  /** What is kept is on the server as well. */
  | { do: 'forget' }
  | { do: 'set-timer'; ms: number }
  | { do: 'clear-timer' }

export const noDraft: DraftState = {
  isFound: false,
  shown: null,
  held: emptyDraft,
  isHeldElsewhere: false,
  call: { is: 'idle' },
  attempt: 0,
  isLeaving: false,
}

type DraftStep = Step<DraftState, DraftEffect>

export function reduceDraft(state: DraftState, event: DraftEvent): DraftStep {
  switch (event.is) {
    case 'found':
      return state.isFound ? unchanged(state) : found(state, event)
    case 'held-told':
      return state.held === null ? heldTold(state, event.held) : unchanged(state)
    case 'typed': {
      if (state.shown !== null && isSameDraft(state.shown, event.draft)) return unchanged(state)
      const typed: DraftState = { ...state, shown: event.draft }
      // Until it is known who is writing where, there is no place to keep it.
      if (!state.isFound) return { state: typed, effects: [] }
      return schedule(typed, SAVE_EVERY_MS, [{ do: 'keep', draft: event.draft }])
    }
    case 'due':
      return state.call.is === 'scheduled' ? save(state, []) : unchanged(state)
    case 'left': {
      if (state.isLeaving) return unchanged(state)
      const leaving: DraftState = { ...state, isLeaving: true }
      if (!state.isFound || state.call.is === 'saving') return { state: leaving, effects: [] }
      return save(leaving, state.call.is === 'scheduled' ? [{ do: 'clear-timer' }] : [])
    }
    case 'come-back':
      return state.isLeaving ? schedule({ ...state, isLeaving: false }, SAVE_EVERY_MS, []) : unchanged(state)
    case 'saved': {
      if (state.call.is !== 'saving') return unchanged(state)
      const idle: DraftState = {
        ...state,
        held: state.call.asked,
        isHeldElsewhere: false,
        call: { is: 'idle' },
        attempt: 0,
      }
      if (unsaved(idle) === null) return forgotten(idle)
      return state.isLeaving ? save(idle, []) : schedule(idle, SAVE_EVERY_MS, [])
    }
    case 'saved-elsewhere':
      return state.isFound ? savedElsewhere(state, event.draft) : unchanged(state)
    case 'failed': {
      if (state.call.is !== 'saving') return unchanged(state)
      const isRefused = reactionTo(event.error.kind) !== 'retry'
      // It may have arrived.
      const idle: DraftState = { ...state, held: isRefused ? state.held : null, call: { is: 'idle' } }
      // It stays on the device, and the next keystroke or visit tries again.
      if (state.isLeaving || isRefused) return { state: { ...idle, attempt: 0 }, effects: [] }
      const attempt = state.attempt + 1
      const ms = Math.max(backoffMs(attempt, event.random, SAVE_RETRY), event.error.retryAfterMs ?? 0)
      return schedule({ ...idle, attempt }, ms, [])
    }
  }
}

/** What the server does not have, and would take; null: nothing. */
function unsaved(state: DraftState): Draft | null {
  const draft = unheld(state)
  return draft !== null && [...draft.body].length > MESSAGE_MAX_CHARACTERS ? null : draft
}

/** Of no words the server may have those of another tab, which are not this one's to clear. */
function unheld({ shown, held, isHeldElsewhere }: DraftState): Draft | null {
  if (shown === null || held === null) return shown
  return isSameDraft(shown, held) || (isHeldElsewhere && shown.body === '') ? null : shown
}

function isSameDraft(a: Draft, b: Draft): boolean {
  return a.body === b.body && a.replyTo === b.replyTo
}

function found(state: DraftState, { held, kept }: DraftEvent & { is: 'found' }): DraftStep {
  const next: DraftState = { ...state, isFound: true, held, shown: state.shown ?? kept ?? held }
  const effects: DraftEffect[] = state.shown === null ? [] : [{ do: 'keep', draft: state.shown }]
  return unsaved(next) === null && kept !== null && state.shown === null
    ? forgotten(next)
    : schedule(next, SAVE_EVERY_MS, effects)
}

function heldTold(state: DraftState, held: Draft): DraftStep {
  const next: DraftState = { ...state, held, shown: state.shown ?? held }
  return unsaved(next) === null ? forgotten(next) : schedule(next, SAVE_EVERY_MS, [])
}

function save(state: DraftState, effects: DraftEffect[]): DraftStep {
  const draft = unsaved(state)
  if (draft !== null) {
    const saving: DraftState = { ...state, call: { is: 'saving', asked: draft } }
    return { state: saving, effects: [...effects, { do: 'save', draft }] }
  }
  const idle = forgotten({ ...state, call: { is: 'idle' } })
  return { state: idle.state, effects: [...effects, ...idle.effects] }
}

function schedule(state: DraftState, ms: number, effects: DraftEffect[]): DraftStep {
  if (!state.isFound || state.call.is !== 'idle' || unsaved(state) === null) return { state, effects }
  return { state: { ...state, call: { is: 'scheduled' } }, effects: [...effects, { do: 'set-timer', ms }] }
}

/** Unless it is only too long for the server: then the device is all that has it. */
function forgotten(state: DraftState): DraftStep {
  return { state, effects: unheld(state) === null ? [{ do: 'forget' }] : [] }
}

/** Two tabs that both have words do not take turns at overwriting each other: the one that is left last saves last. */
function savedElsewhere(state: DraftState, draft: Draft): DraftStep {
  const isCleared = draft.body === ''
  const told: DraftState = { ...state, held: draft, isHeldElsewhere: !isCleared }
  return isCleared && !state.isLeaving ? schedule(told, SAVE_EVERY_MS, []) : { state: told, effects: [] }
}
