/**
 * The messages of one room that this device holds: an unbroken run, and apart from it what arrived ahead of a gap.
 *
 * Must never happen: a hole in the run; one message twice; a message out of order; an older version of a message in
 * the place of a newer one; content of a room that was erased.
 */
import type { Message } from './records.ts'
import type { MessagePage } from './transport.ts'

export interface Timeline {
  /** Whether the newest page has arrived. Before, everything is ahead. */
  readonly isLoaded: boolean
  /** Ascending by seq, without gaps. */
  readonly messages: readonly Message[]
  /** Arrived before what comes before them. Ascending by seq. */
  readonly ahead: readonly Message[]
  readonly hasOlder: boolean
}

/** More than this is not kept: the fetch that closes the gap brings it anyway. */
export const AHEAD_MAX = 500

export const emptyTimeline: Timeline = { isLoaded: false, messages: [], ahead: [], hasOlder: false }

export function lastSeqOf(timeline: Timeline): number {
  return timeline.messages.at(-1)?.seq ?? 0
}

/** The last message up to `upTo` that somebody else wrote; 0 if there is none. One's own need no receipt. */
export function lastSeqOfOthers({ messages }: Timeline, me: string, upTo = Number.POSITIVE_INFINITY): number {
  return messages.findLast(message => message.seq <= upTo && message.senderId !== me)?.seq ?? 0
}

export function hasGap(timeline: Timeline): boolean {
  return timeline.ahead.length > 0
}

/** A message from a broadcast or from the answer to our own sending. */
export function received(timeline: Timeline, message: Message): Timeline {
  if (timeline.isLoaded && message.seq <= lastSeqOf(timeline)) return timeline
  if (timeline.ahead.some(each => each.seq === message.seq)) return timeline
  // A change is passed but once: its message is kept, however many there are.
  if (timeline.ahead.length >= AHEAD_MAX && message.change === null) return timeline
  const ahead = [...timeline.ahead, message].sort((a, b) => a.seq - b.seq)
  return caughtUp({ ...timeline, ahead })
}

/** A message as it was edited or retracted. Of one that has not arrived it brings as much as its own broadcast. */
export function changed(timeline: Timeline, message: Message): Timeline {
  for (const run of ['messages', 'ahead'] as const) {
    const index = timeline[run].findIndex(each => each.id === message.id)
    const held = timeline[run][index]
    if (held === undefined) continue
    // What was erased never changes again.
    if (held.erasedAt !== null || newerOf(held, message) === held) return timeline
    return { ...timeline, [run]: timeline[run].map((each, at) => (at === index ? message : each)) }
  }
  return received(timeline, message)
}

/** The newest page, or the one after our last message. What the server lists is without gaps by its own promise. */
export function extended(timeline: Timeline, page: MessagePage): Timeline {
  const last = lastSeqOf(timeline)
  const ahead = new Map(timeline.ahead.map(message => [message.id, message]))
  const fresh = page.messages
    .filter(message => message.seq > last)
    .map(message => newerOf(message, ahead.get(message.id)))
  if (timeline.isLoaded && fresh.length === 0) return timeline
  return caughtUp({
    isLoaded: true,
    messages: [...timeline.messages, ...fresh],
    ahead: timeline.ahead,
    hasOlder: timeline.isLoaded ? timeline.hasOlder : page.hasMore,
  })
}

/** The page before our first message. */
export function prepended(timeline: Timeline, page: MessagePage): Timeline {
  const first = timeline.messages[0]?.seq ?? Number.POSITIVE_INFINITY
  const older = page.messages.filter(message => message.seq < first)
  return { ...timeline, messages: withoutErased([...older, ...timeline.messages]), hasOlder: page.hasMore }
}

/** Without what was ahead before a fetch: it has shown that the server knows of nothing there. */
export function withoutAhead(timeline: Timeline, before: readonly Message[]): Timeline {
  const seqs = new Set(before.map(({ seq }) => seq))
  return { ...timeline, ahead: timeline.ahead.filter(({ seq }) => !seqs.has(seq)) }
}

function caughtUp(timeline: Timeline): Timeline {
  if (!timeline.isLoaded) return timeline
  let last = lastSeqOf(timeline)
  const joining: Message[] = []
  const ahead: Message[] = []
  for (const message of timeline.ahead) {
    if (message.seq <= last) continue
    if (message.seq === last + 1) {
      joining.push(message)
      last = message.seq
    } else {
      ahead.push(message)
    }
  }
  return { ...timeline, messages: withoutErased([...timeline.messages, ...joining]), ahead }
}

function newerOf(message: Message, other: Message | undefined): Message {
  return other !== undefined && (other.change ?? 0) > (message.change ?? 0) ? other : message
}

/** Nobody is told of each message that goes when a room is erased: what this device holds goes with that event. */
function withoutErased(messages: readonly Message[]): readonly Message[] {
  const erasure = messages.findLast(message => message.event?.type === 'room_erased')
  if (erasure === undefined) return messages
  return messages.map(message =>
    message.seq < erasure.seq && hasContent(message)
      ? { ...message, body: null, erasedAt: erasure.createdAt }
      : message,
  )
}

function hasContent({ body, kind, retractedAt, erasedAt }: Message): boolean {
  const isFile = kind === 'image' || kind === 'file'
  return erasedAt === null && (body !== null || (isFile && retractedAt === null))
}
