/** The rows of the world: at least one in every table of each case. Written as the owner, past the triggers. */
import { conversations } from './conversations.ts'
import { appointment, person, room, thing } from './ids.ts'

const PEOPLE: Record<keyof typeof person, string | null> = {
  patient: 'patient',
  otherPatient: 'patient',
  proxy: 'patient',
  sparePatient: 'patient',
  doctor: 'doctor',
  otherDoctor: 'doctor',
  careTeam: 'doctor',
  former: 'doctor',
  suspended: 'doctor',
  spareDoctor: 'doctor',
  admin: 'admin',
  grantedAdmin: 'admin',
  stranger: null,
}

const people = Object.entries(PEOPLE)
  .map(([name, role]) => {
    const id = person[name as keyof typeof person]
    const profile = role
      ? `insert into public.profiles (id, role, display_name, suspended_at, created_at, updated_at)
           values ('${id}', '${role}', 'The ${name}', ${name === 'suspended' ? "now() - interval '1 day'" : 'null'},
             now() - interval '1 year', now() - interval '1 year');`
      : ''
    return `insert into auth.users (id, aud, role, email)
              values ('${id}', 'authenticated', 'authenticated', '${name}@bedside.example');
            ${profile}`
  })
  .join('\n')

const appointments = `
insert into public.appointments (id, patient_id, doctor_id, starts_at, ends_at, mode, reason, status, updated_at)
  select id::uuid, patient::uuid, doctor::uuid, now() + starts::interval, now() + starts::interval + interval '30 minutes',
    'phone', 'private', status, now() - interval '1 hour'
  from (values
    ('${appointment.a}', '${person.patient}', '${person.doctor}', '2 days', 'confirmed'),
    ('${appointment.aNew}', '${person.patient}', '${person.doctor}', '9 days', 'requested'),
    ('${appointment.aOld}', '${person.patient}', '${person.doctor}', '-200 days', 'completed'),
    ('${appointment.b}', '${person.otherPatient}', '${person.otherDoctor}', '3 days', 'confirmed'),
    ('${appointment.bOld}', '${person.otherPatient}', '${person.otherDoctor}', '-200 days', 'completed')
  ) as a (id, patient, doctor, starts, status);`

const administration = `
insert into public.admin_actions (id, admin_id, action, room_id, user_id, reason) values
  ('${thing.actionA}', '${person.admin}', 'room_locked', '${room.a}', null, 'a reason of an administrator'),
  ('${thing.actionB}', '${person.admin}', 'room_locked', '${room.b}', null, 'a reason of an administrator'),
  ('${thing.actionOnUser}', '${person.admin}', 'user_suspended', null, '${person.suspended}', 'a reason for a suspension');
insert into public.access_grants (id, admin_id, room_id, reason, starts_at, expires_at, ended_at) values
  ('${thing.grantLive}', '${person.grantedAdmin}', '${room.a}', 'a complaint of the patient', now(), now() + interval '60 minutes', null),
  ('${thing.grantEnded}', '${person.admin}', '${room.a}', 'an earlier complaint', now() - interval '2 days', now() - interval '47 hours', now() - interval '47 hours 30 minutes'),
  ('${thing.grantEndedB}', '${person.admin}', '${room.b}', 'an earlier complaint', now() - interval '2 days', now() - interval '47 hours', now() - interval '47 hours'),
  ('${thing.grantLapsedB}', '${person.grantedAdmin}', '${room.b}', 'a complaint of yesterday', now() - interval '2 hours', now() - interval '1 hour', null);
update public.chat_rooms r set granted_until = (
  select min(g.expires_at) from public.access_grants g where g.room_id = r.id and g.ended_at is null);
insert into public.legal_holds (room_id, held_by, reason) values ('${room.b}', '${person.admin}', 'a court asked for it');
insert into public.room_erasures (room_id, erased_by, reason, messages, files) values
  ('${room.aOld}', null, 'The retention period is over.', 1, 0), ('${room.bOld}', null, 'The retention period is over.', 1, 0);
select private.audit('${room.a}', '${person.grantedAdmin}', 'access_started', '${thing.grantLive}', '{"minutes": 60}');
select private.audit(null, '${person.admin}', 'user_suspended', '${person.suspended}', '{"admin_action": "${thing.actionOnUser}"}');`

const clinic = `
update public.clinic_settings set phone = '+34 900 000 000', edit_window_minutes = 1440, updated_at = now() - interval '1 hour';
insert into public.business_hours (weekday, opens, closes) select n, '08:00', '20:00' from generate_series(1, 7) n;
insert into public.consent_texts (version, texts, published_by) values
  (1, '{"en": "An earlier text"}', '${person.admin}'), (2, '{"en": "The text in force", "es": "El texto en vigor"}', '${person.admin}');
insert into public.consents (user_id, version, locale) values ('${person.patient}', 1, 'en'), ('${person.patient}', 2, 'en'),
  ('${person.otherPatient}', 2, 'es'), ('${person.proxy}', 2, 'en');
insert into public.out_of_office (user_id, starts_at, back_at, note) values
  ('${person.doctor}', now() - interval '1 day', now() + interval '1 day', 'at a congress'),
  ('${person.otherDoctor}', now() - interval '1 day', now() + interval '1 day', null),
  ('${person.former}', now() - interval '1 day', now() + interval '1 day', null);
insert into public.quick_replies (id, owner_id, title, body, updated_at) values
  ('${thing.replyShared}', null, 'Opening hours', 'We are open from eight to eight.', now() - interval '1 hour'),
  ('${thing.replyDoctors}', '${person.doctor}', 'Fasting', 'Come without breakfast.', now() - interval '1 hour'),
  ('${thing.replyOtherDoctors}', '${person.otherDoctor}', 'Rest', 'Rest for two days.', now() - interval '1 hour'),
  ('${thing.replyAdmins}', '${person.admin}', 'Parking', 'Park behind the house.', now() - interval '1 hour');
insert into public.notifications (id, user_id, room_id, kind, last_seq) values
  ('${thing.noticeOfPatient}', '${person.patient}', '${room.a}', 'message', 6),
  ('${thing.noticeOfDoctor}', '${person.doctor}', '${room.a}', 'message', 7),
  ('${thing.noticeOfOtherPatient}', '${person.otherPatient}', '${room.b}', 'message', 2);
insert into public.notification_preferences (user_id) values ('${person.patient}'), ('${person.otherPatient}');
insert into public.push_subscriptions (id, user_id, endpoint, p256dh, auth) values
  ('${thing.pushOfPatient}', '${person.patient}', 'https://push.example/1', 'key', 'auth'),
  ('${thing.pushOfOtherPatient}', '${person.otherPatient}', 'https://push.example/2', 'key', 'auth');
insert into public.client_samples (id, user_id, kind, value_ms) overriding system value
  values (1, '${person.patient}', 'send', 12), (2, '${person.otherPatient}', 'send', 12);
insert into public.client_errors (id, user_id, kind) overriding system value
  values (1, '${person.patient}', 'offline'), (2, '${person.otherPatient}', 'offline');
insert into public.health_checks (id, name, status) overriding system value values (1, 'database', 'ok');
insert into public.alert_rules (id, metric, raise_at, clear_at, severity) values ('${thing.rule}', 'send_p', 100, 50, 'warning');
insert into public.alerts (id, rule_id, value) values ('${thing.alert}', '${thing.rule}', 120);
insert into private.rate_buckets (user_id, action, tokens, refilled_at) values ('${person.sparePatient}', 'send', 60, now());
insert into private.file_deletions (path, asked_at) values ('gone/gone', now());`

/** In an unseeded database, as the superuser, in one transaction. Chains of the audit log begin as they always do. */
export const worldSql = `
set local session_replication_role = replica;
${people}
${appointments}
set local session_replication_role = origin;
${conversations}
${administration}
${clinic}`
