import type { ChatRoom, ChatService, Store } from '@bedside/core'
import { useCallback } from 'react'
import { useOpened } from './use-opened.ts'

/** A store within a room, which is open meanwhile: it is the same one that `useChat` shows. */
export function useRoomPart<T>(
  chat: ChatService,
  appointmentId: string,
  /** Must stay the same function. */
  partOf: (room: ChatRoom) => Store<T>,
  before: T,
): T {
  const open = useCallback(() => {
    const room = chat.openRoom(appointmentId)
    const part = partOf(room)
    return {
      get current() {
        return part.current
      },
      subscribe: part.subscribe,
      close: room.close,
    }
  }, [chat, appointmentId, partOf])
  return useOpened(open, before).state
}
