/** The rooms of the world, who is in them, what was said in them, and the files. */
import { appointment, attachment, person, room, said } from './ids.ts'

const rooms = `
insert into public.chat_rooms (id, appointment_id, status, last_seq, last_message_at, last_change, waiting_since, reply_until,
    closed_at, closed_reason, retain_until, erased_at)
  select id::uuid, appointment::uuid, status, last_seq, now() - case when is_old then interval '200 days' else interval '1 minute' end,
    last_change, waiting,
    case when is_old then now() - interval '186 days' end, case when is_old then now() - interval '186 days' end,
    case when is_old then 'retention' end, case when is_old then now() - interval '1 day' end,
    case when is_old then now() - interval '1 day' end
  from (values
    ('${room.a}', '${appointment.a}', 'open', 7, 2, now() - interval '1 hour', false),
    ('${room.aOld}', '${appointment.aOld}', 'archived', 1, 0, null, true),
    ('${room.b}', '${appointment.b}', 'open', 3, 2, null, false),
    ('${room.bOld}', '${appointment.bOld}', 'archived', 1, 0, null, true)
  ) as r (id, appointment, status, last_seq, last_change, waiting, is_old);

insert into public.chat_participants (room_id, user_id, role, delivered_seq, read_seq, joined_at, left_at)
  select room::uuid, who::uuid, role, read, read, now() - ago::interval, case when has_left then now() - interval '1 day' end
  from (values
    ('${room.a}', '${person.patient}', 'patient', 7, '10 days', false),
    ('${room.a}', '${person.doctor}', 'doctor', 4, '9 days', false),
    ('${room.a}', '${person.proxy}', 'proxy', 6, '8 days', false),
    ('${room.a}', '${person.careTeam}', 'care_team', 6, '7 days', false),
    ('${room.a}', '${person.former}', 'care_team', 2, '6 days', true),
    ('${room.a}', '${person.suspended}', 'care_team', 2, '5 days', false),
    ('${room.aOld}', '${person.patient}', 'patient', 1, '200 days', false),
    ('${room.aOld}', '${person.doctor}', 'doctor', 1, '200 days', false),
    ('${room.b}', '${person.otherPatient}', 'patient', 2, '9 days', false),
    ('${room.b}', '${person.otherDoctor}', 'doctor', 2, '9 days', false),
    ('${room.bOld}', '${person.otherPatient}', 'patient', 1, '200 days', false),
    ('${room.bOld}', '${person.otherDoctor}', 'doctor', 1, '200 days', false)
  ) as p (room, who, role, read, ago, has_left);`

// Of the proxy's and the care team's reading nothing is known from before; the doctor has read in two rooms.
const moves = `
insert into private.cursor_moves (room_id, user_id, delivered_from, delivered_seq, read_from, read_seq, at)
  select room::uuid, who::uuid, delivered_from, delivered, read_from, read, ('2026-01-02T' || at || 'Z')::timestamptz
  from (values
    ('${room.a}', '${person.doctor}', 0, 2, 0, 0, '10:00'),
    ('${room.a}', '${person.doctor}', 2, 4, 0, 3, '10:05'),
    ('${room.a}', '${person.doctor}', 4, 4, 3, 4, '10:10'),
    ('${room.a}', '${person.proxy}', 2, 6, 2, 6, '11:00'),
    ('${room.a}', '${person.former}', 0, 2, 0, 2, '12:00'),
    ('${room.aOld}', '${person.doctor}', 0, 1, 0, 1, '09:00'),
    ('${room.b}', '${person.otherDoctor}', 0, 2, 0, 2, '13:00')
  ) as c (room, who, delivered_from, delivered, read_from, read, at);`

// Two ids are taken in both rooms: a message's id means something within its room only.
const messages = `
insert into public.chat_messages (id, room_id, seq, sender_id, kind, body, event, created_at, edited_at, retracted_at, change, erased_at)
  select id::uuid, room::uuid, seq, sender::uuid, kind, body, event::jsonb, now() - ago::interval,
    case when change is not null and body is not null then now() - interval '90 minutes' end,
    case when change is not null and body is null then now() - interval '90 minutes' end,
    change, case when is_erased then now() - interval '1 day' end
  from (values
    ('${said.first}', '${room.a}', 1, '${person.patient}', 'text', 'Good morning', null, '3 hours', null, false),
    ('${said.edited}', '${room.a}', 2, '${person.doctor}', 'text', 'Take one in the evening', null, '2 hours', 1, false),
    ('${said.retracted}', '${room.a}', 3, '${person.patient}', 'file', null, null, '2 hours', 2, false),
    ('${said.event}', '${room.a}', 4, null, 'system', null, '{"type": "appointment_confirmed", "actor_id": null}', '2 hours', null, false),
    ('${said.files}', '${room.a}', 5, '${person.patient}', 'file', null, null, '1 hour', null, false),
    ('${said.careFile}', '${room.a}', 6, '${person.careTeam}', 'file', null, null, '1 hour', null, false),
    ('${said.fresh}', '${room.a}', 7, '${person.patient}', 'text', 'Is it the evening pill?', null, '1 minute', null, false),
    ('${said.gone}', '${room.aOld}', 1, '${person.patient}', 'text', null, null, '200 days', null, true),
    ('${said.firstB}', '${room.b}', 1, '${person.otherPatient}', 'text', 'Something else', null, '2 hours', 1, false),
    ('${said.files}', '${room.b}', 2, '${person.otherDoctor}', 'file', null, null, '1 hour', null, false),
    ('${said.fresh}', '${room.b}', 3, '${person.otherPatient}', 'text', 'This evening?', null, '2 hours', 2, false),
    ('${said.goneB}', '${room.bOld}', 1, '${person.otherPatient}', 'text', null, null, '200 days', null, true)
  ) as m (id, room, seq, sender, kind, body, event, ago, change, is_erased);

insert into public.chat_message_versions (room_id, message_id, version, author_id, body, written_at, is_retracted) values
  ('${room.a}', '${said.edited}', 1, '${person.doctor}', 'Take one in the morning', now() - interval '2 hours', false),
  ('${room.a}', '${said.retracted}', 1, '${person.patient}', 'meant for somebody else', now() - interval '2 hours', true),
  ('${room.b}', '${said.firstB}', 1, '${person.otherPatient}', 'Something', now() - interval '2 hours', false),
  ('${room.b}', '${said.fresh}', 1, '${person.otherPatient}', 'This morning?', now() - interval '2 hours', false);

insert into public.chat_personal_state (room_id, user_id, draft_body, draft_saved_at, opened_at) values
  ('${room.a}', '${person.patient}', 'half a thought', now(), now() - interval '3 hours'),
  ('${room.a}', '${person.doctor}', null, null, now() - interval '3 hours'),
  ('${room.a}', '${person.former}', 'what I never sent', now(), null),
  ('${room.b}', '${person.otherPatient}', 'another thought', now(), null);`

const files = `
insert into public.chat_attachments (id, room_id, message_id, uploader_id, name, media_type, size_bytes, status, erased_at, retracted_at)
  select id::uuid, room::uuid, message::uuid, uploader::uuid, case when not is_erased then 'letter.pdf' end, 'application/pdf',
    1000, status, case when is_erased then now() end,
    case when message::uuid = '${said.retracted}' then now() end
  from (values
    ('${attachment.clean}', '${room.a}', '${said.files}', '${person.patient}', 'clean', false),
    ('${attachment.infected}', '${room.a}', '${said.files}', '${person.patient}', 'infected', false),
    ('${attachment.rejected}', '${room.a}', '${said.files}', '${person.patient}', 'rejected', false),
    ('${attachment.waiting}', '${room.a}', '${said.files}', '${person.patient}', 'pending', false),
    ('${attachment.erased}', '${room.a}', '${said.files}', '${person.patient}', 'clean', true),
    ('${attachment.permitted}', '${room.a}', '${said.careFile}', '${person.careTeam}', 'clean', false),
    ('${attachment.retracted}', '${room.a}', '${said.retracted}', '${person.patient}', 'clean', false),
    ('${attachment.unsent}', '${room.a}', null, '${person.patient}', 'clean', false),
    ('${attachment.pending}', '${room.a}', null, '${person.patient}', 'pending', false),
    ('${attachment.pendingDoctors}', '${room.a}', null, '${person.doctor}', 'pending', false),
    ('${attachment.pendingFormers}', '${room.a}', null, '${person.former}', 'pending', false),
    ('${attachment.pendingSuspendeds}', '${room.a}', null, '${person.suspended}', 'pending', false),
    ('${attachment.pendingOld}', '${room.aOld}', null, '${person.patient}', 'pending', false),
    ('${attachment.pendingErased}', '${room.a}', null, '${person.patient}', 'pending', true),
    ('${attachment.cleanB}', '${room.b}', '${said.files}', '${person.otherDoctor}', 'clean', false),
    ('${attachment.pendingB}', '${room.b}', null, '${person.otherPatient}', 'pending', false)
  ) as t (id, room, message, uploader, status, is_erased);

insert into storage.buckets (id, name) values ('elsewhere', 'elsewhere');
insert into storage.objects (bucket_id, name)
  select 'chat-attachments', t.path from public.chat_attachments t
  where t.id in ('${attachment.clean}', '${attachment.infected}', '${attachment.rejected}', '${attachment.waiting}',
    '${attachment.erased}', '${attachment.permitted}', '${attachment.unsent}', '${attachment.retracted}', '${attachment.cleanB}');
insert into storage.objects (bucket_id, name) values ('chat-attachments', 'stray/stray'), ('elsewhere', 'stray/stray'),
  ('elsewhere', '${room.a}/${attachment.clean}'), ('elsewhere', '${room.a}/${attachment.permitted}');

-- One that holds, and those that must not: run out, of a file that is not clean, of an erased one, without a grant.
insert into private.file_permits (user_id, attachment_id, permitted_until) values
  ('${person.grantedAdmin}', '${attachment.permitted}', now() + interval '1 hour'),
  ('${person.grantedAdmin}', '${attachment.clean}', now() - interval '1 minute'),
  ('${person.grantedAdmin}', '${attachment.infected}', now() + interval '1 hour'),
  ('${person.grantedAdmin}', '${attachment.erased}', now() + interval '1 hour'),
  ('${person.admin}', '${attachment.permitted}', now() + interval '1 hour');`

export const conversations = `${rooms}\n${moves}\n${messages}\n${files}`
