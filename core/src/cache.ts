/**
 * What was shown last, so that a room or a list opens at once when the network is slow or away: rooms and lists of one
 * person. Writing is put off and done once for several changes, but where something is to disappear: that is done at once.
 *
 * Must never happen: that anything depends on it; a word of it left after signing out. What is late finds its key over
 * (`CacheStorage`).
 */
import {
  afterChange,
  type CachedRoom,
  isDoubtful,
  isUrgent,
  newerRecord,
  type RoomRecord,
  type RoomVersion,
  withoutAccess,
} from './cached-room.ts'
import type { Env } from './env.ts'
import type { Profile } from './records.ts'
import type { RoomChange } from './transport.ts'

const WRITE_AFTER_MS = 1_000
const ROOMS_KEPT = 20
/** Raise it with the shape of anything that is cached: what an older version left is then deleted. */
const SHAPE = 2

export interface Cache {
  readProfile(): Promise<Profile | null>
  keepProfile(profile: Profile): void
  readRoom(appointmentId: string): Promise<CachedRoom | null>
  keepRoom(appointmentId: string, record: RoomRecord): void
  /** It was closed to this person. */
  dropRoom(appointmentId: string): void
  roomChanged(change: RoomChange): void
  /** All rooms that this person has: others were closed to them. */
  keepOnly(appointmentIds: ReadonlySet<string>): void
  readList<Page>(name: string): Promise<Page | null>
  keepList(name: string, page: object): void
  /** Writes what was put off for this room. */
  flush(appointmentId: string): void
  /** Nothing more is written; what lies there stays for the next visit. */
  close(): void
  /** Deletes everything, and closes. */
  end(): Promise<void>
}

const idOfRoom = (appointmentId: string) => `room/${appointmentId}`
const idOfList = (name: string) => `list/${name}`

export function openCache(
  { cache, now, setTimer, visible }: Pick<Env, 'cache' | 'now' | 'setTimer' | 'visible'>,
  userId: string,
): Cache {
  const begun = cache.begin(`${SHAPE}/${userId}`).catch(() => null)
  /** What waits to be written. */
  const waiting = new Map<string, { record: RoomRecord; clear(): void }>()
  /** As far as this tab knows. */
  const written = new Map<string, RoomVersion>()
  let isClosed = false

  async function read<Value>(id: string): Promise<Value | null> {
    try {
      const key = await begun
      const record = key === null ? null : await cache.get(key, id)
      return record === null || isClosed ? null : (record.value as Value)
    } catch {
      return null
    }
  }

  /** It is a cache: what cannot be written is not. */
  async function update(id: string, change: (before: unknown) => unknown): Promise<void> {
    try {
      const key = await begun
      if (key === null || isClosed) return
      await cache.update(key, id, before => {
        const value = change(before?.value ?? null)
        return value === null ? null : { id, at: now(), value }
      })
    } catch {}
  }

  function writeRoom(id: string, record: RoomRecord): void {
    const isNew = !written.has(id)
    written.set(id, record.version)
    void update(id, before => newerRecord(before as RoomRecord | null, record)).then(() => {
      if (isNew) void trim()
    })
  }

  async function trim(): Promise<void> {
    try {
      const key = await begun
      if (key === null || isClosed) return
      const rooms = (await cache.list(key)).filter(({ id }) => id.startsWith(idOfRoom('')))
      const old = rooms.sort((a, b) => b.at - a.at).slice(ROOMS_KEPT)
      for (const { id } of old) {
        written.delete(id)
        await update(id, () => null)
      }
    } catch {}
  }

  function flush(id: string): void {
    const late = waiting.get(id)
    if (!late) return
    waiting.delete(id)
    late.clear()
    writeRoom(id, late.record)
  }

  // It may be closed without another word.
  const unwatch = visible.subscribe(() => {
    if (!visible.current) for (const id of [...waiting.keys()]) flush(id)
  })

  function close(): void {
    unwatch()
    for (const { clear } of waiting.values()) clear()
    waiting.clear()
    written.clear()
    isClosed = true
  }

  return {
    readProfile: () => read<Profile>('profile'),
    keepProfile: profile => void update('profile', () => profile),
    readRoom: async appointmentId => (await read<RoomRecord>(idOfRoom(appointmentId)))?.room ?? null,
    keepRoom(appointmentId, record) {
      if (isClosed) return
      const id = idOfRoom(appointmentId)
      const late = waiting.get(id)
      const before = written.get(id) ?? null
      if (isUrgent(before, record)) {
        late?.clear()
        waiting.delete(id)
        writeRoom(id, record)
      } else if (late) late.record = record
      else waiting.set(id, { record, clear: setTimer(() => flush(id), WRITE_AFTER_MS) })
    },
    dropRoom(appointmentId) {
      const id = idOfRoom(appointmentId)
      waiting.get(id)?.clear()
      waiting.delete(id)
      void update(id, before => before && withoutAccess(before as RoomRecord))
    },
    roomChanged(change) {
      const known = written.get(idOfRoom(change.appointmentId))
      if (known && !isDoubtful(known, change)) return
      void update(
        idOfRoom(change.appointmentId),
        before => before && afterChange(before as RoomRecord, change),
      )
    },
    async keepOnly(appointmentIds) {
      try {
        const key = await begun
        if (key === null || isClosed) return
        for (const { id } of await cache.list(key)) {
          const [kind, appointmentId = ''] = id.split('/')
          if (kind === 'room' && !appointmentIds.has(appointmentId)) void update(id, () => null)
        }
      } catch {}
    },
    readList: name => read(idOfList(name)),
    keepList: (name, page) => void update(idOfList(name), () => page),
    flush: appointmentId => flush(idOfRoom(appointmentId)),
    close,
    async end() {
      close()
      await cache.end(await begun).catch(() => {})
    },
  }
}
