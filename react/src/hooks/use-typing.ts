import type { ChatRoom, ChatService } from '@bedside/core'
import { useRoomPart } from './use-room-part.ts'

const NOBODY: readonly string[] = []
const typingOf = (room: ChatRoom) => room.typing

/** Who of the others is typing, by user id. Decoration: see `ChatRoom.typing`. */
export function useTyping(chat: ChatService, appointmentId: string): readonly string[] {
  return useRoomPart(chat, appointmentId, typingOf, NOBODY)
}
