/** Rows that nothing but a missing right keeps out: each table once or more, as somebody with this id would want them. */
import type { Scene } from './scene.ts'

const REASON = `'The patient asked us to look.'`

export function rows({ ids, mine, theirs, past, bare, nobody }: Scene, me: string): string[] {
  const id = 'gen_random_uuid()'
  const pending = mine.attachments[1]
  const message = mine.messages[2]
  const into = (table: string, columns: string, ...lists: string[]) =>
    lists.map(list => `insert into ${table} (${columns}) values (${list})`)
  return [
    ...into(
      'public.chat_messages',
      'id, room_id, seq, sender_id, kind, body',
      ...[mine.room, theirs.room].flatMap(room =>
        [me, ids.doctor].map(sender => `${id}, '${room}', 1000001, '${sender}', 'text', 'Forged'`),
      ),
    ),
    ...into(
      'public.chat_messages',
      'id, room_id, seq, kind, event',
      `${id}, '${mine.room}', 1000002, 'system', '{"type":"notice"}'`,
    ),
    ...into(
      'public.chat_message_versions',
      'room_id, message_id, version, author_id, body, written_at',
      `'${mine.room}', '${message}', 1000, '${me}', 'Forged', now()`,
    ),
    ...into(
      'public.chat_participants',
      'room_id, user_id, role',
      ...['patient', 'doctor', 'care_team', 'proxy'].map(role => `'${past.room}', '${me}', '${role}'`),
    ),
    ...['read_seq', 'delivered_seq'].map(
      column =>
        `update public.chat_participants set delivered_seq = 1000, ${column} = 1000 where user_id = '${me}'`,
    ),
    `update public.chat_participants set left_at = null where user_id = '${me}'`,
    `update public.chat_participants set read_seq = 0 where user_id <> '${me}'`,
    ...into('public.chat_rooms', 'appointment_id, status', `'${bare}', 'open'`),
    ...into(
      'public.appointments',
      'patient_id, doctor_id, starts_at, ends_at, mode, status',
      `'${ids.patient}', '${ids.doctor}', now(), now() + interval '1 hour', 'video', 'completed'`,
      `'${ids.other_patient}', '${ids.doctor}', now(), now() + interval '1 hour', 'video', 'requested'`,
    ),
    `update public.appointments set status = 'cancelled' where id = '${mine.appointment}'`,
    `update public.appointments set doctor_id = '${ids.other_doctor}' where id = '${mine.appointment}'`,
    `update public.chat_rooms set status = 'closed' where id = '${mine.room}'`,
    `update public.chat_rooms set epoch = epoch + 1 where id = '${mine.room}'`,
    `update public.chat_rooms set last_seq = 0 where id = '${theirs.room}'`,
    `update public.chat_messages set body = 'Forged' where sender_id = '${ids.doctor}'`,
    `update public.chat_messages set sender_id = '${me}' where room_id = '${theirs.room}' and sender_id is not null`,
    ...into(
      'public.chat_attachments',
      'id, room_id, uploader_id, name, media_type, size_bytes, status',
      `${id}, '${mine.room}', '${me}', 'a.png', 'image/png', 1, 'clean'`,
    ),
    `update public.chat_attachments set status = 'clean' where id = '${pending}'`,
    ...into(
      'public.chat_personal_state',
      'room_id, user_id, draft_body',
      `'${past.room}', '${me}', 'Forged'`,
    ),
    ...into(
      'public.access_grants',
      'admin_id, room_id, reason, starts_at, expires_at',
      `'${me}', '${past.room}', ${REASON}, now(), now() + interval '1 hour'`,
    ),
    `update public.access_grants set ended_at = null, expires_at = starts_at + interval '60 minutes'`,
    ...into('public.admin_actions', 'admin_id, action, reason', `'${me}', 'forged', ${REASON}`),
    ...into(
      'public.audit_log',
      'chain, n, at, actor_id, action, hash',
      `'${mine.room}', 1000000, now(), '${me}', 'forged', sha256('')`,
    ),
    ...into('public.legal_holds', 'room_id, held_by, reason', `'${mine.room}', '${me}', ${REASON}`),
    ...into('public.room_erasures', 'room_id, reason, messages, files', `'${mine.room}', ${REASON}, 0, 0`),
    ...into(
      'public.out_of_office',
      'user_id, starts_at, back_at',
      `'${me}', now(), now() + interval '1 day'`,
    ),
    ...into(
      'public.quick_replies',
      'id, owner_id, title, body',
      `${id}, '${me}', 'T', 'B'`,
      `${id}, null, 'T', 'B'`,
    ),
    ...into('public.consent_texts', 'version, texts', `99, '{"en": "Forged"}'`),
    ...into(
      'public.consents',
      'user_id, version, locale',
      ...[ids.other_doctor, ids.care_team].map(person => `'${person}', 1, 'en'`),
    ),
    ...into('public.notifications', 'user_id, kind', `'${me}', 'notice'`, `'${ids.doctor}', 'notice'`),
    `update public.notification_preferences set by_mail = not by_mail where user_id = '${me}'`,
    ...into(
      'public.push_subscriptions',
      'user_id, endpoint, p256dh, auth',
      `'${me}', 'https://push.example/forged', 'k', 's'`,
    ),
    ...into('public.client_samples', 'user_id, kind, value_ms', `'${me}', 'forged', 1`),
    ...into('public.client_errors', 'user_id, kind', `'${me}', 'forged'`),
    ...into('public.health_checks', 'name, status', `'forged', 'ok'`),
    ...into('public.alert_rules', 'metric, raise_at, clear_at, severity', `'forged', 1, 0, 'info'`),
    `update public.alerts set acknowledged_by = '${me}', acknowledged_at = now()`,
    ...into('public.business_hours', 'weekday, opens, closes', `7, '00:00', '23:59'`),
    `update public.clinic_settings set name = 'Forged'`,
    ...into('public.profiles', 'id, role, display_name', `'${nobody}', 'admin', 'Forged'`),
    ...['admin', 'doctor', 'patient'].map(
      role => `update public.profiles set role = '${role}' where id = '${me}'`,
    ),
    `update public.profiles set display_name = 'Dr. Forged' where id = '${me}'`,
    `update public.profiles set suspended_at = now() where id = '${ids.admin}'`,
    `update public.profiles set locale = 'xx' where id <> '${me}'`,
    ...into(
      'private.file_permits',
      'user_id, attachment_id, permitted_until',
      `'${me}', '${theirs.attachments[0]}', 'infinity'`,
    ),
    ...into(
      'private.cursor_moves',
      'room_id, user_id, delivered_from, delivered_seq, read_from, read_seq',
      `'${mine.room}', '${ids.doctor}', 0, 1000, 0, 1000`,
    ),
    `update private.cursor_moves set at = now() - interval '1 day'`,
    ...into('private.file_deletions', 'path', `'${mine.room}/${pending}'`),
    ...into('private.audit_heads', 'chain, n, hash', `'${nobody}', 1, sha256('')`),
    `update private.audit_heads set n = n + 1`,
    `update private.rate_limits set burst = 1000000`,
    `update private.rate_buckets set tokens = 1000000 where user_id = '${me}'`,
    ...into('storage.objects', 'bucket_id, name', `'chat-attachments', 'stray/${me}'`),
    ...into('storage.buckets', 'id, name, public', `'forged-${me}', 'forged-${me}', true`),
    `update storage.buckets set public = true where id = 'chat-attachments'`,
    ...into(
      'realtime.messages',
      'topic, extension, event, payload, private',
      ...[`room:${mine.room}:1`, `user:${ids.doctor}`, `live:${theirs.room}:1`, `live:${mine.room}:9`].map(
        topic => `'${topic}', 'broadcast', 'message', '{}', true`,
      ),
    ),
    ...into('auth.users', 'id', id),
  ]
}
