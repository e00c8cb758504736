/** Finding appointments and conversations. */
import { appointment, person, room, thing } from '../../world/ids.ts'
import { type FunctionExpectation, inDays, no } from '../function-types.ts'
import { leftA, quietly, roomOfA, visitOfA } from '../givens.ts'
import { EVERYBODY } from '../shared.ts'

const inbox = { scope: 'inbox' }
/** In every room of the clinic, in a the longest. */
const everybodyWaits = quietly(
  `update public.chat_rooms set last_message_at = now(),
     waiting_since = now() - case when id = '${room.a}' then interval '2 hours' else interval '1 hour' end`,
)
const inRoomB = (who: keyof typeof person) =>
  quietly(
    `insert into public.chat_participants (room_id, user_id, role) values ('${room.b}', '${person[who]}', 'care_team')`,
  )

export const FINDING: Record<string, FunctionExpectation> = {
  'public.get_profile()': {
    security: 'definer',
    args: {},
    by: { ok: EVERYBODY },
    cases: [
      { why: 'is one’s own', who: 'otherDoctor', answer: { id: 'otherDoctor', role: 'doctor' } },
      { why: 'is one’s own', who: 'proxy', answer: { id: 'proxy', locale: 'en' } },
    ],
  },
  'public.list_appointments(text, timestamp with time zone, uuid, integer)': {
    security: 'definer',
    args: {},
    by: { ok: EVERYBODY },
    cases: [
      {
        why: 'those one is part of, soonest first',
        who: 'patient',
        answer: { 'appointments[*].id': ['a', 'aNew'], has_more: false, 'appointments[0].room.id': 'a' },
      },
      { why: 'those of the room', who: 'proxy', answer: { 'appointments[*].id': ['a'] } },
      {
        why: 'unread is what others wrote after the cursor',
        who: 'doctor',
        answer: { 'appointments[0].room.unread': 3 },
      },
      {
        why: 'unread is one’s own count',
        who: 'careTeam',
        answer: { 'appointments[*].id': ['a'], 'appointments[*].room.unread': [1] },
      },
      {
        why: 'unread counts no message of one’s own',
        who: 'patient',
        given: `update public.chat_participants set read_seq = 0 where user_id = '${person.patient}'`,
        answer: { 'appointments[0].room.unread': 2 },
      },
      { why: 'not those of others', who: 'otherPatient', answer: { 'appointments[*].id': ['b'] } },
      {
        why: 'all, for an administrator, with the state of their rooms and nothing of what was said',
        who: 'admin',
        answer: {
          'appointments[*].id': ['a', 'b', 'aNew'],
          'appointments[*].room.status': ['open', 'open', null],
          'appointments[*].room.last_seq': [0, 0, null],
          'appointments[*].room.last_message_at': [null, null, null],
          'appointments[*].room.unread': [0, 0, null],
          'appointments[2].room': null,
        },
      },
      {
        why: 'a granted one is no participant',
        who: 'grantedAdmin',
        answer: {
          'appointments[*].room.last_seq': [0, 0, null],
          'appointments[*].room.unread': [0, 0, null],
        },
      },
      { why: 'none, after being removed', who: 'former', answer: { 'appointments[*].id': [] } },
      {
        why: 'the room is gone for who was removed from it',
        who: 'patient',
        given: leftA('patient'),
        answer: { 'appointments[*].id': ['a', 'aNew'], 'appointments[*].room': [null, null] },
      },
      {
        why: 'the inbox: the conversations one is part of',
        who: 'doctor',
        with: inbox,
        given: everybodyWaits,
        answer: { 'appointments[*].id': ['a'], has_more: false },
      },
      {
        why: 'the inbox: none in which nothing was said',
        who: 'doctor',
        with: inbox,
        given: roomOfA('last_message_at = null, waiting_since = null'),
        answer: { 'appointments[*].id': [] },
      },
      {
        why: 'the inbox: none that is archived',
        who: 'doctor',
        with: inbox,
        given: `${everybodyWaits}; ${roomOfA("status = 'archived'")}`,
        answer: { 'appointments[*].id': [] },
      },
      {
        why: 'the inbox: none that one was removed from',
        who: 'former',
        with: inbox,
        given: everybodyWaits,
        answer: { 'appointments[*].id': [] },
      },
      {
        why: 'the inbox: for an administrator, where somebody waits',
        who: 'admin',
        with: inbox,
        given: roomOfA('last_message_at = now(), waiting_since = now()'),
        answer: { 'appointments[*].id': ['a'] },
      },
      {
        why: 'the inbox: goes on after a place',
        who: 'doctor',
        with: { ...inbox, after_starts_at: inDays(0), after_id: appointment.a },
        given: `${everybodyWaits}; ${inRoomB('doctor')}`,
        answer: { 'appointments[*].id': ['b'] },
      },
      {
        why: 'past ones',
        who: 'patient',
        with: { scope: 'past' },
        answer: { 'appointments[*].id': ['aOld'] },
      },
      {
        why: 'past ones of others',
        who: 'doctor',
        given: `${visitOfA(`patient_id = '${person.otherPatient}', doctor_id = '${person.otherDoctor}'`)}; ${leftA('doctor')}`,
        answer: { 'appointments[*].id': ['aNew'] },
      },
      {
        why: 'under way, however late',
        who: 'patient',
        given: visitOfA(
          "status = 'in_progress', starts_at = now() - interval '3 hours', ends_at = now() - interval '1 hour'",
        ),
        answer: { 'appointments[*].id': ['a', 'aNew'] },
      },
      {
        why: 'over without having been held',
        who: 'patient',
        given: visitOfA("starts_at = now() - interval '3 hours', ends_at = now() - interval '1 hour'"),
        with: { scope: 'past' },
        answer: { 'appointments[*].id': ['a', 'aOld'] },
      },
      {
        why: 'cancelled ones are past',
        who: 'patient',
        given: visitOfA("status = 'cancelled'"),
        with: { scope: 'past' },
        answer: { 'appointments[*].id': ['a', 'aOld'] },
      },
      {
        why: 'a page',
        who: 'patient',
        with: { page_size: 1 },
        answer: { 'appointments[*].id': ['a'], has_more: true },
      },
      {
        why: 'the page after',
        who: 'patient',
        with: { after_starts_at: inDays(5), after_id: thing.nothing },
        answer: { 'appointments[*].id': ['aNew'] },
      },
      no('patient', 'a scope that is none', '400 argument_invalid scope', { scope: 'x' }),
      no('patient', 'half a cursor', '400 argument_invalid after_id', { after_id: thing.nothing }),
      no('patient', 'a page too large', '400 argument_invalid page_size', { page_size: 101 }),
    ],
  },
  'public.get_appointment(uuid)': {
    security: 'definer',
    args: { appointment_id: appointment.a },
    by: {
      ok: 'patient doctor proxy careTeam admin grantedAdmin',
      '404 not_found': 'otherPatient otherDoctor former',
    },
    // It opens nothing, whoever looks.
    touches: '',
    logs: '',
    tells: '',
    answer: { id: 'a', 'room.id': 'a', 'room.status': 'open' },
    except: {
      admin: { answer: { role: null, chat: null, 'room.last_seq': 0, 'room.unread': 0 } },
      grantedAdmin: { answer: { role: null, chat: null, 'room.last_message_at': null, 'room.unread': 0 } },
    },
    cases: [
      {
        why: 'with one’s part in it, and the room as its people see it',
        who: 'patient',
        answer: {
          role: 'patient',
          'chat.id': 'a',
          'chat.participants[*].id': ['patient', 'doctor', 'proxy', 'careTeam', 'former', 'suspended'],
          'chat.reply_block': null,
        },
      },
      {
        why: 'of the room, what one may do oneself',
        who: 'careTeam',
        given: roomOfA("status = 'closed'"),
        answer: { role: 'care_team', 'chat.reply_block': 'room_closed', 'chat.next_step': 'reopen_room' },
      },
      {
        why: 'of the room, what one may do oneself',
        who: 'proxy',
        given: roomOfA("status = 'closed'"),
        answer: { role: 'proxy', 'chat.reply_block': 'room_closed', 'chat.next_step': 'call_clinic' },
      },
      {
        why: 'of that appointment',
        who: 'doctor',
        with: { appointment_id: appointment.aOld },
        answer: { id: 'aOld', role: 'doctor', 'chat.id': 'aOld' },
      },
      ...(['patient', 'doctor'] as const).map(who => ({
        ...{ why: 'before there is a room', who, with: { appointment_id: appointment.aNew } },
        answer: { id: 'aNew', role: who, room: null, chat: null },
      })),
      {
        why: 'before there is a room',
        who: 'admin',
        with: { appointment_id: appointment.aNew },
        answer: { id: 'aNew', role: null, room: null, chat: null },
      },
      ...(['patient', 'doctor'] as const).map(who => ({
        ...{ why: 'without the room, once taken out of it', who, given: leftA(who) },
        answer: { id: 'a', role: null, room: null, chat: null },
      })),
      no('proxy', 'once taken out', '404 not_found', {}, leftA('proxy')),
      ...(['careTeam', 'proxy', 'otherPatient', 'otherDoctor'] as const).map(who =>
        no(who, 'of another', '404 not_found', { appointment_id: appointment.aNew }),
      ),
      no('admin', 'of nothing', '404 not_found', { appointment_id: thing.nothing }),
    ],
  },
  'public.list_rooms(timestamp with time zone, uuid, integer)': {
    security: 'definer',
    args: {},
    by: { ok: EVERYBODY },
    cases: [
      {
        why: 'one’s own, latest first',
        who: 'patient',
        answer: { 'rooms[*].id': ['a', 'aOld'], has_more: false },
      },
      { why: 'one’s own', who: 'careTeam', answer: { 'rooms[*].id': ['a'], 'rooms[*].unread': [1] } },
      {
        why: 'a notice is unread, an event is not',
        who: 'proxy',
        given: `select private.append_message('${thing.fresh}', '${room.a}', null, 'system', 'Closed.', '{"type": "notice"}', null);
          select private.append_event('${room.a}', 'room_reopened', null)`,
        answer: { 'rooms[*].unread': [2] },
      },
      { why: 'not those of others', who: 'otherDoctor', answer: { 'rooms[*].id': ['b', 'bOld'] } },
      { why: 'none for an administrator', who: 'grantedAdmin', answer: { 'rooms[*].id': [] } },
      { why: 'none after being removed', who: 'former', answer: { 'rooms[*].id': [] } },
      {
        why: 'muted is one’s own, and of that room',
        who: 'doctor',
        given: `insert into public.chat_personal_state (room_id, user_id, muted_until) values
          ('${room.a}', '${person.proxy}', now() + interval '1 day'), ('${room.aOld}', '${person.doctor}', now() + interval '1 day')`,
        answer: { 'rooms[0].muted_until': null },
      },
      {
        why: 'a page',
        who: 'patient',
        with: { page_size: 1 },
        answer: { 'rooms[*].id': ['a'], has_more: true },
      },
      {
        why: 'the page after',
        who: 'patient',
        with: { before_message_at: inDays(-1), before_id: thing.nothing },
        answer: { 'rooms[*].id': ['aOld'] },
      },
      {
        why: 'the page after a room without a message',
        who: 'patient',
        with: { before_id: thing.nothing },
        answer: { 'rooms[*].id': [] },
      },
      no('patient', 'half a cursor', '400 argument_invalid before_id', { before_message_at: inDays(0) }),
      no('patient', 'a page too large', '400 argument_invalid page_size', { page_size: 0 }),
    ],
  },
}
