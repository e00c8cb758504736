/**
 * A visit and its room as docs/architecture.md draws them, without a line of SQL: what a step comes to in a given state,
 * for everybody who might try it. `decide` is pure; a step that changes nothing answers the same world.
 *
 *   appointment  requested -> confirmed -> in_progress -> completed
 *                    \-----------\-------------\--> cancelled        \--> no_show (from confirmed and in_progress)
 *   room         pending -> open <-> read_only -> closed -> archived
 *                    \-------\-----------\--------^  \--> open
 */
export const APPOINTMENT = [
  'requested',
  'confirmed',
  'in_progress',
  'completed',
  'cancelled',
  'no_show',
] as const
export const ROOM = ['pending', 'open', 'read_only', 'closed', 'archived'] as const
export const PEOPLE = [
  'patient',
  'doctor',
  'proxy',
  'care_team',
  'admin',
  'other_doctor',
  'other_patient',
] as const
export const JOBS = ['close_reply_windows', 'archive_rooms', 'end_expired_grants'] as const
export const CLOCK = ['visit_begins', 'window_ends', 'months_pass', 'grant_lapses'] as const

export type AppointmentStatus = (typeof APPOINTMENT)[number]
export type RoomStatus = (typeof ROOM)[number]
export type Person = (typeof PEOPLE)[number]
/** What somebody is in a room. */
export type Part = 'patient' | 'doctor' | 'proxy' | 'care_team'

export interface Room {
  status: RoomStatus
  window: 'none' | 'running' | 'over'
  isLongClosed: boolean
  mayPatientReply: boolean
  isLocked: boolean
  epoch: number
  lastSeq: number
  /** How often something was edited or retracted. */
  lastChange: number
  members: Partial<Record<Person, Part>>
  /** Who left, and what they were. */
  former: Partial<Record<Person, Part>>
  /** Whose opening the log holds. */
  visitors: readonly Person[]
  /** Who has said the one message that they edit, retract and send again; and who has retracted it. */
  writers: readonly Person[]
  retracted: readonly Person[]
}

export interface World {
  appointment: AppointmentStatus
  hasStarted: boolean
  /** The administrator's break-glass grant; `lapsed`: its time is over and nobody has said so yet. */
  grant: 'never' | 'live' | 'lapsed' | 'ended'
  room: Room | null
}

export type Step =
  | { do: 'appointment'; by: Person | 'clinic'; to: AppointmentStatus }
  | { do: 'room'; by: Person; to: RoomStatus }
  | { do: 'open'; by: Person }
  /** A new message. */
  | { do: 'send'; by: Person }
  /** The person's one message, sent again if it was sent before. */
  | { do: 'say'; by: Person }
  | { do: 'edit'; by: Person }
  | { do: 'retract'; by: Person }
  | { do: 'read'; by: Person }
  | { do: 'look'; by: Person }
  | { do: 'look_away'; by: Person }
  | { do: 'allow'; by: Person; may: boolean }
  | { do: 'lock'; by: Person; is: boolean }
  | { do: 'add'; by: Person; who: Person; as: 'care_team' | 'proxy' }
  | { do: 'remove'; by: Person; who: Person }
  | { do: 'job'; name: (typeof JOBS)[number] }
  | { do: 'clock'; what: (typeof CLOCK)[number] }

/**
 * The step was taken, or asked for again. `events`: the messages that it brought to the room, in order, what somebody
 * said being ''. `entries`: in its log, in any order.
 */
export interface Done {
  is: 'done'
  world: World
  events: string[]
  entries: string[]
}
export interface Refused {
  is: 'refused'
  message: string
  detail: string
}

export const refused = (message: string, detail = ''): Refused => ({ is: 'refused', message, detail })
export const unchanged = (world: World): Done => ({ is: 'done', world, events: [], entries: [] })
export const NOT_FOUND = refused('not_found')

/** The room with events told in it: one more message each. */
export const tell = (world: World, room: Room, events: string[], entries: string[] = events): Done => ({
  is: 'done',
  world: { ...world, room: { ...room, lastSeq: room.lastSeq + events.length } },
  events,
  entries,
})

/** A grant whose time is over ends before anything else is told to the room. */
export function settle(world: World): Done {
  if (world.grant !== 'lapsed' || !world.room) return unchanged(world)
  const room = { ...world.room, epoch: world.room.epoch + 1 }
  return tell({ ...world, grant: 'ended' }, room, ['access_ended'], ['access_expired'])
}

/** First one, then the other. */
export function after(first: Done, next: (world: World) => Done | Refused): Done | Refused {
  const second = next(first.world)
  if (second.is === 'refused') return second
  return {
    is: 'done',
    world: second.world,
    events: [...first.events, ...second.events],
    entries: [...first.entries, ...second.entries],
  }
}

/** What a room and its appointment can be in together, by the drawing. */
export function canBe(appointment: AppointmentStatus, room: RoomStatus | undefined): boolean {
  if (!room) return appointment === 'requested' || appointment === 'cancelled'
  if (room === 'pending') return appointment === 'requested'
  if (room === 'open' || room === 'read_only')
    return ['confirmed', 'in_progress', 'completed'].includes(appointment)
  return appointment !== 'requested'
}

/** Why somebody with this part in the room may not write in it; null: they may. */
export function blockOf(
  {
    appointment,
    room,
  }: {
    appointment: AppointmentStatus
    room: (Pick<Room, 'status'> & Partial<Pick<Room, 'window' | 'isLocked' | 'mayPatientReply'>>) | null
  },
  part: Part,
): string | null {
  if (!room) return 'no_room'
  if (room.status === 'archived') return 'room_archived'
  if (room.isLocked) return 'room_locked'
  if (appointment === 'cancelled') return 'appointment_cancelled'
  if (appointment === 'no_show') return 'appointment_missed'
  if (room.status === 'closed') return 'room_closed'
  if (room.status === 'pending') return 'appointment_not_confirmed'
  if (room.window === 'over') return 'reply_window_over'
  if (room.status === 'read_only') return 'room_closed'
  const isPatientSide = part === 'patient' || part === 'proxy'
  return isPatientSide && room.mayPatientReply === false ? 'patient_may_not_reply' : null
}
