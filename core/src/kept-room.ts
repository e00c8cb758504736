/** One open room's part of the cache: what was shown of it last, until something comes, and what is shown of it now. */
import type { Cache } from './cache.ts'
import { type CachedRoom, recordOf } from './cached-room.ts'
import { isYetUnknown } from './chat-state.ts'
import { isAccessLost, type RoomState } from './room-state.ts'

export interface KeptRoom {
  /** null: nothing was kept, or what there is now is known. */
  readonly cached: CachedRoom | null
  follow(room: RoomState): void
  close(): void
}

export function openKeptRoom(cache: Cache, appointmentId: string, onFound: () => void): KeptRoom {
  let cached: CachedRoom | null = null
  let followed: RoomState | null = null
  let isOver = false
  cache.readRoom(appointmentId).then(found => {
    if (isOver || found === null) return
    cached = found
    onFound()
  })
  return {
    get cached() {
      return cached
    },
    follow(room) {
      if (followed !== null && isKept(followed, room)) return
      followed = room
      if (!isYetUnknown(room)) {
        isOver = true
        cached = null
      }
      if (room.is === 'revoked' || (room.is === 'failed' && isAccessLost(room.error))) {
        cache.dropRoom(appointmentId)
      } else if (room.is === 'open') {
        const record = recordOf(room)
        if (record) cache.keepRoom(appointmentId, record)
      }
    },
    close() {
      isOver = true
      cached = null
      cache.flush(appointmentId)
    },
  }
}

/** Whether nothing that is kept of the room is another than before. */
function isKept(before: RoomState, room: RoomState): boolean {
  if (room.is !== 'open' || before.is !== 'open') return room === before
  const keys = ['appointment', 'room', 'timeline', 'changes', 'mutedUntil'] as const
  return keys.every(key => room[key] === before[key])
}
