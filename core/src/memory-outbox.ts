import type { OutboxStorage, StoredMessage } from './env.ts'
import { byPosition } from './send-queue.ts'

/** An outbox that lives as long as the page: for tests, and for browsers that give no storage. */
export function createMemoryOutbox(): OutboxStorage {
  const messages = new Map<string, StoredMessage>()
  const keyOf = (userId: string, roomId: string, id: string) => `${userId}/${roomId}/${id}`
  return {
    async put(message) {
      messages.set(keyOf(message.userId, message.roomId, message.id), { ...message })
    },
    async remove(userId, roomId, id) {
      messages.delete(keyOf(userId, roomId, id))
    },
    async list(userId, roomId) {
      return [...messages.values()]
        .filter(message => message.userId === userId && message.roomId === roomId)
        .sort(byPosition)
        .map(message => ({ ...message }))
    },
    async rooms(userId) {
      const mine = [...messages.values()].filter(message => message.userId === userId)
      return [...new Set(mine.map(message => message.roomId))]
    },
  }
}
