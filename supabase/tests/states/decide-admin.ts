/** What administrators, jobs and the clock do: see decide.ts. */
import {
  after,
  type Done,
  NOT_FOUND,
  type Person,
  type Refused,
  type Room,
  type RoomStatus,
  refused,
  settle,
  tell,
  unchanged,
  type World,
} from './model.ts'

export const move = (world: World, room: Room, to: RoomStatus) => {
  const reopened: Pick<Room, 'window'> = { window: world.appointment === 'completed' ? 'running' : 'none' }
  return tell(world, { ...room, status: to, isLongClosed: false, ...(to === 'open' ? reopened : {}) }, [
    to === 'open' ? 'room_reopened' : `room_${to}`,
  ])
}

export function lock(world: World, by: Person, is: boolean): Done | Refused {
  if (by !== 'admin') return refused('forbidden', 'admin')
  return after(settle(world), settled => {
    if (!settled.room) return NOT_FOUND
    if (settled.room.isLocked === is) return unchanged(settled)
    return tell(settled, { ...settled.room, isLocked: is }, [is ? 'room_locked' : 'room_unlocked'])
  })
}

export function look(world: World, by: Person): Done | Refused {
  if (by !== 'admin') return refused('forbidden', 'admin')
  return after(settle(world), settled => {
    if (!settled.room) return NOT_FOUND
    const event = settled.grant === 'live' ? 'access_extended' : 'access_started'
    return tell({ ...settled, grant: 'live' }, settled.room, [event])
  })
}

export function lookAway(world: World, by: Person): Done | Refused {
  if (by !== 'admin') return refused('forbidden', 'admin')
  if (world.grant === 'never') return NOT_FOUND
  return after(settle(world), settled => {
    if (!settled.room || settled.grant !== 'live') return unchanged(settled)
    const room = { ...settled.room, epoch: settled.room.epoch + 1 }
    return tell({ ...settled, grant: 'ended' }, room, ['access_ended'])
  })
}

export function job(world: World, name: string): Done | Refused {
  const { room } = world
  const isDue =
    name === 'close_reply_windows'
      ? room?.status === 'open' && room.window === 'over'
      : name === 'archive_rooms'
        ? room?.status === 'closed' && room.isLongClosed
        : world.grant === 'lapsed'
  if (!room || !isDue) return unchanged(world)
  return after(settle(world), settled =>
    name === 'end_expired_grants' || !settled.room
      ? unchanged(settled)
      : move(settled, settled.room, name === 'archive_rooms' ? 'archived' : 'read_only'),
  )
}

export function clock(world: World, what: string): Done {
  const { room } = world
  if (what === 'visit_begins') return unchanged({ ...world, hasStarted: true })
  if (what === 'grant_lapses')
    return unchanged(world.grant === 'live' ? { ...world, grant: 'lapsed' } : world)
  if (what === 'window_ends' && room?.window === 'running')
    return unchanged({ ...world, room: { ...room, window: 'over' } })
  if (what === 'months_pass' && room?.status === 'closed')
    return unchanged({ ...world, room: { ...room, isLongClosed: true } })
  return unchanged(world)
}
