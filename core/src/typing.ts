/**
 * Who is typing, as two pure state machines: telling the others of oneself, and what the others tell. They tell each
 * other over a topic on which anybody of the room may claim anything, so that only people of the room are shown, and
 * nothing depends on it.
 *
 * Must never happen: oneself among those who type; somebody who is not of the room; somebody who types for ever.
 */
import { type Step, unchanged } from './machine.ts'

/** While somebody types the others are told so this often. */
export const TELL_EVERY_MS = 3_000
/** Who has not said so again for this long does not type any more. */
export const FORGET_AFTER_MS = 6_000

/** `toldAt`: when the others were last told that one types; null: they were told that one does not, or nothing. */
export interface OwnTyping {
  readonly isJoined: boolean
  readonly toldAt: number | null
}

export type OwnTypingEvent =
  | { is: 'typed'; at: number }
  | { is: 'stopped'; at: number }
  | { is: 'joined' }
  | { is: 'lost' }

export type OwnTypingEffect = { do: 'tell-typing'; isTyping: boolean }

export const notTyping: OwnTyping = { isJoined: false, toldAt: null }

export function reduceOwnTyping(state: OwnTyping, event: OwnTypingEvent): Step<OwnTyping, OwnTypingEffect> {
  const { isJoined, toldAt } = state
  switch (event.is) {
    case 'typed':
      if (!isJoined || (toldAt !== null && event.at - toldAt < TELL_EVERY_MS)) return unchanged(state)
      return { state: { isJoined, toldAt: event.at }, effects: [{ do: 'tell-typing', isTyping: true }] }
    case 'stopped':
      if (toldAt === null) return unchanged(state)
      return {
        state: { isJoined, toldAt: null },
        effects: event.at - toldAt < FORGET_AFTER_MS ? [{ do: 'tell-typing', isTyping: false }] : [],
      }
    // The others have forgotten, or are others.
    case 'joined':
      return { state: { isJoined: true, toldAt: null }, effects: [] }
    case 'lost':
      return isJoined ? { state: notTyping, effects: [] } : unchanged(state)
  }
}

export interface Typists {
  /** Those of whom it may be said. */
  readonly others: readonly string[]
  /** In the order in which they began. */
  readonly typing: readonly { readonly userId: string; readonly until: number }[]
}

export type TypistsEvent =
  | { is: 'others-changed'; others: readonly string[] }
  | { is: 'told'; userId: string; isTyping: boolean; at: number }
  /** A message of theirs has come. */
  | { is: 'wrote'; userId: string }
  | { is: 'due'; at: number }
  | { is: 'lost' }

export type TypistsEffect =
  /** In place of the timer before. */
  { do: 'set-timer'; ms: number } | { do: 'clear-timer' }

export const nobodyTypes: Typists = { others: [], typing: [] }

export function reduceTypists(state: Typists, event: TypistsEvent): Step<Typists, TypistsEffect> {
  const { others, typing } = state
  switch (event.is) {
    case 'others-changed': {
      const left = typing.filter(({ userId }) => event.others.includes(userId))
      return stopped({ ...state, others: event.others }, left)
    }
    case 'told': {
      if (!event.isTyping) return without(state, event.userId)
      if (!others.includes(event.userId)) return unchanged(state)
      const until = event.at + FORGET_AFTER_MS
      const isKnown = typing.some(({ userId }) => userId === event.userId)
      const renewed = typing.map(each => (each.userId === event.userId ? { ...each, until } : each))
      return timed(
        { others, typing: isKnown ? renewed : [...typing, { userId: event.userId, until }] },
        event.at,
      )
    }
    case 'wrote':
      return without(state, event.userId)
    case 'due': {
      const left = typing.filter(({ until }) => until > event.at)
      return left.length === typing.length
        ? timed(state, event.at)
        : timed({ others, typing: left }, event.at)
    }
    case 'lost':
      return stopped(state, [])
  }
}

export function typistsOf({ typing }: Typists): string[] {
  return typing.map(each => each.userId)
}

function without(state: Typists, userId: string): Step<Typists, TypistsEffect> {
  const left = state.typing.filter(each => each.userId !== userId)
  return stopped(state, left)
}

/** The timer may come too early for those who are left; it is set anew when it does. */
function stopped(state: Typists, left: Typists['typing']): Step<Typists, TypistsEffect> {
  if (left.length === state.typing.length) return { state, effects: [] }
  return {
    state: { ...state, typing: left },
    effects: left.length === 0 ? [{ do: 'clear-timer' }] : [],
  }
}

function timed(state: Typists, at: number): Step<Typists, TypistsEffect> {
  if (state.typing.length === 0) return { state, effects: [] }
  const first = Math.min(...state.typing.map(({ until }) => until))
  return { state, effects: [{ do: 'set-timer', ms: Math.max(0, first - at) }] }
}
