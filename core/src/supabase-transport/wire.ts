/**
 * The shapes of the wire (docs/architecture.md), parsed once and turned into core's own. Extra keys are let pass, so
 * that an older client understands a newer server; a missing or wrong one is refused.
 */
import type { SystemEventType } from '../records.ts'
import type { TopicEvent } from '../transport.ts'
import {
  array,
  boolean,
  check,
  count,
  nullable,
  oneOf,
  read,
  type Schema,
  shape,
  string,
  to,
} from './schema.ts'

export const id = check(string, text => text.length > 0 && text.length <= 100)
export const time = check(string, text => !Number.isNaN(Date.parse(text)))
export const text = nullable(string)

const role = oneOf('patient', 'doctor', 'admin')
const participantRole = oneOf('patient', 'doctor', 'care_team', 'proxy')
const roomStatus = oneOf('pending', 'open', 'read_only', 'closed', 'archived')
export const replyBlock = oneOf(
  'appointment_not_confirmed',
  'appointment_cancelled',
  'appointment_missed',
  'reply_window_over',
  'room_closed',
  'room_archived',
  'room_locked',
  'patient_may_not_reply',
  'consent_missing',
)

export const nextStep = oneOf(
  'confirm_appointment',
  'wait_for_confirmation',
  'reopen_room',
  'book_appointment',
  'call_clinic',
  'accept_consent',
)

const personKeys = { id, role, display_name: string, specialty: text }
export const person = shape(personKeys)

export const profileSchema = shape({ ...personKeys, locale: string, time_zone: string })

export const roomSummaryKeys = {
  id,
  status: roomStatus,
  last_seq: count,
  last_message_at: nullable(time),
  waiting_since: nullable(time),
  unread: count,
}

const appointmentKeys = {
  id,
  patient: person,
  doctor: person,
  starts_at: time,
  ends_at: time,
  mode: oneOf('in_person', 'video', 'phone'),
  location: text,
  reason: text,
  status: oneOf('requested', 'confirmed', 'in_progress', 'completed', 'cancelled', 'no_show'),
  status_reason: text,
  room: nullable(shape(roomSummaryKeys)),
}
export const appointmentSchema = shape(appointmentKeys)

export const appointmentPageSchema = shape({
  appointments: array(appointmentSchema),
  has_more: boolean,
})

export const participant = shape({
  ...personKeys,
  role: participantRole,
  delivered_seq: count,
  read_seq: count,
  left_at: nullable(time),
})

const room = shape({
  id,
  appointment_id: id,
  status: roomStatus,
  epoch: count,
  last_seq: count,
  reply_block: nullable(replyBlock),
  reply_until: nullable(time),
  next_step: nullable(nextStep),
  patient_may_reply: boolean,
  waiting_since: nullable(time),
  participants: array(participant),
  opens_at: nullable(time),
  away: array(shape({ user_id: id, back_at: time, note: text })),
})

export const appointmentDetailSchema = shape({
  ...appointmentKeys,
  role: nullable(participantRole),
  chat: nullable(room),
})

export const openedRoomSchema = shape({
  me: id,
  appointment: appointmentSchema,
  room,
  muted_until: nullable(time),
  draft: nullable(shape({ body: string, reply_to: nullable(id) })),
})

const eventTypes: Record<Exclude<SystemEventType, 'unknown'>, true> = {
  appointment_confirmed: true,
  appointment_started: true,
  appointment_completed: true,
  appointment_cancelled: true,
  appointment_missed: true,
  room_read_only: true,
  room_closed: true,
  room_reopened: true,
  room_archived: true,
  room_erased: true,
  room_locked: true,
  room_unlocked: true,
  patient_reply_allowed: true,
  patient_reply_stopped: true,
  participant_added: true,
  participant_removed: true,
  access_started: true,
  access_extended: true,
  access_ended: true,
  notice: true,
}

function eventTypeOf(text: string): SystemEventType {
  return Object.hasOwn(eventTypes, text) ? (text as SystemEventType) : 'unknown'
}

const optional =
  <T>(schema: Schema<T>): Schema<T | null> =>
  value =>
    nullable(schema)(value ?? null)

/** A page holds the events of years, those of a newer server among them: none may make it unreadable. */
const systemEvent = shape({
  type: to(string, eventTypeOf),
  actor_id: optional(id),
  subject_id: optional(id),
  minutes: optional(count),
})

/** From 1 on. */
const place = check(count, n => n > 0)

export const messageSchema = shape({
  id,
  room_id: id,
  seq: place,
  sender_id: nullable(id),
  kind: oneOf('text', 'image', 'file', 'system'),
  body: text,
  event: nullable(systemEvent),
  reply_to: nullable(id),
  created_at: time,
  edited_at: nullable(time),
  retracted_at: nullable(time),
  erased_at: nullable(time),
  change: nullable(place),
})

const isAscending = (numbers: (number | null)[]) =>
  numbers.every((number, index) => (number ?? 0) > (numbers[index - 1] ?? 0))

export const messagePageSchema = check(
  shape({
    messages: array(messageSchema),
    has_more: boolean,
    last_seq: count,
    last_change: count,
    epoch: count,
  }),
  ({ messages }) => isAscending(messages.map(({ seq }) => seq)),
)

export const changePageSchema = check(
  shape({ messages: array(messageSchema), last_change: count, has_more: boolean }),
  ({ messages }) => isAscending(messages.map(({ change }) => change)),
)

export const cursorsSchema = shape({ delivered_seq: count, read_seq: count })

export const systemSchema = shape({ status: string, message: string })
export const REPLICATION_READY = 'Replication connection established'

export const roomChangeSchema = shape({
  room_id: id,
  appointment_id: id,
  epoch: count,
  status: roomStatus,
  last_seq: count,
  last_change: count,
  waiting_since: nullable(time),
})

/** What one client tells the others, not the database: whose word it is nobody has checked. */
export const typingSchema = shape({ user_id: id, is_typing: boolean })

const eventSchemas = {
  message: to(shape({ message: messageSchema }), ({ message }): TopicEvent => ({ is: 'message', message })),
  message_changed: to(
    shape({ message: messageSchema }),
    ({ message }): TopicEvent => ({ is: 'message-changed', message }),
  ),
  receipt: to(
    shape({ room_id: id, user_id: id, delivered_seq: count, read_seq: count }),
    ({ roomId, ...receipt }): TopicEvent => ({ is: 'receipt', roomId, receipt }),
  ),
  room_changed: to(roomChangeSchema, (change): TopicEvent => ({ is: 'room-changed', change })),
  appointment_changed: to(
    shape({ appointment_id: id }),
    ({ appointmentId }): TopicEvent => ({ is: 'appointment-changed', appointmentId }),
  ),
} as const

/** null: an event that this version does not know. One that it knows and cannot read is a reason to fetch. */
export function parseTopicEvent(event: string, payload: unknown): TopicEvent | null {
  if (!Object.hasOwn(eventSchemas, event)) return null
  const parsed = read<TopicEvent>(eventSchemas[event as keyof typeof eventSchemas], payload)
  return parsed?.value ?? { is: 'hint' }
}
