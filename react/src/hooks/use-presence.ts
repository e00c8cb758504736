import type { ChatRoom, ChatService } from '@bedside/core'
import { useRoomPart } from './use-room-part.ts'

const NOBODY: readonly string[] = []
const presenceOf = (room: ChatRoom) => room.presence

/** Who of the others has the room open, by user id. Decoration: see `ChatRoom.presence`. */
export function usePresence(chat: ChatService, appointmentId: string): readonly string[] {
  return useRoomPart(chat, appointmentId, presenceOf, NOBODY)
}
