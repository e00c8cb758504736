/**
 * What a person asks of a room now and then: one call each, checked before it leaves, and what its answer changes on the
 * screen put there before the promise resolves.
 */
import type { RoomVerbs } from './api.ts'
import { ChatError } from './chat-error.ts'
import { requireBody } from './presentation/validate-draft.ts'
import type { Message } from './records.ts'
import type { RoomEvent } from './room-state.ts'
import type { Transport } from './transport.ts'

const SEARCH_SIZE = 20
const LOG_SIZE = 50
/** The server's limit of what is searched for. */
const QUERY_MAX_CHARACTERS = 200

export function notOpen(): ChatError {
  return new ChatError('unavailable', { detail: 'room-not-open' })
}

export function createRoomVerbs(
  transport: Transport,
  room: {
    /** @throws ChatError where the room is not open. */
    roomId(): string
    dispatch(event: RoomEvent): void
    onOwnChange(): void
  },
): RoomVerbs {
  /** A refusal says that the room is not as it was shown. */
  async function asked<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer
    } catch (error) {
      const isStale = error instanceof ChatError && STALE_KINDS.has(error.kind)
      if (isStale) room.dispatch({ is: 'refresh-asked' })
      throw error
    }
  }

  async function changed(answer: Promise<Message>): Promise<Message> {
    const message = await asked(answer)
    room.dispatch({ is: 'message-received', message })
    return message
  }

  return {
    edit: async (id, body) => {
      const key = { roomId: room.roomId(), messageId: id }
      return await changed(transport.editMessage({ ...key, body: requireBody(body) }))
    },
    retract: async id => await changed(transport.retractMessage({ roomId: room.roomId(), messageId: id })),
    versionsOf: async (id, options) =>
      await transport.listMessageVersions({ roomId: room.roomId(), messageId: id, ...options }),
    receiptsOf: async (id, options) =>
      await transport.listReceipts({ roomId: room.roomId(), messageId: id, ...options }),
    search: async (query, { before, signal } = {}) => {
      const length = [...query.trim()].length
      if (length === 0 || length > QUERY_MAX_CHARACTERS) throw new ChatError('invalid', { detail: 'query' })
      const roomId = room.roomId()
      return await transport.searchMessages({
        roomId,
        query,
        beforeSeq: before ?? null,
        pageSize: SEARCH_SIZE,
        signal,
      })
    },
    addParticipant: async (userId, role) => {
      const participants = await asked(transport.addParticipant({ roomId: room.roomId(), userId, role }))
      room.dispatch({ is: 'participants-answered', participants })
      return participants
    },
    removeParticipant: async userId => {
      const participants = await asked(transport.removeParticipant({ roomId: room.roomId(), userId }))
      room.dispatch({ is: 'participants-answered', participants })
      return participants
    },
    setStatus: async status => {
      const change = await asked(transport.setRoomStatus({ roomId: room.roomId(), status }))
      room.dispatch({ is: 'room-changed', change, isCertain: true })
    },
    setPatientMayReply: async mayReply => {
      const change = await asked(transport.setPatientMayReply({ roomId: room.roomId(), mayReply }))
      room.dispatch({ is: 'room-changed', change, isCertain: true, patientMayReply: mayReply })
    },
    mute: async until => {
      if (until !== null && Number.isNaN(Date.parse(until)))
        throw new ChatError('invalid', { detail: 'muted_until' })
      await transport.muteRoom({ roomId: room.roomId(), until })
      room.dispatch({ is: 'muted', until })
      room.onOwnChange()
    },
    canReply: async options => await transport.checkReply({ roomId: room.roomId(), ...options }),
    accessLog: async ({ before, signal } = {}) =>
      await transport.listAccessLog({
        roomId: room.roomId(),
        beforeN: before ?? null,
        pageSize: LOG_SIZE,
        signal,
      }),
  }
}

const STALE_KINDS: ReadonlySet<ChatError['kind']> = new Set([
  'reply-blocked',
  'conflict',
  'not-found',
  'forbidden',
])
