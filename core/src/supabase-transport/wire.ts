/**
 * The shapes of the wire (docs/architecture.md), parsed once and turned into core's own. Extra keys are let pass, so
 * that an older client understands a newer server; a missing or wrong one is refused.
 */
import * as v from 'valibot'
import type { SystemEventType } from '../api.ts'
import type { TopicEvent } from '../transport.ts'

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(100))
const time = v.pipe(
  v.string(),
  v.check(text => !Number.isNaN(Date.parse(text))),
)
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const text = v.nullable(v.string())

const role = v.picklist(['patient', 'doctor', 'admin'])
const participantRole = v.picklist(['patient', 'doctor', 'care_team', 'proxy'])
const roomStatus = v.picklist(['pending', 'open', 'read_only', 'closed', 'archived'])
const replyBlock = v.picklist([
  'appointment_not_confirmed',
  'appointment_cancelled',
  'appointment_missed',
  'reply_window_over',
  'room_closed',
  'room_archived',
  'room_locked',
  'patient_may_not_reply',
])

const personKeys = { id, role, display_name: v.string(), specialty: text }

const person = v.pipe(
  v.object(personKeys),
  v.transform(({ display_name, ...rest }) => ({ ...rest, displayName: display_name })),
)

export const profileSchema = v.pipe(
  v.object({ ...personKeys, locale: v.string(), time_zone: v.string() }),
  v.transform(({ display_name, time_zone, ...rest }) => ({
    ...rest,
    displayName: display_name,
    timeZone: time_zone,
  })),
)

const roomSummary = v.pipe(
  v.object({ id, status: roomStatus, last_seq: count, last_message_at: v.nullable(time), unread: count }),
  v.transform(({ last_seq, last_message_at, ...rest }) => ({
    ...rest,
    lastSeq: last_seq,
    lastMessageAt: last_message_at,
  })),
)

const appointment = v.pipe(
  v.object({
    id,
    patient: person,
    doctor: person,
    starts_at: time,
    ends_at: time,
    mode: v.picklist(['in_person', 'video', 'phone']),
    location: text,
    reason: text,
    status: v.picklist(['requested', 'confirmed', 'in_progress', 'completed', 'cancelled', 'no_show']),
    room: v.nullable(roomSummary),
  }),
  v.transform(({ starts_at, ends_at, ...rest }) => ({ ...rest, startsAt: starts_at, endsAt: ends_at })),
)

export const appointmentPageSchema = v.pipe(
  v.object({ appointments: v.array(appointment), has_more: v.boolean() }),
  v.transform(({ appointments, has_more }) => ({ appointments, hasMore: has_more })),
)

const participant = v.pipe(
  v.object({
    ...personKeys,
    role: participantRole,
    delivered_seq: count,
    read_seq: count,
    left_at: v.nullable(time),
  }),
  v.transform(({ display_name, delivered_seq, read_seq, left_at, ...rest }) => ({
    ...rest,
    displayName: display_name,
    deliveredSeq: delivered_seq,
    readSeq: read_seq,
    leftAt: left_at,
  })),
)

const room = v.pipe(
  v.object({
    id,
    appointment_id: id,
    status: roomStatus,
    epoch: count,
    last_seq: count,
    reply_block: v.nullable(replyBlock),
    reply_until: v.nullable(time),
    participants: v.array(participant),
  }),
  v.transform(({ appointment_id, last_seq, reply_block, reply_until, ...rest }) => ({
    ...rest,
    appointmentId: appointment_id,
    lastSeq: last_seq,
    replyBlock: reply_block,
    replyUntil: reply_until,
  })),
)

export const openedRoomSchema = v.object({ me: id, appointment, room })

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
const systemEvent = v.pipe(
  v.object({
    type: v.pipe(v.string(), v.transform(eventTypeOf)),
    actor_id: v.nullish(id, null),
    subject_id: v.nullish(id, null),
    minutes: v.nullish(count, null),
  }),
  v.transform(({ type, actor_id, subject_id, minutes }) => ({
    type,
    actorId: actor_id,
    subjectId: subject_id,
    minutes,
  })),
)

export const messageSchema = v.pipe(
  v.object({
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
  }),
  v.transform(wire => ({
    id: wire.id,
    roomId: wire.room_id,
    seq: wire.seq,
    senderId: wire.sender_id,
    kind: wire.kind,
    body: wire.body,
    event: wire.event,
    replyTo: wire.reply_to,
    createdAt: wire.created_at,
    editedAt: wire.edited_at,
    retractedAt: wire.retracted_at,
    erasedAt: wire.erased_at,
    change: wire.change,
  })),
)

const isAscending = (numbers: (number | null)[]) =>
  numbers.every((number, index) => (number ?? 0) > (numbers[index - 1] ?? 0))

export const messagePageSchema = v.pipe(
  v.object({
    messages: v.array(messageSchema),
    has_more: v.boolean(),
    last_seq: count,
    last_change: count,
    epoch: count,
  }),
  v.check(({ messages }) => isAscending(messages.map(({ seq }) => seq))),
  v.transform(({ messages, has_more, last_seq, last_change, epoch }) => ({
    messages,
    hasMore: has_more,
    lastSeq: last_seq,
    lastChange: last_change,
    epoch,
  })),
)

export const changePageSchema = v.pipe(
  v.object({ messages: v.array(messageSchema), last_change: count, has_more: v.boolean() }),
  v.check(({ messages }) => isAscending(messages.map(({ change }) => change))),
  v.transform(({ messages, last_change, has_more }) => ({
    messages,
    lastChange: last_change,
    hasMore: has_more,
  })),
)

export const cursorsSchema = v.pipe(
  v.object({ delivered_seq: count, read_seq: count }),
  v.transform(({ delivered_seq, read_seq }) => ({ deliveredSeq: delivered_seq, readSeq: read_seq })),
)

export const systemSchema = v.object({ status: v.string(), message: v.string() })
export const REPLICATION_READY = 'Replication connection established'

const roomChange = v.pipe(
  v.object({
    room_id: id,
    appointment_id: id,
    epoch: count,
    status: roomStatus,
    last_seq: count,
    last_change: count,
  }),
  v.transform(wire => ({
    roomId: wire.room_id,
    appointmentId: wire.appointment_id,
    epoch: wire.epoch,
    status: wire.status,
    lastSeq: wire.last_seq,
    lastChange: wire.last_change,
  })),
)

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
    v.object({ room_id: id, user_id: id, delivered_seq: count, read_seq: count }),
    v.transform(
      ({ room_id, user_id, delivered_seq, read_seq }): TopicEvent => ({
        is: 'receipt',
        roomId: room_id,
        receipt: { userId: user_id, deliveredSeq: delivered_seq, readSeq: read_seq },
      }),
    ),
  ),
  room_changed: v.pipe(
    roomChange,
    v.transform((change): TopicEvent => ({ is: 'room-changed', change })),
  ),
  appointment_changed: v.pipe(
    v.object({ appointment_id: id }),
    v.transform(
      ({ appointment_id }): TopicEvent => ({ is: 'appointment-changed', appointmentId: appointment_id }),
    ),
  ),
} as const

/** null: an event that this version does not know. One that it knows and cannot read is a reason to fetch. */
export function parseTopicEvent(event: string, payload: unknown): TopicEvent | null {
  if (!Object.hasOwn(eventSchemas, event)) return null
  const parsed = v.safeParse(eventSchemas[event as keyof typeof eventSchemas], payload)
  return parsed.success ? parsed.output : { is: 'hint' }
}
