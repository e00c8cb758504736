/**
 * One room's unsent messages, as a pure state machine: written to the outbox before anything leaves the machine,
 * sent in the order they were typed, one in flight.
 *
 *   unsaved --outbox-read--> saving --saved--> saved --(its turn)--> sending --accepted--> sent --shown--> gone
 *                               \--save-failed--> failed <--refused-----/  \--retryable--> saved (and wait)
 *
 * The outbox is that of all tabs of the browser, and only the one that leads sends. The others write into the outbox what
 * is typed, retried and discarded, and read it again whenever somebody has; so does the leader.
 *
 * A message that is refused for good steps aside and lets the next one go. A message whose answer was lost is sent
 * again under the same id, which the server answers with the same row.
 *
 * Must never happen: two in flight; a later message overtaking an earlier one that has not failed; a message that
 * leaves the outbox before the server's row for its id was seen, or before the person discarded it.
 */
import { type Backoff, backoffMs } from './backoff.ts'
import { ChatError, reactionTo } from './chat-error.ts'
import type { StoredMessage } from './env.ts'
import { type Step, unchanged } from './machine.ts'

export const SEND_RETRY: Backoff = { baseMs: 1_000, maxMs: 2_000 }

export type Stage =
  | { is: 'unsaved' }
  | { is: 'saving' }
  | { is: 'saved' }
  | { is: 'sending' }
  /** The server has it; it is shown from here until it has its place among the messages. */
  | { is: 'sent'; seq: number }
  /** `isKept`: it lies in the outbox. */
  | { is: 'failed'; error: ChatError; isKept: boolean }

export interface Entry {
  readonly id: string
  readonly body: string
  readonly replyTo: string | null
  readonly queuedAt: string
  readonly position: number
  readonly stage: Stage
}

/** Why nothing is being sent although something could be. */
export type Hold =
  | null
  /** `isOrdered`: the server asked for this wait; a live connection does not cut it short. */
  | { is: 'backing-off'; isOrdered: boolean }
  /** Until the person is signed in again. */
  | { is: 'signed-out' }

export interface QueueState {
  readonly isLoaded: boolean
  /** Whether it is for this tab to send. */
  readonly isLeading: boolean
  readonly entries: readonly Entry[]
  readonly attempt: number
  readonly hold: Hold
}

export type QueueEvent =
  /** As it was after everything that this tab has written. */
  | { is: 'outbox-read'; messages: readonly StoredMessage[] }
  | { is: 'lead-won' }
  | { is: 'lead-lost' }
  | { is: 'typed'; id: string; body: string; replyTo: string | null; queuedAt: string }
  | { is: 'saved'; id: string }
  | { is: 'save-failed'; id: string; error: ChatError }
  | { is: 'accepted'; id: string; seq: number }
  /** Another tab has sent it. */
  | { is: 'accepted-elsewhere'; id: string; seq: number }
  | { is: 'send-failed'; id: string; error: ChatError; random: number }
  /** Its turn came, but another tab has discarded it, or was told that it is refused: read the outbox. */
  | { is: 'withdrawn'; id: string }
  /** The server's row for this id has its place among the messages. */
  | { is: 'shown'; id: string }
  | { is: 'retry-asked'; id: string }
  | { is: 'discard-asked'; id: string }
  | { is: 'retry-due' }
  /** The server was reached just now, or the person asked to try. */
  | { is: 'resumed' }

export type QueueEffect =
  /** Write the entry as it is in the state now. */
  | { do: 'save'; id: string }
  | { do: 'forget'; id: string }
  | { do: 'send'; id: string }
  | { do: 'set-timer'; ms: number }
  | { do: 'clear-timer' }

export const emptyQueue: QueueState = {
  isLoaded: false,
  isLeading: false,
  entries: [],
  attempt: 0,
  hold: null,
}

type QueueStep = Step<QueueState, QueueEffect>

export function reduceQueue(state: QueueState, event: QueueEvent): QueueStep {
  switch (event.is) {
    case 'outbox-read':
      return read(state, event.messages)
    case 'lead-won':
      return state.isLeading ? unchanged(state) : next({ ...state, isLeading: true })
    case 'lead-lost':
      return loseLead(state)
    case 'typed':
      return type(state, event)
    case 'saved':
      return isAt(state, event.id, 'saving')
        ? next(stageSet(state, event.id, { is: 'saved' }))
        : unchanged(state)
    case 'save-failed':
      return isAt(state, event.id, 'saving')
        ? next(stageSet(state, event.id, { is: 'failed', error: event.error, isKept: false }))
        : unchanged(state)
    case 'accepted': {
      if (!isAt(state, event.id, 'sending')) return unchanged(state)
      const sent = stageSet({ ...state, attempt: 0 }, event.id, { is: 'sent', seq: event.seq })
      return next(sent, [{ do: 'forget', id: event.id }])
    }
    case 'accepted-elsewhere': {
      const entry = state.entries.find(each => each.id === event.id)
      if (!entry || entry.stage.is === 'sent') return unchanged(state)
      return next(stageSet(state, event.id, { is: 'sent', seq: event.seq }))
    }
    case 'withdrawn':
      return isAt(state, event.id, 'sending')
        ? { state: stageSet(state, event.id, { is: 'saved' }), effects: [] }
        : unchanged(state)
    case 'send-failed':
      return isAt(state, event.id, 'sending') ? fail(state, event) : unchanged(state)
    case 'shown':
      return show(state, event.id)
    case 'retry-asked': {
      if (!isAt(state, event.id, 'failed')) return unchanged(state)
      return { state: stageSet(state, event.id, { is: 'saving' }), effects: [{ do: 'save', id: event.id }] }
    }
    case 'discard-asked': {
      const entry = state.entries.find(each => each.id === event.id)
      if (!entry || entry.stage.is === 'sending' || entry.stage.is === 'sent') return unchanged(state)
      return next(without(state, event.id), [{ do: 'forget', id: event.id }])
    }
    case 'retry-due':
      return state.hold?.is === 'backing-off' ? next({ ...state, hold: null }) : unchanged(state)
    case 'resumed':
      return resume(state)
  }
}

function read(state: QueueState, messages: readonly StoredMessage[]): QueueStep {
  const last = messages.at(-1)?.position ?? 0
  const isStored = new Set(messages.map(({ id }) => id))
  const saves: QueueEffect[] = []
  const own = state.entries.flatMap<Entry>((entry, index) => {
    if (entry.stage.is === 'unsaved') {
      saves.push({ do: 'save', id: entry.id })
      return [{ ...entry, position: last + 1 + index, stage: { is: 'saving' } }]
    }
    return isStored.has(entry.id) || isOnlyHere(entry.stage) ? [entry] : []
  })
  const isOwn = new Set(own.map(({ id }) => id))
  const stored = new Map(messages.map(message => [message.id, message]))
  const entries = [
    ...own.map(entry => entryRead(entry, stored.get(entry.id))),
    ...messages.filter(({ id }) => !isOwn.has(id)).map(entryOf),
  ].sort(byPosition)
  const isSame =
    state.isLoaded &&
    entries.length === state.entries.length &&
    entries.every((entry, index) => entry === state.entries[index])
  return isSame ? unchanged(state) : next({ ...state, isLoaded: true, entries }, saves)
}

/** Whether a message that the outbox does not hold is to be kept all the same. Other tabs take out what they discard. */
function isOnlyHere(stage: Stage): boolean {
  switch (stage.is) {
    case 'unsaved':
    case 'saving':
    case 'sending':
    case 'sent':
      return true
    case 'saved':
      return false
    case 'failed':
      return !stage.isKept
  }
}

/** Retried or refused by another tab. What this one is about, it knows better. */
function entryRead(entry: Entry, stored: StoredMessage | undefined): Entry {
  if (stored === undefined || (entry.stage.is !== 'saved' && entry.stage.is !== 'failed')) return entry
  const isFailed = entry.stage.is === 'failed'
  return isFailed === (stored.refusal !== null) ? entry : entryOf(stored)
}

function entryOf({ id, body, replyTo, queuedAt, position, refusal }: StoredMessage): Entry {
  const stage: Stage = refusal
    ? { is: 'failed', error: new ChatError(refusal.kind, { detail: refusal.detail }), isKept: true }
    : { is: 'saved' }
  return { id, body, replyTo, queuedAt, position, stage }
}

/** The order in which messages are sent. Two tabs may have chosen the same position; ids ascend with time. */
export function byPosition(a: { position: number; id: string }, b: { position: number; id: string }): number {
  return a.position - b.position || (a.id < b.id ? -1 : 1)
}

function loseLead(state: QueueState): QueueStep {
  if (!state.isLeading) return unchanged(state)
  const effects: QueueEffect[] = state.hold?.is === 'backing-off' ? [{ do: 'clear-timer' }] : []
  return { state: { ...state, isLeading: false, attempt: 0, hold: null }, effects }
}

function type(state: QueueState, event: QueueEvent & { is: 'typed' }): QueueStep {
  if (state.entries.some(entry => entry.id === event.id)) return unchanged(state)
  const { id, body, replyTo, queuedAt } = event
  const position = (state.entries.at(-1)?.position ?? 0) + 1
  const stage: Stage = { is: state.isLoaded ? 'saving' : 'unsaved' }
  return {
    state: { ...state, entries: [...state.entries, { id, body, replyTo, queuedAt, position, stage }] },
    effects: state.isLoaded ? [{ do: 'save', id }] : [],
  }
}

function fail(state: QueueState, event: QueueEvent & { is: 'send-failed' }): QueueStep {
  const { error } = event
  switch (reactionTo(error.kind)) {
    case 'give-up':
      return next(stageSet({ ...state, attempt: 0 }, event.id, { is: 'failed', error, isKept: true }), [
        { do: 'save', id: event.id },
      ])
    case 'sign-in':
      return {
        state: stageSet({ ...state, hold: state.isLeading ? { is: 'signed-out' } : null }, event.id, {
          is: 'saved',
        }),
        effects: [],
      }
    case 'retry': {
      const saved = stageSet(state, event.id, { is: 'saved' })
      if (!state.isLeading) return { state: saved, effects: [] }
      const attempt = state.attempt + 1
      const ms = Math.max(backoffMs(attempt, event.random, SEND_RETRY), error.retryAfterMs ?? 0)
      const hold: Hold = { is: 'backing-off', isOrdered: error.retryAfterMs !== null }
      return {
        state: { ...saved, attempt, hold },
        effects: [{ do: 'set-timer', ms }],
      }
    }
  }
}

function show(state: QueueState, id: string): QueueStep {
  const entry = state.entries.find(each => each.id === id)
  if (!entry) return unchanged(state)
  const effects: QueueEffect[] = entry.stage.is === 'sent' ? [] : [{ do: 'forget', id }]
  return next(without(state, id), effects)
}

function resume(state: QueueState): QueueStep {
  if (state.hold === null) return unchanged(state)
  if (state.hold.is === 'backing-off') {
    return state.hold.isOrdered ? unchanged(state) : next({ ...state, hold: null }, [{ do: 'clear-timer' }])
  }
  return next({ ...state, hold: null })
}

/** Where it is for this tab to send: sends the first message that has not failed, if it is saved and nothing stands against it. */
function next(state: QueueState, effects: readonly QueueEffect[] = []): QueueStep {
  const isSending = state.entries.some(entry => entry.stage.is === 'sending')
  if (!state.isLeading || !state.isLoaded || state.hold !== null || isSending) return { state, effects }
  const head = state.entries.find(entry => entry.stage.is !== 'failed' && entry.stage.is !== 'sent')
  if (head?.stage.is !== 'saved') return { state, effects }
  return {
    state: stageSet(state, head.id, { is: 'sending' }),
    effects: [...effects, { do: 'send', id: head.id }],
  }
}

function isAt(state: QueueState, id: string, stage: Stage['is']): boolean {
  return state.entries.some(entry => entry.id === id && entry.stage.is === stage)
}

function stageSet(state: QueueState, id: string, stage: Stage): QueueState {
  return { ...state, entries: state.entries.map(entry => (entry.id === id ? { ...entry, stage } : entry)) }
}

function without(state: QueueState, id: string): QueueState {
  return { ...state, entries: state.entries.filter(entry => entry.id !== id) }
}
