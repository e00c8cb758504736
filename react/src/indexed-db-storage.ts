/** Unsent messages and drafts in IndexedDB, by user and room; and a cache of what was shown last, of one user at a time. */
import type {
  CachedRecord,
  CacheStorage,
  DraftStorage,
  OutboxStorage,
  StoredDraft,
  StoredMessage,
} from '@bedside/core'
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { v7 as uuidv7 } from 'uuid'

interface Schema extends DBSchema {
  outbox: { key: [userId: string, roomId: string, id: string]; value: StoredMessage }
  drafts: { key: [userId: string, roomId: string]; value: StoredDraft }
  cache: { key: string; value: CachedRecord; indexes: { at: number } }
  /** One: whose the cache is. */
  cacheOwner: { key: 'owner'; value: { owner: string; key: string } }
}

const NAME = 'bedside-outbox'
/** 2: drafts. 3: the cache. */
const VERSION = 3

export interface IndexedDbStorage {
  outbox: OutboxStorage
  drafts: DraftStorage
  cache: CacheStorage
}

/** @throws when the browser withholds IndexedDB. */
export async function createIndexedDbStorage(): Promise<IndexedDbStorage> {
  const open = () =>
    openDB<Schema>(NAME, VERSION, {
      upgrade(database, from) {
        if (from < 1) database.createObjectStore('outbox', { keyPath: ['userId', 'roomId', 'id'] })
        if (from < 2) database.createObjectStore('drafts', { keyPath: ['userId', 'roomId'] })
        if (from < 3) {
          database.createObjectStore('cache', { keyPath: 'id' }).createIndex('at', 'at')
          database.createObjectStore('cacheOwner')
        }
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
        return messages.sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1))
      },
      async rooms(userId) {
        const keys = await (await ready()).getAllKeys('outbox', IDBKeyRange.bound([userId], [userId, []]))
        return [...new Set(keys.map(([, roomId]) => roomId))]
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
    cache: createCache(ready),
  }
}

function createCache(ready: () => Promise<IDBPDatabase<Schema>>): CacheStorage {
  const reading = async () => {
    const transaction = (await ready()).transaction(['cacheOwner', 'cache'], 'readonly')
    return { owners: transaction.objectStore('cacheOwner'), records: transaction.objectStore('cache') }
  }
  const writing = async () => {
    const transaction = (await ready()).transaction(['cacheOwner', 'cache'], 'readwrite')
    const owners = transaction.objectStore('cacheOwner')
    // Of what fails the request says it first.
    transaction.done.catch(() => {})
    return { owners, records: transaction.objectStore('cache'), done: transaction.done }
  }
  return {
    async begin(owner) {
      const { owners, records, done } = await writing()
      const known = await owners.get('owner')
      const current = known?.owner === owner ? known : { owner, key: uuidv7() }
      if (current !== known) {
        await records.clear()
        await owners.put(current, 'owner')
      }
      await done
      return current.key
    },
    async end(key) {
      const { owners, records, done } = await writing()
      if (key === null || (await owners.get('owner'))?.key === key) {
        await Promise.all([owners.clear(), records.clear()])
      }
      await done
    },
    async empty() {
      const { records, done } = await writing()
      await Promise.all([records.clear(), done])
    },
    async get(key, id) {
      const { owners, records } = await reading()
      const [current, record] = await Promise.all([owners.get('owner'), records.get(id)])
      return current?.key === key ? (record ?? null) : null
    },
    async list(key) {
      const { owners, records } = await reading()
      const listed: { id: string; at: number }[] = []
      if ((await owners.get('owner'))?.key !== key) return listed
      // By their keys: the values are large.
      let cursor = await records.index('at').openKeyCursor()
      while (cursor) {
        listed.push({ id: cursor.primaryKey, at: cursor.key })
        cursor = await cursor.continue()
      }
      return listed
    },
    async update(key, id, change) {
      const { owners, records, done } = await writing()
      const [current, before] = await Promise.all([owners.get('owner'), records.get(id)])
      if (current?.key === key) {
        const after = change(before ?? null)
        await (after ? records.put(after) : records.delete(id))
      }
      await done
    },
  }
}
