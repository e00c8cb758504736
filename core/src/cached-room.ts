/**
 * What is kept of a room that was shown, and how new it is. Of a room that was closed to this person, and of one of which
 * newer things were heard than are kept, only its version stays: what another tab is still about to write is older.
 *
 * Must never happen: an older version in the place of a newer one; words that were retracted or erased, once that was
 * heard.
 */

import type { Message } from './records.ts'
import type { OpenRoom } from './room-state.ts'
import { lastSeqOf } from './timeline.ts'
import type { OpenedRoom, RoomChange } from './transport.ts'

const MESSAGES_KEPT = 50

export interface RoomVersion {
  readonly epoch: number
  readonly lastChange: number
  readonly lastSeq: number
}

export interface CachedRoom extends Omit<OpenedRoom, 'draft'> {
  /** The newest. Ascending by seq, without gaps. */
  messages: readonly Message[]
  hasOlder: boolean
}

export interface RoomRecord {
  version: RoomVersion
  /** null: nothing of it may be shown. */
  room: CachedRoom | null
}

/** null: there is nothing to be kept yet. */
export function recordOf(state: OpenRoom): RoomRecord | null {
  const { me, appointment, room, mutedUntil, timeline, changes } = state
  if (!timeline.isLoaded) return null
  const lastSeq = lastSeqOf(timeline)
  // Heard of, and not yet known which messages they are of.
  const { last, fetch } = changes
  const told = Math.max(changes.told, fetch.is === 'loading' ? fetch.asked : 0)
  const version = { epoch: room.epoch, lastChange: Math.max(told, last), lastSeq }
  if (told > last) return { version, room: null }
  const messages = timeline.messages.slice(-MESSAGES_KEPT)
  const hasOlder = timeline.hasOlder || messages.length < timeline.messages.length
  return { version, room: { me, appointment, room, mutedUntil, messages, hasOlder } }
}

/** Whether what was kept before must not be found any more, not even for a moment. */
export function isUrgent(before: RoomVersion | null, after: RoomRecord): boolean {
  if (before === null || after.room === null) return true
  return after.version.lastChange > before.lastChange || isErasedSince(before, after.room)
}

function isErasedSince({ lastSeq }: RoomVersion, { messages }: CachedRoom): boolean {
  return messages.some(({ seq, event }) => seq > lastSeq && event?.type === 'room_erased')
}

/** What is to lie there after a write. */
export function newerRecord(before: RoomRecord | null, after: RoomRecord): RoomRecord {
  return before !== null && isOlder(after.version, before.version) ? before : after
}

function isOlder(a: RoomVersion, b: RoomVersion): boolean {
  return a.epoch < b.epoch || a.lastChange < b.lastChange || a.lastSeq < b.lastSeq
}

/** Closed to this person: whatever was read of it under this epoch is not to be kept. */
export function withoutAccess(record: RoomRecord): RoomRecord {
  const { version, room } = record
  return room === null ? record : { version: { ...version, epoch: version.epoch + 1 }, room: null }
}

/** Heard of a room: what is kept of it may hold what is not to be read any more. New messages alone do no harm. */
export function isDoubtful(
  version: RoomVersion,
  { epoch, lastChange, lastSeq, status }: RoomChange,
): boolean {
  // A room is archived before it is erased.
  const mayBeErased = status === 'archived' && lastSeq > version.lastSeq
  return epoch > version.epoch || lastChange > version.lastChange || mayBeErased
}

export function afterChange(record: RoomRecord, change: RoomChange): RoomRecord {
  const { version } = record
  if (!isDoubtful(version, change)) return record
  const { epoch, lastChange, lastSeq } = change
  return {
    version: {
      epoch: Math.max(epoch, version.epoch),
      lastChange: Math.max(lastChange, version.lastChange),
      lastSeq: Math.max(lastSeq, version.lastSeq),
    },
    room: null,
  }
}
