/**
 * What a conversation looks like as a list: date lines, the unread line, the system's events, and the messages, the
 * first of those that one person wrote one after another marked as such.
 *
 * A long room is read anew with every message and every page of history: what is the same at both ends is taken from the
 * last reading, so that a hundred thousand messages cost a comparison each and no more.
 */
import { isWritten, type Message, type OutgoingMessage } from '@bedside/core'

export const GROUP_WITHIN_MS = 5 * 60_000
const QUARTER_HOUR_MS = 15 * 60_000

export type ChatItem =
  /** `at`: ISO 8601, some moment of that day. */
  | { is: 'day'; key: string; at: string }
  | { is: 'unread'; key: string }
  | { is: 'event'; key: string; message: Message }
  /** The key is the message's id, before and after the server has it. */
  | { is: 'message'; key: string; message: Message; isFirst: boolean }
  | { is: 'outgoing'; key: string; message: OutgoingMessage; isFirst: boolean }

export interface ItemOptions {
  /** IANA name. One that this machine does not know counts as UTC. */
  timeZone: string
  openedAtReadSeq: number
  me: string
}

interface Reading {
  timeZone: string
  unreadFrom: Message | null
  messages: readonly Message[]
  items: readonly ChatItem[]
}

/** A reader of one room. What stays in its place is the same object from reading to reading. */
export function createItemReader(): (
  messages: readonly Message[],
  outgoing: readonly OutgoingMessage[],
  options: ItemOptions,
) => ChatItem[] {
  let last: Reading | null = null
  let dayOf = dayReader('UTC')
  return (messages, outgoing, { timeZone, openedAtReadSeq, me }) => {
    if (last?.timeZone !== timeZone) dayOf = dayReader(timeZone)
    const unreadFrom = firstUnread(messages, openedAtReadSeq, me)
    const known = last?.timeZone === timeZone && last.unreadFrom === unreadFrom ? last : null
    const items = readOn(known, messages, (message, before) =>
      read(message, before, message === unreadFrom, dayOf),
    )
    last = { timeZone, unreadFrom, messages, items }
    return items.concat(readOutgoing(outgoing, messages.at(-1) ?? null, me, dayOf))
  }
}

/** Reads only what lies between what is the same at the start and at the end, and the first after it. */
function readOn(
  known: Reading | null,
  messages: readonly Message[],
  readOne: (message: Message, before: Message | null) => ChatItem[],
): ChatItem[] {
  const before = known?.messages ?? []
  const most = Math.min(before.length, messages.length)
  let start = 0
  while (start < most && before[start] === messages[start]) start++
  let end = 0
  while (end < most - start && before.at(-1 - end) === messages.at(-1 - end)) end++
  const from = known?.items.slice(0, start === 0 ? 0 : placeAfter(known.items, before[start - 1])) ?? []
  const middle = messages
    .slice(start, messages.length - Math.max(0, end - 1))
    .flatMap((message, i) => readOne(message, messages[start + i - 1] ?? null))
  const to = end === 0 ? [] : (known?.items.slice(placeAfter(known.items, before.at(-end))) ?? [])
  return from.concat(middle, to)
}

/** Behind the message's own item; seqs ascend. */
function placeAfter(items: readonly ChatItem[], message: Message | undefined): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    // A line belongs to the message below it.
    let at = middle
    let item = items[at]
    while (at < high - 1 && (item?.is === 'day' || item?.is === 'unread')) item = items[++at]
    const seq = item?.is === 'message' || item?.is === 'event' ? item.message.seq : Number.POSITIVE_INFINITY
    if (seq <= (message?.seq ?? 0)) low = at + 1
    else high = middle
  }
  return low
}

function read(message: Message, before: Message | null, isUnreadFrom: boolean, dayOf: DayReader): ChatItem[] {
  const { id, createdAt, senderId } = message
  const ms = Date.parse(createdAt)
  const items: ChatItem[] = []
  if (before === null || dayOf(Date.parse(before.createdAt)) !== dayOf(ms))
    items.push({ is: 'day', key: `day-${id}`, at: createdAt })
  if (isUnreadFrom) items.push({ is: 'unread', key: 'unread' })
  if (senderId === null) items.push({ is: 'event', key: id, message })
  else {
    const goesOn =
      items.length === 0 &&
      before?.senderId === senderId &&
      ms - Date.parse(before.createdAt) <= GROUP_WITHIN_MS
    items.push({ is: 'message', key: id, message, isFirst: !goesOn })
  }
  return items
}

/** This device's clock may be behind the server's; what was typed now never belongs to an earlier day. */
function readOutgoing(
  outgoing: readonly OutgoingMessage[],
  last: Message | null,
  me: string,
  dayOf: DayReader,
): ChatItem[] {
  const items: ChatItem[] = []
  let lastMs = last ? Date.parse(last.createdAt) : null
  let isMine = last?.senderId === me
  for (const message of outgoing) {
    const ms = Math.max(Date.parse(message.queuedAt), lastMs ?? 0)
    const isNewDay = lastMs === null || dayOf(lastMs) !== dayOf(ms)
    if (isNewDay) items.push({ is: 'day', key: `day-${message.id}`, at: new Date(ms).toISOString() })
    const goesOn = isMine && !isNewDay && lastMs !== null && ms - lastMs <= GROUP_WITHIN_MS
    items.push({ is: 'outgoing', key: message.id, message, isFirst: !goesOn })
    lastMs = ms
    isMine = true
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
  // By its seq, which has no gaps, to the first that was not read.
  const from = Math.max(0, openedAtReadSeq + 1 - first.seq)
  for (let i = from; i < messages.length; i++) {
    const message = messages[i]
    // Whoever wrote since has read what was there.
    if (message && isWritten(message)) return message.senderId === me ? null : message
  }
  return null
}

type DayReader = (ms: number) => string

function dayReader(timeZone: string): DayReader {
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
