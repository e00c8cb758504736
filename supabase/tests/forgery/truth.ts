/**
 * What a call may leave behind when it was made by this person: each changed row on its own, judged by the rules of
 * docs/spec.md. Answers what is wrong with it; null: it is the caller's truth.
 */
import type { Row } from '../empty-clinic.ts'

export interface Change {
  table: string
  op: 'INSERT' | 'UPDATE' | 'DELETE'
  old: Row | null
  new: Row | null
}
export interface Caller {
  id: string
  role: 'patient' | 'doctor' | 'admin'
  /** What they are in each room that they take part in. */
  parts: Record<string, string>
  /** The rooms of the appointments whose patient or doctor they are. */
  appointments: Record<string, 'patient' | 'doctor' | 'proxy'>
}
type Judge = (
  change: Change & { old: Row; new: Row },
  me: Caller,
  room: (id: unknown) => RoomBefore | undefined,
) => string | null

export interface RoomBefore {
  lastSeq: number
}

const MINUTE = 60_000
const isNow = (at: unknown) => Math.abs(Date.parse(String(at)) - Date.now()) < MINUTE
const changed = ({ old, new: now }: { old: Row; new: Row }) =>
  Object.keys(now).filter(key => JSON.stringify(now[key]) !== JSON.stringify(old[key]))
/** Only these columns. */
const only =
  (...columns: string[]) =>
  (change: { old: Row; new: Row }) => {
    const others = changed(change).filter(column => !columns.includes(column))
    return others.length ? `changed ${others.join(', ')}` : null
  }
const own =
  (column: string): Judge =>
  (change, me) =>
    (change.new ?? change.old)[column] === me.id ? null : `somebody else's ${column}`
const admins: Judge = (_, me) => (me.role === 'admin' ? null : 'not an administrator')
const all =
  (...judges: Judge[]): Judge =>
  (...args) =>
    judges.map(judge => judge(...args)).find(wrong => wrong !== null) ?? null
const never =
  (why: string): Judge =>
  () =>
    why
const isClinician = (me: Caller, room: unknown) =>
  ['doctor', 'care_team'].includes(me.parts[String(room)] ?? '')
const keeps = (me: Caller, room: unknown) => me.role === 'admin' || me.parts[String(room)] === 'doctor'

/** By table and operation. What is not here must not happen. */
export const TRUTH: Record<string, Judge> = {
  'chat_messages INSERT': ({ new: row }, me, room) => {
    const last = room(row.room_id)?.lastSeq
    // The room's events count as well: the first message of a call comes right after the last one before it.
    if (last === undefined || Number(row.seq) <= last || Number(row.seq) > last + 3)
      return `seq ${row.seq} after ${last}`
    if (!isNow(row.created_at)) return `created_at ${row.created_at}`
    if (row.edited_at || row.retracted_at || row.erased_at || row.change) return 'born changed'
    if (row.kind === 'system') {
      const actor = (row.event as { actor_id?: string }).actor_id
      return actor === me.id ? null : `the event's actor ${actor}`
    }
    if (row.sender_id !== me.id) return `sender ${row.sender_id}`
    return me.parts[String(row.room_id)] ? null : 'in a room of others'
  },
  'chat_messages UPDATE': (change, me) =>
    change.new.sender_id === me.id
      ? only('body', 'edited_at', 'retracted_at', 'change')(change)
      : me.role === 'admin'
        ? only('body', 'erased_at')(change)
        : "somebody else's message",
  'chat_message_versions INSERT': own('author_id'),
  'chat_message_versions UPDATE': all(own('author_id'), only('is_retracted')),
  'chat_message_versions DELETE': admins,
  'chat_participants INSERT': ({ new: row }, me) => {
    if (['care_team', 'proxy'].includes(String(row.role)))
      return keeps(me, row.room_id) ? null : 'not theirs to add'
    return 'a role that is not given'
  },
  'chat_participants UPDATE': (change, me) => {
    const { new: row } = change
    if (row.user_id === me.id) {
      const wrong = only('delivered_seq', 'read_seq', 'left_at', 'joined_at')(change)
      return wrong ?? (Number(row.read_seq) <= Number(row.delivered_seq) ? null : 'read and not delivered')
    }
    if (only('left_at', 'joined_at', 'role')(change)) return only('left_at', 'joined_at', 'role')(change)
    if (keeps(me, row.room_id)) return null
    return row.role === 'proxy' && me.parts[String(row.room_id)] === 'patient' && row.left_at
      ? null
      : 'not theirs to move'
  },
  'chat_rooms INSERT': ({ new: row }, me) =>
    me.appointments[String(row.appointment_id)] ? null : 'a room of others',
  'chat_rooms UPDATE': (change, me) => {
    const room = String(change.new.id)
    const by = changed(change)
    if (!me.parts[room] && me.role !== 'admin' && !me.appointments[String(change.new.appointment_id)])
      return 'a room of others'
    if (by.some(column => ['id', 'appointment_id', 'created_at'].includes(column)))
      return 'another room altogether'
    if (Number(change.new.last_seq) < Number(change.old.last_seq)) return 'a seq taken back'
    if (Number(change.new.epoch) < Number(change.old.epoch)) return 'an epoch taken back'
    if (
      by.some(column => ['locked_at', 'locked_by', 'granted_until', 'erased_at'].includes(column)) &&
      me.role !== 'admin'
    )
      return `an administrator's ${by.join(', ')}`
    if (by.includes('patient_may_reply') && !isClinician(me, room)) return 'not a clinician'
    if (by.includes('closed_by') && change.new.closed_by !== me.id && change.new.closed_by !== null)
      return 'closed in the name of somebody else'
    return null
  },
  'appointments UPDATE': (change, me) => {
    const part = me.appointments[String(change.new.id)]
    if (!part && me.role !== 'admin') return 'an appointment of others'
    if (change.new.status_changed_by !== me.id && changed(change).includes('status_changed_by'))
      return 'in the name of somebody else'
    if (
      (part === 'patient' || part === 'proxy') &&
      changed(change).includes('status') &&
      change.new.status !== 'cancelled'
    )
      return `a patient made it ${change.new.status}`
    return only(
      'status',
      'status_reason',
      'reason',
      'status_changed_at',
      'status_changed_by',
      'updated_at',
    )(change)
  },
  'chat_attachments INSERT': all(own('uploader_id'), ({ new: row }, me) => {
    if (!me.parts[String(row.room_id)]) return 'in a room of others'
    return row.status === 'pending' && !row.message_id && isNow(row.created_at) ? null : 'born finished'
  }),
  'chat_attachments UPDATE': (change, me) =>
    me.role === 'admin' && change.new.erased_at
      ? null
      : (own('uploader_id')(change, me, () => undefined) ??
        only('message_id', 'retracted_at')(change) ??
        (change.new.retracted_at && !isNow(change.new.retracted_at) ? 'retracted at another time' : null)),
  'chat_personal_state INSERT': own('user_id'),
  'chat_personal_state UPDATE': own('user_id'),
  'chat_personal_state DELETE': admins,
  'access_grants INSERT': all(admins, own('admin_id')),
  'access_grants UPDATE': all(admins, only('ended_at')),
  'admin_actions INSERT': all(admins, own('admin_id')),
  'audit_log INSERT': ({ new: row }, me) => {
    if (!isNow(row.at)) return `at ${row.at}`
    // What others hear meanwhile is written down as heard by them.
    return row.actor_id === me.id || row.action === 'message_streamed' ? null : `actor ${row.actor_id}`
  },
  'audit_log UPDATE': never('the log was changed'),
  'profiles UPDATE': all(admins, only('suspended_at', 'updated_at')),
  'out_of_office INSERT': own('user_id'),
  'out_of_office UPDATE': own('user_id'),
  'out_of_office DELETE': own('user_id'),
  'quick_replies INSERT': (change, me) =>
    (change.new.owner_id === null ? admins : own('owner_id'))(change, me, () => undefined),
  'quick_replies UPDATE': (change, me) => {
    const isTheirs = (owner: unknown) => owner === me.id || (owner === null && me.role === 'admin')
    return isTheirs(change.old.owner_id) && isTheirs(change.new.owner_id) ? null : "somebody else's"
  },
  'quick_replies DELETE': (change, me) =>
    change.old.owner_id === me.id || (change.old.owner_id === null && me.role === 'admin')
      ? null
      : "somebody else's",
  'consent_texts INSERT': all(admins, own('published_by')),
  'consents INSERT': own('user_id'),
  'legal_holds INSERT': all(admins, own('held_by')),
  'legal_holds DELETE': admins,
  'room_erasures INSERT': all(admins, own('erased_by')),
  'clinic_settings UPDATE': admins,
  'business_hours INSERT': admins,
  'business_hours DELETE': admins,
  'private.cursor_moves INSERT': all(own('user_id'), ({ new: row }) =>
    isNow(row.at) && Number(row.read_seq) >= Number(row.read_from) ? null : 'at another time',
  ),
  'private.cursor_moves DELETE': admins,
  'private.file_permits INSERT': all(admins, own('user_id')),
  'private.file_permits UPDATE': all(admins, own('user_id')),
  'private.file_deletions INSERT': admins,
  'realtime.messages INSERT': ({ new: row }) => {
    const payload = row.payload as { message?: { sender_id: string | null } }
    return row.private === true && row.extension === 'broadcast' && payload ? null : 'not told in private'
  },
}

export function judge(
  change: Change,
  me: Caller,
  room: (id: unknown) => RoomBefore | undefined,
): string | null {
  const truth = TRUTH[`${change.table} ${change.op}`]
  if (!truth) return 'nobody does this'
  return truth(change as Change & { old: Row; new: Row }, me, room)
}
