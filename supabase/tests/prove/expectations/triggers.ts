/** What triggers do for whoever writes rows: the clinic’s own programs, a person who writes SQL, a job. */
import { appointment, person, room } from '../world/ids.ts'
import type { Case } from './function-types.ts'
import { events, toAll } from './shared.ts'

const ofRoom = (what: string) => `select ${what} from public.chat_rooms where id = '${room.a}'`
export const TRIGGERS: Case[] = [
  {
    why: 'an appointment',
    who: 'service',
    sql: `update public.appointments set status = 'in_progress' where id = '${appointment.a}'`,
    touches: 'appointment/a room/a',
    leaves: {
      [`select status_changed_at = now() from public.appointments where id = '${appointment.a}'`]: true,
    },
  },
  {
    why: 'an appointment',
    who: 'service',
    sql: `update public.appointments set status = 'completed' where id = '${appointment.a}'`,
    is: '409 transition_refused confirmed:completed',
  },
  {
    why: 'a room',
    who: 'service',
    sql: `update public.chat_rooms set status = 'closed' where id = '${room.a}'`,
    touches: 'room/a',
  },
  {
    why: 'a room',
    who: 'service',
    sql: `update public.chat_rooms set status = 'archived' where id = '${room.a}'`,
    is: '409 transition_refused open:archived',
  },
  {
    why: 'a confirmed appointment comes with its room, and nothing is said in it',
    who: 'service',
    sql: `insert into public.appointments (patient_id, doctor_id, starts_at, ends_at, mode, status) values ('${person.patient}', '${person.doctor}', now(), now() + interval '1 hour', 'phone', 'confirmed')`,
    leaves: { "select status || ' ' || last_seq from public.chat_rooms where created_at = now()": 'open 0' },
    tells: '',
  },
  {
    why: 'a requested appointment comes without',
    who: 'service',
    sql: `insert into public.appointments (patient_id, doctor_id, starts_at, ends_at, mode) values ('${person.patient}', '${person.doctor}', now(), now() + interval '1 hour', 'phone')`,
    leaves: { 'select count(*)::int from public.chat_rooms where created_at = now()': 0 },
  },
  {
    why: 'somebody removed',
    who: 'owner',
    sql: `update public.chat_participants set left_at = now() where room_id = '${room.a}' and user_id = '${person.careTeam}'`,
    touches: 'room/a',
    tells: `room:a:2 message; ${toAll}`,
    logs: 'a participant_removed',
    leaves: { [ofRoom('epoch')]: 2, [events]: 'participant_removed' },
  },
  {
    why: 'somebody suspended',
    who: 'owner',
    sql: `update public.profiles set suspended_at = now() where id = '${person.careTeam}'`,
    touches: 'person/careTeam room/a',
    leaves: { [ofRoom('epoch')]: 2 },
  },
  {
    why: 'a room',
    who: 'owner',
    sql: `insert into public.chat_rooms (appointment_id, status) values ('${appointment.aNew}', 'pending')`,
    logs: '? room_made',
  },
  {
    why: 'a time zone that is none',
    who: 'owner',
    sql: `update public.profiles set time_zone = 'Mars/Olympus' where id = '${person.patient}'`,
    is: '400 argument_invalid time_zone',
  },
  {
    why: 'a time zone that is none',
    who: 'service',
    sql: "update public.clinic_settings set time_zone = 'Mars/Olympus'",
    is: '400 argument_invalid time_zone',
  },
  ...['profiles', 'appointments', 'clinic_settings', 'quick_replies'].map(table => ({
    ...{ why: `${table} tell when they were changed`, who: 'owner' as const },
    sql: `update public.${table} set updated_at = '2020-01-01'`,
    leaves: { [`select bool_and(updated_at = now()) from public.${table}`]: true },
  })),
  ...[
    "update public.audit_log set action = 'forged'",
    'delete from public.audit_log',
    'truncate public.audit_log',
    "update public.consents set locale = 'xx'",
    'delete from public.consents',
    'truncate public.consents',
    "update public.consent_texts set texts = '{}'",
    'delete from public.consent_texts where version = 1',
    'truncate public.consent_texts cascade',
  ].map(sql => ({
    why: 'the log and what was agreed to are append-only, for their owner too',
    who: 'owner' as const,
    sql,
    is: '42501',
  })),
]
