/** What a screen sees of a room, from the states of its machines. */
import type { ChatState, ConnectionState, OutgoingMessage, WaitsFor } from './api.ts'
import type { CachedRoom } from './cached-room.ts'
import { reactionTo } from './chat-error.ts'
import type { RoomState } from './room-state.ts'
import type { Entry, Hold } from './send-queue.ts'

export function chatStateOf(
  room: RoomState,
  outgoing: readonly OutgoingMessage[],
  connection: ConnectionState,
  cached: CachedRoom | null,
): ChatState {
  if (cached && isYetUnknown(room)) {
    const { room: cachedRoom, me, appointment, mutedUntil, messages, hasOlder } = cached
    return {
      is: 'ready',
      freshness: 'cached',
      me,
      appointment,
      room: cachedRoom,
      messages,
      outgoing,
      hasOlder,
      isLoadingOlder: false,
      olderError: null,
      openedAtReadSeq: cachedRoom.participants.find(each => each.id === me)?.readSeq ?? 0,
      mutedUntil,
      connection,
    }
  }
  switch (room.is) {
    case 'opening':
      return { is: 'loading' }
    case 'failed':
      return { is: 'failed', error: room.error }
    case 'revoked':
      return { is: 'revoked' }
    case 'open': {
      if (!room.timeline.isLoaded) {
        if (room.newer.is === 'failed') return { is: 'failed', error: room.newer.error }
        if (room.newer.is === 'loading' && room.newer.retries)
          return { is: 'failed', error: room.newer.retries }
        return { is: 'loading' }
      }
      return {
        is: 'ready',
        freshness: 'live',
        me: room.me,
        appointment: room.appointment,
        room: room.room,
        messages: room.timeline.messages,
        outgoing,
        hasOlder: room.timeline.hasOlder,
        isLoadingOlder: room.older.is === 'loading',
        olderError: room.older.is === 'failed' ? room.older.error : null,
        openedAtReadSeq: room.openedAtReadSeq,
        mutedUntil: room.mutedUntil,
        connection,
      }
    }
  }
}

/** Nothing has come yet, and it may still come. */
export function isYetUnknown(room: RoomState): boolean {
  switch (room.is) {
    case 'opening':
      return true
    case 'failed':
      return reactionTo(room.error.kind) === 'retry'
    case 'open':
      return !room.timeline.isLoaded
    case 'revoked':
      return false
  }
}

export function outgoingOf(entries: readonly Entry[], hold: Hold): OutgoingMessage[] {
  const next = entries.find(({ stage }) => stage.is !== 'failed' && stage.is !== 'sent')
  return entries.map(entry => {
    const { id, body, replyTo, queuedAt, stage } = entry
    return { id, body, replyTo, queuedAt, state: outgoingStateOf(stage, entry === next ? hold : 'earlier') }
  })
}

function outgoingStateOf(stage: Entry['stage'], hold: Hold | 'earlier'): OutgoingMessage['state'] {
  switch (stage.is) {
    case 'unsaved':
    case 'saving':
    case 'saved':
      return { is: 'queued', waitsFor: waitsFor(hold) }
    case 'sending':
    case 'sent':
      return { is: 'sending' }
    case 'failed':
      return { is: 'failed', error: stage.error }
  }
}

function waitsFor(hold: Hold | 'earlier'): WaitsFor {
  if (hold === 'earlier') return hold
  if (hold === null) return 'turn'
  if (hold.is === 'signed-out') return 'sign-in'
  return hold.isOrdered ? 'server' : 'connection'
}
