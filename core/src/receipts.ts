/**
 * Telling the server how far this person's device has received and how far they have read, as a pure state machine.
 *
 *   idle --seen--> scheduled --due--> calling --answered--> idle (or scheduled, if more was seen meanwhile)
 *                      ^--------failed, worth a retry--------/
 *
 * Must never happen: a cursor asked to move back; two calls at once; a call that tells nothing new.
 */
import { type Backoff, backoffMs } from './backoff.ts'
import { type ChatError, reactionTo } from './chat-error.ts'
import { type Step, unchanged } from './machine.ts'

/** Long enough for "delivered" and "read" of one message to travel together. */
export const COALESCE_MS = 200
export const RECEIPT_RETRY: Backoff = { baseMs: 1_000, maxMs: 2_000 }

export interface Cursors {
  deliveredSeq: number
  readSeq: number
}

export interface ReceiptState {
  /** What the server is known to hold. */
  readonly held: Cursors
  readonly wanted: Cursors
  /** `asked`: what was wanted when the call began. */
  readonly call: { is: 'idle' } | { is: 'scheduled' } | { is: 'calling'; asked: Cursors }
  readonly attempt: number
}

export type ReceiptEvent =
  | { is: 'seen'; deliveredSeq: number; readSeq: number }
  | { is: 'due' }
  | { is: 'answered'; cursors: Cursors }
  | { is: 'failed'; error: ChatError; random: number }
  /** The server's cursors, heard from elsewhere: another device of this person, or the room. */
  | { is: 'held'; cursors: Cursors }

export type ReceiptEffect =
  | { do: 'set-timer'; ms: number }
  /** null: nothing new to tell of this one. */
  | { do: 'mark-read'; readSeq: number | null; deliveredSeq: number | null }

type ReceiptStep = Step<ReceiptState, ReceiptEffect>

export function startReceipts(): ReceiptState {
  const none = { deliveredSeq: 0, readSeq: 0 }
  return { held: none, wanted: none, call: { is: 'idle' }, attempt: 0 }
}

export function reduceReceipts(state: ReceiptState, event: ReceiptEvent): ReceiptStep {
  switch (event.is) {
    case 'seen': {
      const wanted = furthest(state.wanted, {
        deliveredSeq: Math.max(event.deliveredSeq, event.readSeq),
        readSeq: event.readSeq,
      })
      if (wanted === state.wanted) return unchanged(state)
      return schedule({ ...state, wanted }, COALESCE_MS)
    }
    case 'due':
      if (state.call.is !== 'scheduled') return unchanged(state)
      if (!isNews(state)) return { state: { ...state, call: { is: 'idle' } }, effects: [] }
      return {
        state: { ...state, call: { is: 'calling', asked: state.wanted } },
        effects: [{ do: 'mark-read', ...news(state) }],
      }
    case 'answered': {
      if (state.call.is !== 'calling') return unchanged(state)
      const held = furthest(state.held, event.cursors)
      const idle: ReceiptState = { ...state, held, call: { is: 'idle' }, attempt: 0 }
      // The server clamps what lies beyond its last message. Asking again would be answered the same.
      return state.wanted === state.call.asked ? settled(idle) : schedule(idle, COALESCE_MS)
    }
    case 'failed': {
      if (state.call.is !== 'calling') return unchanged(state)
      const idle: ReceiptState = { ...state, call: { is: 'idle' } }
      if (reactionTo(event.error.kind) === 'give-up') return settled({ ...idle, attempt: 0 })
      const attempt = state.attempt + 1
      const ms = Math.max(backoffMs(attempt, event.random, RECEIPT_RETRY), event.error.retryAfterMs ?? 0)
      return schedule({ ...idle, attempt }, ms)
    }
    case 'held': {
      const held = furthest(state.held, event.cursors)
      return held === state.held ? unchanged(state) : { state: { ...state, held }, effects: [] }
    }
  }
}

/** What a last call before leaving would have to tell. */
export function news(state: ReceiptState): { readSeq: number | null; deliveredSeq: number | null } {
  const { held, wanted } = state
  return {
    readSeq: wanted.readSeq > held.readSeq ? wanted.readSeq : null,
    deliveredSeq: wanted.deliveredSeq > held.deliveredSeq ? wanted.deliveredSeq : null,
  }
}

export function isNews(state: ReceiptState): boolean {
  const { readSeq, deliveredSeq } = news(state)
  return readSeq !== null || deliveredSeq !== null
}

function schedule(state: ReceiptState, ms: number): ReceiptStep {
  if (state.call.is !== 'idle' || !isNews(state)) return { state, effects: [] }
  return { state: { ...state, call: { is: 'scheduled' } }, effects: [{ do: 'set-timer', ms }] }
}

function settled(state: ReceiptState): ReceiptStep {
  return { state: { ...state, wanted: state.held }, effects: [] }
}

/** The first one itself, if nothing of the second is further. */
function furthest(a: Cursors, b: Cursors): Cursors {
  if (b.deliveredSeq <= a.deliveredSeq && b.readSeq <= a.readSeq) return a
  return {
    deliveredSeq: Math.max(a.deliveredSeq, b.deliveredSeq),
    readSeq: Math.max(a.readSeq, b.readSeq),
  }
}
