/** Who comes into a room and who is taken out of it. */
import { person, room, thing } from '../../world/ids.ts'
import { type FunctionExpectation, no } from '../function-types.ts'
import { leftA, suspendedNow, usedUp, whileWaitingForB } from '../givens.ts'
import { toAll } from '../shared.ts'

const OUTSIDE = 'otherPatient otherDoctor former'

const STAFF = 'doctor otherDoctor admin grantedAdmin former careTeam'

const roleOf = (who: keyof typeof person) =>
  `select role || ' ' || (left_at is null) from public.chat_participants where room_id = '${room.a}' and user_id = '${person[who]}'`

const add = { room_id: room.a, user_id: person.spareDoctor, role: 'care_team' }

const reason = 'The patient asked for it.'

export const PARTICIPANTS: Record<string, FunctionExpectation> = {
  'public.add_participant(uuid, uuid, text)': {
    security: 'definer',
    args: add,
    by: {
      ok: 'doctor admin grantedAdmin',
      '403 forbidden doctor_or_admin': 'patient proxy careTeam',
      '404 not_found': OUTSIDE,
    },
    touches: 'room/a',
    tells: `room:a:1 message; ${toAll}; user:spareDoctor room_changed`,
    logs: 'a participant_added',
    leaves: { [roleOf('spareDoctor')]: 'care_team true' },
    cases: [
      {
        why: 'somebody who writes for the patient',
        who: 'doctor',
        with: { user_id: person.sparePatient, role: 'proxy' },
        leaves: { [roleOf('sparePatient')]: 'proxy true' },
        answer: {
          '[*].id': ['patient', 'doctor', 'proxy', 'careTeam', 'former', 'suspended', 'sparePatient'],
        },
      },
      {
        why: 'somebody who was taken out comes back',
        who: 'doctor',
        with: { user_id: person.former },
        touches: 'room/a',
        leaves: { [roleOf('former')]: 'care_team true' },
      },
      {
        why: 'the patient comes back as the patient',
        who: 'doctor',
        with: { user_id: person.patient, role: 'proxy' },
        given: leftA('patient'),
        leaves: { [roleOf('patient')]: 'patient true' },
      },
      {
        why: 'comes back as what is said now',
        who: 'doctor',
        with: { user_id: person.former },
        given: `update public.chat_participants set role = 'proxy' where user_id = '${person.former}'`,
        leaves: { [roleOf('former')]: 'care_team true' },
      },
      {
        why: 'somebody who is there',
        who: 'doctor',
        with: { user_id: person.careTeam },
        ...{ touches: '', tells: '', logs: '' },
      },
      no('doctor', 'to another', '404 not_found', { room_id: room.b }),
      no('admin', 'to none', '404 not_found', { room_id: thing.nothing }),
      no('doctor', 'as doctor', '400 argument_invalid role', { role: 'doctor' }),
      no('doctor', 'a patient as colleague', '404 person_not_found', { user_id: person.sparePatient }),
      no('doctor', 'a colleague as proxy', '404 person_not_found', { role: 'proxy' }),
      no('doctor', 'somebody suspended', '404 person_not_found', {}, suspendedNow('spareDoctor')),
      no('doctor', 'nobody', '404 person_not_found', { user_id: thing.nothing }),
      no('doctor', 'too often', '429 rate_limited 1', {}, usedUp('doctor', 'change')),
      no('doctor', 'removed', '404 not_found', {}, leftA('doctor')),
    ],
  },
  'public.remove_participant(uuid, uuid, text)': {
    security: 'definer',
    args: { room_id: room.a, user_id: person.careTeam },
    by: {
      ok: 'doctor careTeam',
      '400 argument_invalid reason': 'admin grantedAdmin',
      '403 forbidden admin': 'patient proxy',
      '404 not_found': OUTSIDE,
    },
    touches: 'room/a',
    // They learn that it is over, and hear nothing of what follows: that goes to the next epoch.
    tells: `room:a:2 message; ${toAll}`,
    logs: 'a participant_removed',
    leaves: { [roleOf('careTeam')]: 'care_team false', [roleOf('proxy')]: 'proxy true' },
    cases: [
      {
        why: 'anybody, with a reason',
        who: 'admin',
        with: { reason, user_id: person.patient },
        touches: 'room/a',
        leaves: {
          [roleOf('patient')]: 'patient false',
          "select admin_id || ' ' || room_id || ' ' || user_id from public.admin_actions where action = 'participant_removed'":
            'admin a patient',
        },
      },
      { why: 'whoever writes for them', who: 'patient', with: { user_id: person.proxy }, touches: 'room/a' },
      { why: 'oneself', who: 'proxy', with: { user_id: person.proxy }, touches: 'room/a' },
      { why: 'a proxy', who: 'doctor', with: { user_id: person.proxy }, touches: 'room/a' },
      {
        why: 'somebody who has gone',
        who: 'doctor',
        with: { user_id: person.former },
        ...{ touches: '', tells: '', logs: '' },
        leaves: {
          [`select left_at < now() from public.chat_participants where user_id = '${person.former}'`]: true,
        },
      },
      no('doctor', 'the patient', '403 forbidden admin', { user_id: person.patient }),
      no('patient', 'the doctor', '403 forbidden admin', { user_id: person.doctor }),
      no('doctor', 'oneself', '403 forbidden admin', { user_id: person.doctor }),
      no('patient', 'oneself', '403 forbidden admin', { user_id: person.patient }),
      no('careTeam', 'a proxy', '403 forbidden admin', { user_id: person.proxy }),
      no('proxy', 'the patient', '403 forbidden admin', { user_id: person.patient }),
      no('doctor', 'somebody else', '404 person_not_found', { user_id: person.otherPatient }),
      no('admin', 'somebody else', '404 person_not_found', { user_id: person.otherPatient, reason }),
      no('doctor', 'from another', '404 not_found', { room_id: room.b }),
      no('admin', 'from none', '404 not_found', { room_id: thing.nothing, reason }),
      no('admin', 'without saying why', '400 argument_invalid reason', { reason: 'short' }),
      no('doctor', 'removed', '404 not_found', {}, leftA('doctor')),
      no(
        'otherDoctor',
        'removed while waiting for the room',
        '404 not_found',
        { room_id: room.b, user_id: person.sparePatient },
        `insert into public.chat_participants (room_id, user_id, role) values ('${room.b}', '${person.sparePatient}', 'proxy');
         ${whileWaitingForB(`update public.chat_participants set left_at = now() where room_id = '${room.b}' and user_id = '${person.otherDoctor}'`)}`,
      ),
    ],
  },
  'public.list_colleagues()': {
    security: 'definer',
    args: {},
    by: { ok: STAFF, '403 forbidden doctor_or_admin': 'patient otherPatient proxy' },
    answer: { '[*].id': ['careTeam', 'doctor', 'former', 'otherDoctor', 'spareDoctor'] },
  },
}
