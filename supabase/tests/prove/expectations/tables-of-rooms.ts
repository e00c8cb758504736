/** The same (see tables.ts) for conversations and for what administrators do in them. */
import { appointment, attachment, person, room, said, thing } from '../world/ids.ts'
import type { TableExpectation } from './tables.ts'

const BOTH = (all: string) => ({ admin: all, grantedAdmin: all })
/** Proxy and care team take part in the present room of a only. */
const inA = (rows: string, alsoOld = '') => ({
  patient: `${rows} ${alsoOld}`,
  doctor: `${rows} ${alsoOld}`,
  proxy: rows,
  careTeam: rows,
})
const inB = (rows: string) => ({ otherPatient: rows, otherDoctor: rows })

const SENT_FILES = 'clean infected rejected waiting erased permitted'
const AUDIT_OF_A = 'a/1 a/2'

export const ROOMS: Record<string, TableExpectation> = {
  'public.chat_rooms': {
    columns: {
      read: `id appointment_id status epoch last_seq last_message_at patient_may_reply reply_until closed_at closed_by
        created_at closed_reason locked_at locked_by waiting_since granted_until last_change retain_until erased_at`,
    },
    // An administrator reads no room, granted or not: functions answer them, and write it down.
    sees: { ...inA('a', 'aOld'), ...inB('b bOld') },
    policies: 'select:read_participants',
    service: 'writes',
    insert: `(appointment_id, status) values ('${appointment.aNew}', 'pending')`,
    set: 'status = status',
  },
  'public.chat_participants': {
    columns: { read: 'room_id user_id role delivered_seq read_seq joined_at left_at' },
    sees: {
      ...inA('a/patient a/doctor a/proxy a/careTeam a/former a/suspended', 'aOld/patient aOld/doctor'),
      ...inB('b/otherPatient b/otherDoctor bOld/otherPatient bOld/otherDoctor'),
    },
    policies: 'select:read_participants',
    service: 'writes',
    insert: `(room_id, user_id, role) values ('${room.a}', '${person.spareDoctor}', 'care_team')`,
    set: 'role = role',
  },
  'public.chat_messages': {
    columns: {
      read: `id room_id seq sender_id kind body event reply_to created_at edited_at retracted_at change erased_at`,
    },
    sees: {
      ...inA('a/first a/edited a/retracted a/event a/files a/careFile a/fresh', 'aOld/gone'),
      ...inB('b/firstB b/files b/fresh bOld/goneB'),
    },
    policies: 'select:read_participants',
    service: 'reads',
    insert: `(id, room_id, seq, sender_id, kind, body)
      values ('${thing.fresh}', '${room.a}', 99, '${person.doctor}', 'text', 'forged')`,
    set: 'body = body',
  },
  'public.chat_message_versions': {
    columns: { read: 'room_id message_id version author_id body written_at replaced_at is_retracted' },
    // What was taken back stays with its author.
    sees: { ...inA('a/edited/1'), patient: 'a/edited/1 a/retracted/1', ...inB('b/firstB/1 b/fresh/1') },
    policies: 'select:read_participants',
    service: 'reads',
    insert: `(room_id, message_id, version, author_id, body, written_at)
      values ('${room.a}', '${said.first}', 1, '${person.patient}', 'forged', now())`,
    set: 'body = body',
  },
  'public.chat_personal_state': {
    columns: { read: 'room_id user_id muted_until draft_body draft_reply_to draft_saved_at opened_at' },
    sees: { patient: 'a/patient', doctor: 'a/doctor', otherPatient: 'b/otherPatient' },
    policies: 'select:read_own',
    service: 'writes',
    insert: `(room_id, user_id) values ('${room.a}', '${person.proxy}')`,
    set: 'draft_body = draft_body',
  },
  'public.chat_attachments': {
    columns: {
      read: `id room_id message_id uploader_id path name media_type size_bytes sha256 width height preview status created_at
        scanned_at erased_at retracted_at`,
    },
    // Others see a file once its message was sent, and until it is retracted.
    sees: {
      patient: `${SENT_FILES} retracted unsent pending pendingErased pendingOld`,
      doctor: `${SENT_FILES} pendingDoctors`,
      proxy: SENT_FILES,
      careTeam: SENT_FILES,
      otherPatient: 'cleanB pendingB',
      otherDoctor: 'cleanB',
    },
    policies: 'select:read_participants',
    service: 'writes',
    insert: `(id, room_id, uploader_id, name, media_type, size_bytes)
      values ('${thing.fresh}', '${room.a}', '${person.patient}', 'x', 'image/png', 1)`,
    set: `status = 'clean' where id = '${attachment.pending}'`,
  },
  'public.audit_log': {
    columns: { read: 'chain n room_id at actor_id action subject_id details hash' },
    sees: {
      ...inA(AUDIT_OF_A, 'aOld/1'),
      ...inB('b/1 bOld/1'),
      ...BOTH(`${AUDIT_OF_A} aOld/1 b/1 bOld/1 clinic/1 clinic/2`),
    },
    policies: 'select:read_participants_and_admins',
    service: 'reads',
    insert: `(chain, n, at, action, hash) values ('${room.a}', 99, now(), 'forged', sha256(''))`,
    set: 'action = action',
  },
  'public.admin_actions': {
    columns: { read: 'id admin_id action room_id user_id reason created_at' },
    sees: BOTH('actionA actionB actionOnUser'),
    policies: 'select:read_admins',
    service: 'reads',
    insert: `(admin_id, action, reason) values ('${person.admin}', 'forged', 'a reason that is long enough')`,
    set: 'reason = reason',
  },
  'public.access_grants': {
    columns: { read: 'id admin_id room_id reason starts_at expires_at ended_at' },
    // The people of the room see who looked and why.
    sees: {
      ...inA('grantLive grantEnded'),
      ...inB('grantEndedB grantLapsedB'),
      ...BOTH('grantLive grantEnded grantEndedB grantLapsedB'),
    },
    policies: 'select:read_participants_and_admins',
    service: 'reads',
    insert: `(admin_id, room_id, reason, expires_at)
      values ('${person.admin}', '${room.b}', 'a reason that is long enough', now() + interval '1 hour')`,
    set: "expires_at = starts_at + interval '60 minutes'",
  },
  'public.legal_holds': {
    columns: { read: 'room_id held_at held_by reason' },
    sees: BOTH('b'),
    policies: 'select:read_admins',
    service: 'reads',
    insert: `(room_id, held_by, reason) values ('${room.a}', '${person.admin}', 'a reason that is long enough')`,
    set: 'reason = reason',
  },
  'public.room_erasures': {
    columns: { read: 'room_id erased_at erased_by reason messages files' },
    sees: { patient: 'aOld', doctor: 'aOld', ...inB('bOld'), ...BOTH('aOld bOld') },
    policies: 'select:read_participants_and_admins',
    service: 'reads',
    insert: `(room_id, reason, messages, files) values ('${room.a}', 'a reason that is long enough', 1, 1)`,
    set: 'reason = reason',
  },
}

/** Tables of `private`: closed to everybody; what is right for their owner is refused to all others. */
export const PRIVATE_TABLES: Record<string, { readonly insert: string; readonly set: string }> = {
  'private.audit_heads': { insert: `values ('${thing.fresh}', 1, '')`, set: 'n = n' },
  'private.rate_limits': { insert: "values ('x', 1, 1)", set: 'burst = burst' },
  'private.rate_buckets': {
    insert: `values ('${person.patient}', 'x', 1, now())`,
    set: 'tokens = tokens',
  },
  'private.file_permits': {
    insert: `values ('${person.patient}', '${attachment.clean}', now())`,
    set: 'permitted_until = permitted_until',
  },
  'private.cursor_moves': {
    insert: `values ('${room.a}', '${person.doctor}', 4, 7, 4, 7, now())`,
    set: 'at = at',
  },
  'private.file_deletions': { insert: "values ('x/x', now())", set: 'path = path' },
}
