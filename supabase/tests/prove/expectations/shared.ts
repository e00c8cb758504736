/** Groups of personas, and what is told to whom, that many functions share. */
import { person, room, thing } from '../world/ids.ts'
import type { Case } from './function-types.ts'

export const EVERYBODY = 'patient otherPatient doctor otherDoctor admin grantedAdmin former proxy careTeam'
const IN_A = 'patient doctor proxy careTeam'
const NOT_IN_A = 'otherPatient otherDoctor admin grantedAdmin former'
export const PARTICIPANTS_ONLY = { ok: IN_A, '404 not_found': NOT_IN_A }

const ADMINS = 'admin grantedAdmin'
const NOT_ADMINS = 'patient otherPatient doctor otherDoctor former proxy careTeam'
export const ADMINS_ONLY = { ok: ADMINS, '403 forbidden admin': NOT_ADMINS }

/** To everybody's own topic, of those who are there. */
export const toAll =
  'user:patient room_changed; user:doctor room_changed; user:proxy room_changed; user:careTeam room_changed'

/** Of a room that has another state, or in which somebody began or ceased to wait. */
export const toDesk = 'user:admin appointment_changed; user:grantedAdmin appointment_changed'

/** The kinds of what was told in rooms just now. */
export const events = `select string_agg(event ->> 'type', ' ' order by seq) from public.chat_messages where created_at >= now()`

export const READERS = {
  ok: 'patient doctor proxy careTeam grantedAdmin',
  '404 not_found': 'otherPatient otherDoctor admin former',
}

/** A grant that does not hold lets nobody read. */
const withoutGrant = (why: string, given: string): Case[] => [
  { why, who: 'grantedAdmin', given, is: '404 not_found' },
]
export const GRANTS: Case[] = [
  ...withoutGrant(
    'the grant has run out',
    "update public.access_grants set starts_at = now() - interval '2 hours', expires_at = now() - interval '1 hour' where ended_at is null",
  ),
  ...withoutGrant('the grant was ended', 'update public.access_grants set ended_at = now()'),
  ...withoutGrant(
    'the grant is another administrator’s',
    `update public.access_grants set admin_id = '${person.admin}'`,
  ),
  ...withoutGrant(
    'the grant is for another room',
    `update public.access_grants set room_id = '${room.aOld}' where id = '${thing.grantLive}'`,
  ),
  ...withoutGrant(
    'is no administrator any more',
    `update public.profiles set role = 'doctor' where id = '${person.grantedAdmin}'`,
  ),
]
