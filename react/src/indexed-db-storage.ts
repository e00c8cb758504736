/** Unsent messages and drafts in IndexedDB, by user and room. */
import type { DraftStorage, OutboxStorage, StoredDraft, StoredMessage } from '@bedside/core'
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

interface Schema extends DBSchema {
  outbox: { key: [userId: string, roomId: string, id: string]; value: StoredMessage }
  drafts: { key: [userId: string, roomId: string]; value: StoredDraft }
}

const NAME = 'bedside-outbox'
/** 2: drafts. */
const VERSION = 2

/** @throws when the browser withholds IndexedDB. */
export async function createIndexedDbStorage(): Promise<{ outbox: OutboxStorage; drafts: DraftStorage }> {
  const open = () =>
    openDB<Schema>(NAME, VERSION, {
      upgrade(database, from) {
        if (from < 1) database.createObjectStore('outbox', { keyPath: ['userId', 'roomId', 'id'] })
        if (from < 2) database.createObjectStore('drafts', { keyPath: ['userId', 'roomId'] })
      },
      // A newer version of the page in another tab must not wait for this one.
      blocking(_now, _wanted, event) {
        database = null
        ;(event.target as IDBDatabase).close()
      },
      terminated() {
        database = null
      },
    })
  let database: IDBPDatabase<Schema> | null = await open()
  // Browsers close databases of pages that slept.
  const ready = async () => {
    database ??= await open()
    return database
  }
  return {
    outbox: {
      async put(message) {
        await (await ready()).put('outbox', message)
      },
      async remove(userId, roomId, id) {
        await (await ready()).delete('outbox', [userId, roomId, id])
      },
      async list(userId, roomId) {
        // An array sorts after every string.
        const range = IDBKeyRange.bound([userId, roomId], [userId, roomId, []])
        const messages = await (await ready()).getAll('outbox', range)
        return messages.sort((a, b) => a.position - b.position)
      },
    },
    drafts: {
      async put(draft) {
        await (await ready()).put('drafts', draft)
      },
      async get(userId, roomId) {
        return (await (await ready()).get('drafts', [userId, roomId])) ?? null
      },
      async remove(userId, roomId, mark) {
        const { store, done } = (await ready()).transaction('drafts', 'readwrite')
        const draft = await store.get([userId, roomId])
        if (draft?.mark === mark) await store.delete([userId, roomId])
        await done
      },
    },
  }
}
