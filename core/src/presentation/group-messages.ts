/**
 * What a conversation looks like as a list: date lines, the unread line, the system's events, and the messages that
 * one person wrote one after another.
 */
import type { OutgoingMessage } from '../api.ts'
import type { Message } from '../records.ts'
import { isWritten } from './is-written.ts'

export const GROUP_WITHIN_MS = 5 * 60_000
const QUARTER_HOUR_MS = 15 * 60_000

export type ChatItem =
  /** `at`: ISO 8601, some moment of that day. */
  | { is: 'day'; key: string; at: string }
  | { is: 'unread'; key: string }
  | { is: 'event'; key: string; message: Message }
  | { is: 'group'; key: string; senderId: string; messages: Message[]; outgoing: OutgoingMessage[] }

export interface GroupOptions {
  /** IANA name. One that this machine does not know counts as UTC. */
  timeZone: string
  openedAtReadSeq: number
  me: string
}

export function groupMessages(
  messages: readonly Message[],
  outgoing: readonly OutgoingMessage[],
  { timeZone, openedAtReadSeq, me }: GroupOptions,
): ChatItem[] {
  const items: ChatItem[] = []
  const dayOf = dayReader(timeZone)
  const unreadFrom = firstUnread(messages, openedAtReadSeq, me)
  let group: (ChatItem & { is: 'group' }) | null = null
  let day: string | null = null
  let lastMs = Number.NEGATIVE_INFINITY

  const startDay = (at: string) => {
    const next = dayOf(Date.parse(at))
    if (next === day) return
    day = next
    items.push({ is: 'day', key: `day-${next}`, at })
    group = null
  }
  const groupFor = (senderId: string, id: string, ms: number) => {
    const isSame = group?.senderId === senderId && ms - lastMs <= GROUP_WITHIN_MS
    if (group === null || !isSame) {
      group = { is: 'group', key: id, senderId, messages: [], outgoing: [] }
      items.push(group)
    }
    lastMs = ms
    return group
  }

  for (const message of messages) {
    startDay(message.createdAt)
    if (message === unreadFrom) {
      items.push({ is: 'unread', key: 'unread' })
      group = null
    }
    if (message.senderId === null) {
      items.push({ is: 'event', key: message.id, message })
      group = null
    } else {
      groupFor(message.senderId, message.id, Date.parse(message.createdAt)).messages.push(message)
    }
  }
  // This device's clock may be behind the server's; what was typed now never belongs to an earlier day.
  const lastAt = messages.at(-1)?.createdAt ?? null
  for (const message of outgoing) {
    const isBehind = lastAt !== null && Date.parse(message.queuedAt) < Date.parse(lastAt)
    const at = isBehind ? lastAt : message.queuedAt
    startDay(at)
    groupFor(me, message.id, Date.parse(at)).outgoing.push(message)
  }
  return items
}

/**
 * The first message of others that was not read when the room was opened. None if that one is not loaded: the line
 * would stand in a wrong place.
 */
function firstUnread(messages: readonly Message[], openedAtReadSeq: number, me: string): Message | null {
  const first = messages[0]
  if (!first || first.seq > openedAtReadSeq + 1) return null
  const next = messages.find(message => message.seq > openedAtReadSeq && isWritten(message))
  // Whoever wrote since has read what was there.
  return next && next.senderId !== me ? next : null
}

function dayReader(timeZone: string): (ms: number) => string {
  const format = dayFormat(timeZone)
  let quarter = Number.NaN
  let day = ''
  return ms => {
    // Days begin on a quarter of an hour in every time zone, and formatting is slow.
    const next = Math.floor(ms / QUARTER_HOUR_MS)
    if (next !== quarter) {
      quarter = next
      day = format.format(ms)
    }
    return day
  }
}

function dayFormat(timeZone: string): Intl.DateTimeFormat {
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit' } as const
  try {
    return new Intl.DateTimeFormat('en-CA', { ...parts, timeZone })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return new Intl.DateTimeFormat('en-CA', { ...parts, timeZone: 'UTC' })
  }
}
