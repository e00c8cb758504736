import type { DraftStorage, StoredDraft } from './env.ts'

/** Drafts that live as long as the page: for tests, and for browsers that give no storage. */
export function createMemoryDrafts(): DraftStorage {
  const drafts = new Map<string, StoredDraft>()
  const keyOf = (userId: string, roomId: string) => `${userId}/${roomId}`
  return {
    async put(draft) {
      drafts.set(keyOf(draft.userId, draft.roomId), { ...draft })
    },
    async get(userId, roomId) {
      const draft = drafts.get(keyOf(userId, roomId))
      return draft ? { ...draft } : null
    },
    async remove(userId, roomId, mark) {
      const key = keyOf(userId, roomId)
      if (drafts.get(key)?.mark === mark) drafts.delete(key)
    },
  }
}
