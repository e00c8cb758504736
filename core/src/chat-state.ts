/** What a screen sees of a room, from the states of its machines. */
import type { ChatState, ConnectionState, OutgoingMessage } from './api.ts'
import type { RoomState } from './room-state.ts'
import type { Entry } from './send-queue.ts'

export function chatStateOf(
  room: RoomState,
  outgoing: readonly OutgoingMessage[],
  connection: ConnectionState,
): ChatState {
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

export function outgoingOf(entries: readonly Entry[]): OutgoingMessage[] {
  return entries.map(({ id, body, replyTo, queuedAt, stage }) => ({
    id,
    body,
    replyTo,
    queuedAt,
    state: outgoingStateOf(stage),
  }))
}

function outgoingStateOf(stage: Entry['stage']): OutgoingMessage['state'] {
  switch (stage.is) {
    case 'unsaved':
    case 'saving':
    case 'saved':
      return { is: 'queued' }
    case 'sending':
    case 'sent':
      return { is: 'sending' }
    case 'failed':
      return { is: 'failed', error: stage.error }
  }
}
