/** Puts a clinic into the database as it is, one statement a table, past triggers and foreign keys. In an open transaction. */
import type { Connection, Row } from '../empty-clinic.ts'
import type { ClinicGraph, Room } from './clinic-graph.ts'

const NOW = Date.now()
const HOUR = 3_600_000
const at = (hours: number) => new Date(NOW + hours * HOUR).toISOString()

export const CLINIC_CHAIN = '00000000-0000-0000-0000-000000000000'
const HASH = `\\x${'00'.repeat(32)}`
const REASON = 'The patient asked us to look.'

export const pathOf = (room: Room, fileId: string) => `${room.id}/${fileId}`
/** In the bucket and in no conversation. */
export const STRAY_OBJECT = 'stray/object'

/** Rows by table, in an order in which they could have come. */
function rows({ people, appointments, notifications, quickReplies }: ClinicGraph): Record<string, Row[]> {
  const rooms = appointments.flatMap(({ id, room }) => (room ? [{ appointment_id: id, room }] : []))
  const ofRooms = <T>(list: (room: Room) => T[]) => rooms.flatMap(({ room }) => list(room))
  const [admin] = people.filter(person => person.role === 'admin')
  return {
    'public.profiles': people.map(({ id, role, isSuspended }) => ({
      id,
      role,
      display_name: `${role} ${id.slice(-2)}`,
      suspended_at: isSuspended ? at(-1) : null,
    })),
    'public.out_of_office': people
      .filter(person => person.isAway)
      .map(({ id }) => ({ user_id: id, starts_at: at(-1), back_at: at(24) })),
    'public.appointments': appointments.map(({ id, patient, doctor, status, isPast }) => ({
      id,
      patient_id: patient,
      doctor_id: doctor,
      status,
      mode: 'video',
      starts_at: at(isPast ? -48 : 48),
      ends_at: at(isPast ? -47 : 49),
    })),
    'public.chat_rooms': rooms.map(({ appointment_id, room }) => ({
      id: room.id,
      appointment_id,
      status: room.status,
      epoch: room.epoch,
      last_seq: room.messages.length,
      patient_may_reply: room.mayPatientReply,
      reply_until: room.isOver ? at(-1) : null,
      locked_at: room.isLocked ? at(-1) : null,
      erased_at: room.isErased ? at(-1) : null,
      granted_until: room.grants.some(grant => grant.state === 'live') ? at(0.5) : null,
    })),
    'public.chat_participants': ofRooms(room =>
      room.members.map(({ person, part, isIn }) => ({
        room_id: room.id,
        user_id: person,
        role: part,
        left_at: isIn ? null : at(-1),
      })),
    ),
    'public.chat_messages': ofRooms(room =>
      room.messages.map(message => ({
        id: message.id,
        room_id: room.id,
        seq: message.seq,
        sender_id: message.sender,
        kind: message.sender ? 'text' : 'system',
        body: message.sender && !message.isRetracted ? 'words' : null,
        event: message.sender ? null : { type: 'room_locked', actor_id: admin?.id },
        retracted_at: message.isRetracted ? at(-1) : null,
      })),
    ),
    'public.chat_message_versions': ofRooms(room =>
      room.messages.flatMap(message =>
        Array.from({ length: message.versions }, (_, i) => ({
          room_id: room.id,
          message_id: message.id,
          version: i + 1,
          author_id: message.sender,
          body: 'earlier words',
          written_at: at(-2),
          is_retracted: message.isRetracted,
        })),
      ),
    ),
    'public.chat_attachments': ofRooms(room =>
      room.files.map(file => ({
        id: file.id,
        room_id: room.id,
        message_id: file.message,
        uploader_id: file.uploader,
        name: file.isErased ? null : 'file.png',
        media_type: 'image/png',
        size_bytes: 10,
        status: file.status,
        erased_at: file.isErased ? at(-1) : null,
        retracted_at: file.isRetracted ? at(-1) : null,
      })),
    ),
    'private.file_permits': ofRooms(room =>
      room.permits.map(permit => ({
        user_id: permit.admin,
        attachment_id: permit.file,
        permitted_until: at(permit.isOver ? -0.1 : 0.05),
      })),
    ),
    'storage.objects': [
      { bucket_id: 'chat-attachments', name: STRAY_OBJECT },
      ...ofRooms(room =>
        room.files
          // The bytes of what is pending are about to come: the test puts them there.
          .filter(file => file.status !== 'pending')
          .map(file => ({ bucket_id: 'chat-attachments', name: pathOf(room, file.id) })),
      ),
    ],
    'public.chat_personal_state': ofRooms(room =>
      room.drafts.map(person => ({ room_id: room.id, user_id: person, draft_body: 'draft' })),
    ),
    'public.access_grants': ofRooms(room =>
      room.grants.map(grant => ({
        id: grant.id,
        admin_id: grant.admin,
        room_id: room.id,
        reason: REASON,
        starts_at: at(grant.state === 'expired' ? -1 : -0.2),
        expires_at: at(grant.state === 'expired' ? -0.5 : 0.5),
        ended_at: grant.state === 'ended' ? at(-0.1) : null,
      })),
    ),
    'public.admin_actions': ofRooms(room => [
      { id: room.id, admin_id: admin?.id, action: 'room_locked', room_id: room.id, reason: REASON },
    ]),
    'public.audit_log': [
      { chain: CLINIC_CHAIN, n: 1, at: at(-1), action: 'setting_changed', hash: HASH },
      ...ofRooms(room =>
        Array.from({ length: room.entries }, (_, i) => ({
          chain: room.id,
          n: i + 1,
          at: at(-1),
          action: 'room_opened',
          hash: HASH,
        })),
      ),
    ],
    'private.audit_heads': ofRooms(room => [{ chain: room.id, n: room.entries, hash: HASH }]),
    'public.legal_holds': ofRooms(room =>
      room.isHeld ? [{ room_id: room.id, held_by: admin?.id, reason: REASON }] : [],
    ),
    'public.room_erasures': ofRooms(room =>
      room.isErased ? [{ room_id: room.id, reason: REASON, messages: 1, files: 0 }] : [],
    ),
    'public.notifications': notifications.map(it => ({
      id: it.id,
      user_id: it.person,
      room_id: it.room,
      kind: 'message',
    })),
    'public.notification_preferences': people.map(({ id }) => ({ user_id: id })),
    'public.push_subscriptions': people.map(({ id }) => ({
      id,
      user_id: id,
      endpoint: `https://push.example/${id}`,
      p256dh: 'key',
      auth: 'secret',
    })),
    'public.quick_replies': quickReplies.map(it => ({
      id: it.id,
      owner_id: it.owner,
      title: 'T',
      body: 'B',
    })),
    'public.consent_texts': [{ version: 1, texts: { en: 'words' } }],
    'public.consents': people.map(({ id }) => ({ user_id: id, version: 1, locale: 'en' })),
    'public.business_hours': [{ weekday: 1, opens: '09:00', closes: '17:00' }],
    'public.client_samples': people.map(({ id }) => ({ user_id: id, kind: 'send', value_ms: 1 })),
    'public.client_errors': people.map(({ id }) => ({ user_id: id, kind: 'offline' })),
    'public.health_checks': [{ name: 'canary', status: 'ok' }],
    'public.alert_rules': [
      { id: admin?.id, metric: 'send_ms', raise_at: 2, clear_at: 1, severity: 'info', for_minutes: 1 },
    ],
    'public.alerts': [{ id: admin?.id, rule_id: admin?.id, value: 3 }],
  }
}

export async function load(connection: Connection, clinic: ClinicGraph): Promise<void> {
  const inserts = Object.entries(rows(clinic)).flatMap(([table, list]) => {
    const columns = Object.keys(list[0] ?? {}).join(', ')
    if (!list.length) return []
    const json = JSON.stringify(list).replaceAll("'", "''")
    return [
      `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, '${json}')`,
    ]
  })
  await connection.owner(
    [
      'set local session_replication_role = replica',
      'delete from public.audit_log',
      'delete from private.audit_heads',
      'delete from realtime.messages',
      ...inserts,
      'set local session_replication_role = origin',
    ].join(';\n'),
  )
}
