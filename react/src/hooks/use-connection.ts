import type { ChatService, ConnectionState } from '@bedside/core'
import { useStore } from './use-store.ts'

/** The connection as a whole. A room has its own, in its state. */
export function useConnection(chat: ChatService): ConnectionState {
  return useStore(chat.connection)
}
