/** Unsent messages in IndexedDB, by user, room and id. */
import type { OutboxStorage, StoredMessage } from '@bedside/core'
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

type Key = [userId: string, roomId: string, id: string]

interface OutboxSchema extends DBSchema {
  outbox: { key: Key; value: StoredMessage }
}

const NAME = 'bedside-outbox'
const VERSION = 1

/** @throws when the browser withholds IndexedDB. */
export async function createIndexedDbOutbox(): Promise<OutboxStorage> {
  const open = () =>
    openDB<OutboxSchema>(NAME, VERSION, {
      upgrade(database) {
        database.createObjectStore('outbox', { keyPath: ['userId', 'roomId', 'id'] })
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
  let database: IDBPDatabase<OutboxSchema> | null = await open()
  // Browsers close databases of pages that slept.
  const ready = async () => {
    database ??= await open()
    return database
  }
  return {
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
  }
}
