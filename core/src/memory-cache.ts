import type { CachedRecord, CacheStorage } from './env.ts'

/**
 * A cache that lives as long as the page: for tests, and for browsers that give no storage.
 * @param records where it lies, as text.
 */
export function createMemoryCache(records = new Map<string, string>()): CacheStorage {
  let current: { owner: string; key: string } | null = null
  let keys = 0
  const read = (id: string) => {
    const text = records.get(id)
    return text === undefined ? null : (JSON.parse(text) as CachedRecord)
  }
  return {
    async begin(owner) {
      if (current?.owner !== owner) {
        records.clear()
        current = { owner, key: `${++keys}` }
      }
      return current.key
    },
    async end(key) {
      if (key !== null && current?.key !== key) return
      current = null
      records.clear()
    },
    async empty() {
      records.clear()
    },
    async get(key, id) {
      return current?.key === key ? read(id) : null
    },
    async list(key) {
      if (current?.key !== key) return []
      return [...records.keys()].flatMap(id => {
        const record = read(id)
        return record ? [{ id, at: record.at }] : []
      })
    },
    async update(key, id, change) {
      if (current?.key !== key) return
      const after = change(read(id))
      if (after) records.set(id, JSON.stringify(after))
      else records.delete(id)
    },
  }
}
