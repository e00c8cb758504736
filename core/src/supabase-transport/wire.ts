/**
 * The shapes of the wire (docs/architecture.md), parsed once and turned into core's own. Extra keys are let pass, so
 * that an older client understands a newer server; a missing or wrong one is refused.
 */
import * as v from 'valibot'
import type { SystemEventType } from '../records.ts'
import type { TopicEvent } from '../transport.ts'

type Camel<Key> = Key extends `${infer First}_${infer Rest}` ? `${First}${Capitalize<Camel<Rest>>}` : Key
type CamelKeys<Wire> = { [Key in keyof Wire as Camel<Key>]: Wire[Key] }

const camelKeys = new Map<string, string>()

function camelOf(key: string): string {
  const known = camelKeys.get(key) ?? key.replace(/_(\w)/gu, (_, letter: string) => letter.toUpperCase())
  camelKeys.set(key, known)
  return known
}

/** The same object in core's words: `last_seq` is `lastSeq`. Only its own keys, not those within. */
function camel<Wire extends object>(wire: Wire): CamelKeys<Wire> {
  return Object.fromEntries(
    Object.entries(wire).map(([key, value]) => [camelOf(key), value]),
  ) as CamelKeys<Wire>
}

export const shape = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(v.object(entries), v.transform(camel))

export const id = v.pipe(v.string(), v.minLength(1), v.maxLength(100))
export const time = v.pipe(
  v.string(),
  v.check(text => !Number.isNaN(Date.parse(text))),
)
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
export const text = v.nullable(v.string())

const role = v.picklist(['patient', 'doctor', 'admin'])
const participantRole = v.picklist(['patient', 'doctor', 'care_team', 'proxy'])
const roomStatus = v.picklist(['pending', 'open', 'read_only', 'closed', 'archived'])
export const replyBlock = v.picklist([
  'appointment_not_confirmed',
  'appointment_cancelled',
  'appointment_missed',
  'reply_window_over',
  'room_closed',
  'room_archived',
  'room_locked',
  'patient_may_not_reply',
])

export const nextStep = v.picklist([
  'confirm_appointment',
  'wait_for_confirmation',
  'reopen_room',
  'book_appointment',
  'call_clinic',
])

const personKeys = { id, role, display_name: v.string(), specialty: text }
export const person = shape(personKeys)

export const profileSchema = shape({ ...personKeys, locale: v.string(), time_zone: v.string() })

export const roomSummaryKeys = {
  id,
  status: roomStatus,
  last_seq: count,
  last_message_at: v.nullable(time),
  unread: count,
}

export const appointmentSchema = shape({
  id,
  patient: person,
  doctor: person,
  starts_at: time,
  ends_at: time,
  mode: v.picklist(['in_person', 'video', 'phone']),
  location: text,
  reason: text,
  status: v.picklist(['requested', 'confirmed', 'in_progress', 'completed', 'cancelled', 'no_show']),
  status_reason: text,
  room: v.nullable(shape(roomSummaryKeys)),
})

export const appointmentPageSchema = shape({
  appointments: v.array(appointmentSchema),
  has_more: v.boolean(),
})

export const participant = shape({
  ...personKeys,
  role: participantRole,
  delivered_seq: count,
  read_seq: count,
  left_at: v.nullable(time),
})

const room = shape({
  id,
  appointment_id: id,
  status: roomStatus,
  epoch: count,
  last_seq: count,
  reply_block: v.nullable(replyBlock),
  reply_until: v.nullable(time),
  next_step: v.nullable(nextStep),
  patient_may_reply: v.boolean(),
  waiting_since: v.nullable(time),
  participants: v.array(participant),
})

export const openedRoomSchema = shape({
  me: id,
  appointment: appointmentSchema,
  room,
  muted_until: v.nullable(time),
  draft: v.nullable(shape({ body: v.string(), reply_to: v.nullable(id) })),
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

/** A page holds the events of years, those of a newer server among them: none may make it unreadable. */
const systemEvent = shape({
  type: v.pipe(v.string(), v.transform(eventTypeOf)),
  actor_id: v.nullish(id, null),
  subject_id: v.nullish(id, null),
  minutes: v.nullish(count, null),
})

export const messageSchema = shape({
  id,
  room_id: id,
  seq: v.pipe(count, v.minValue(1)),
  sender_id: v.nullable(id),
  kind: v.picklist(['text', 'image', 'file', 'system']),
  body: text,
  event: v.nullable(systemEvent),
  reply_to: v.nullable(id),
  created_at: time,
  edited_at: v.nullable(time),
  retracted_at: v.nullable(time),
  erased_at: v.nullable(time),
  change: v.nullable(v.pipe(count, v.minValue(1))),
})

const isAscending = (numbers: (number | null)[]) =>
  numbers.every((number, index) => (number ?? 0) > (numbers[index - 1] ?? 0))

export const messagePageSchema = v.pipe(
  shape({
    messages: v.array(messageSchema),
    has_more: v.boolean(),
    last_seq: count,
    last_change: count,
    epoch: count,
  }),
  v.check(({ messages }) => isAscending(messages.map(({ seq }) => seq))),
)

export const changePageSchema = v.pipe(
  shape({ messages: v.array(messageSchema), last_change: count, has_more: v.boolean() }),
  v.check(({ messages }) => isAscending(messages.map(({ change }) => change))),
)

export const cursorsSchema = shape({ delivered_seq: count, read_seq: count })

export const systemSchema = v.object({ status: v.string(), message: v.string() })
export const REPLICATION_READY = 'Replication connection established'

export const roomChangeSchema = shape({
  room_id: id,
  appointment_id: id,
  epoch: count,
  status: roomStatus,
  last_seq: count,
  last_change: count,
  waiting_since: v.nullable(time),
})

/** What one client tells the others, not the database: whose word it is nobody has checked. */
export const typingSchema = shape({ user_id: id, is_typing: v.boolean() })

const eventSchemas = {
  message: v.pipe(
    v.object({ message: messageSchema }),
    v.transform(({ message }): TopicEvent => ({ is: 'message', message })),
  ),
  message_changed: v.pipe(
    v.object({ message: messageSchema }),
    v.transform(({ message }): TopicEvent => ({ is: 'message-changed', message })),
  ),
  receipt: v.pipe(
    shape({ room_id: id, user_id: id, delivered_seq: count, read_seq: count }),
    v.transform(({ roomId, ...receipt }): TopicEvent => ({ is: 'receipt', roomId, receipt })),
  ),
  room_changed: v.pipe(
    roomChangeSchema,
    v.transform((change): TopicEvent => ({ is: 'room-changed', change })),
  ),
  appointment_changed: v.pipe(
    shape({ appointment_id: id }),
    v.transform(({ appointmentId }): TopicEvent => ({ is: 'appointment-changed', appointmentId })),
  ),
} as const

/** null: an event that this version does not know. One that it knows and cannot read is a reason to fetch. */
export function parseTopicEvent(event: string, payload: unknown): TopicEvent | null {
  if (!Object.hasOwn(eventSchemas, event)) return null
  const parsed = v.safeParse(eventSchemas[event as keyof typeof eventSchemas], payload)
  return parsed.success ? parsed.output : { is: 'hint' }
}
