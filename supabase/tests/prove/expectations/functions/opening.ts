/** Opening a conversation, and why one may not write in it. */
import { appointment, person, room, thing } from '../../world/ids.ts'
import { type Case, type FunctionExpectation, no } from '../function-types.ts'
import { leftA, newConsent, quietly, roomOfA, usedUp, visitOfA } from '../givens.ts'
import { PARTICIPANTS_ONLY } from '../shared.ts'

/** A room that is opened late is born as its appointment has left it. */
function bornOf(
  visit: string,
  ends: string,
  status: string,
  replyDays: number | null,
  reason: string | null,
): Case[] {
  const born = (what: string) =>
    `select ${what} from public.chat_rooms where appointment_id = '${appointment.aNew}'`
  const isOver = visit !== 'in_progress'
  return [
    {
      why: `makes the room of a visit that is ${visit}`,
      who: 'patient',
      with: { appointment_id: appointment.aNew },
      given:
        quietly(`update public.appointments set status = '${visit}', starts_at = now() - interval '90 days',
        ends_at = now() + interval '${ends}' where id = '${appointment.aNew}'`),
      leaves: {
        [born('status')]: status,
        [born('closed_reason')]: reason,
        [born('closed_at is not null')]: status === 'closed',
        [born('retain_until is not null')]: isOver,
        [born('floor(extract(epoch from reply_until - now()) / 86400)::int')]: replyDays,
      },
    },
  ]
}

export const OPENING: Record<string, FunctionExpectation> = {
  'public.open_room(uuid)': {
    security: 'definer',
    args: { appointment_id: appointment.a },
    by: PARTICIPANTS_ONLY,
    touches: 'room/a',
    logs: 'a room_opened',
    tells: '',
    // The log is whole afterwards: each chain has its own head.
    leaves: { 'select count(*)::int from private.verify_audit_log()': 0 },
    cases: [
      {
        why: 'shows who takes part, who is away, and one’s own draft',
        who: 'patient',
        answer: {
          'room.id': 'a',
          'room.participants[*].id': ['patient', 'doctor', 'proxy', 'careTeam', 'former', 'suspended'],
          'room.away[*].user_id': ['doctor'],
          'room.reply_block': null,
          'draft.body': 'half a thought',
          'appointment.id': 'a',
        },
      },
      {
        why: 'nobody is away before or after',
        who: 'patient',
        given: "update public.out_of_office set starts_at = now() + interval '1 hour'",
        answer: { 'room.away': [] },
      },
      {
        why: 'nobody is away any more',
        who: 'patient',
        given: "update public.out_of_office set back_at = now() - interval '1 hour'",
        answer: { 'room.away': [] },
      },
      { why: 'shows nobody else’s draft', who: 'doctor', answer: { draft: null, me: 'doctor' } },
      {
        why: 'is the room of that appointment',
        who: 'patient',
        with: { appointment_id: appointment.aOld },
        answer: {
          'room.id': 'aOld',
          'appointment.id': 'aOld',
          'room.reply_block': 'room_archived',
          'room.next_step': 'call_clinic',
        },
        touches: 'room/aOld',
      },
      {
        why: 'again within an hour is the same visit',
        who: 'patient',
        given: "update public.chat_personal_state set opened_at = now() - interval '10 minutes'",
        touches: '',
        logs: '',
      },
      {
        why: 'a first visit',
        who: 'patient',
        given: 'update public.chat_personal_state set opened_at = null',
        logs: 'a room_opened',
      },
      {
        why: 'another’s visit is no visit of one’s own',
        who: 'careTeam',
        given: 'update public.chat_personal_state set opened_at = now()',
        logs: 'a room_opened',
      },
      {
        why: 'makes the room',
        who: 'patient',
        with: { appointment_id: appointment.aNew },
        touches: 'room/?',
        logs: '? room_made; ? room_opened',
        answer: {
          'room.status': 'pending',
          'room.reply_block': 'appointment_not_confirmed',
          'room.participants[*].id': ['patient', 'doctor'],
        },
      },
      {
        why: 'makes the room',
        who: 'doctor',
        with: { appointment_id: appointment.aNew },
        touches: 'room/?',
        answer: { 'room.next_step': 'confirm_appointment' },
      },
      ...bornOf('completed', '-1 day', 'open', 13, null),
      ...bornOf('completed', '-30 days', 'read_only', -16, null),
      ...bornOf('cancelled', '1 day', 'closed', null, 'appointment_cancelled'),
      ...bornOf('no_show', '-1 day', 'closed', null, 'appointment_missed'),
      ...bornOf('in_progress', '-30 days', 'open', null, null),
      ...(['otherPatient', 'otherDoctor', 'admin', 'grantedAdmin', 'careTeam', 'proxy'] as const).map(
        who => ({
          ...{
            why: 'does not make it',
            who,
            with: { appointment_id: appointment.aNew },
            is: '404 not_found',
          },
        }),
      ),
      no('patient', 'of another', '404 not_found', { appointment_id: appointment.b }),
      no('patient', 'of nothing', '404 not_found', { appointment_id: thing.nothing }),
      no('patient', 'removed', '404 not_found', {}, leftA('patient')),
      no('patient', 'too often', '429 rate_limited 1', {}, usedUp('patient', 'join')),
    ],
  },
  'public.can_reply(uuid)': {
    security: 'definer',
    args: { room_id: room.a },
    by: PARTICIPANTS_ONLY,
    cases: [
      {
        why: 'yes',
        who: 'patient',
        answer: { may_reply: true, block: null, next_step: null, phone: '+34 900 000 000' },
      },
      {
        why: 'of that room',
        who: 'patient',
        with: { room_id: room.aOld },
        answer: { may_reply: false, block: 'room_archived', next_step: 'call_clinic' },
      },
      ...(
        [
          ['locked_at = now()', '', 'room_locked', 'call_clinic', 'call_clinic', 'call_clinic'],
          ["status = 'closed'", '', 'room_closed', 'call_clinic', 'reopen_room', 'reopen_room'],
          [
            "status = 'pending'",
            '',
            'appointment_not_confirmed',
            'wait_for_confirmation',
            'confirm_appointment',
            'wait_for_confirmation',
          ],
          ["status = 'read_only'", '', 'room_closed', 'call_clinic', 'reopen_room', 'reopen_room'],
          [
            "reply_until = now() - interval '1 second'",
            '',
            'reply_window_over',
            'book_appointment',
            'reopen_room',
            'reopen_room',
          ],
          [
            "status = 'closed'",
            'cancelled',
            'appointment_cancelled',
            'book_appointment',
            'book_appointment',
            'book_appointment',
          ],
          [
            "status = 'closed'",
            'no_show',
            'appointment_missed',
            'book_appointment',
            'book_appointment',
            'book_appointment',
          ],
        ] as const
      ).flatMap(([set, visit, block, ...steps]) =>
        (['patient', 'doctor', 'careTeam'] as const).map((who, place) => ({
          why: block,
          who,
          given: roomOfA(set).concat(visit ? `; ${visitOfA(`status = '${visit}'`)}` : ''),
          answer: { may_reply: false, block, next_step: steps[place] },
        })),
      ),
      {
        why: 'consent that others have given',
        who: 'patient',
        given: `${newConsent({ en: 'X' })}; insert into public.consents values ('${person.otherPatient}', 3, 'en')`,
        answer: { may_reply: false, block: 'consent_missing', next_step: 'accept_consent' },
      },
      {
        why: 'the patient’s side may not',
        who: 'patient',
        given: roomOfA('patient_may_reply = false'),
        answer: { block: 'patient_may_not_reply', next_step: 'call_clinic' },
      },
      {
        why: 'the patient’s side may not',
        who: 'proxy',
        given: roomOfA('patient_may_reply = false'),
        answer: { block: 'patient_may_not_reply' },
      },
      {
        why: 'clinicians may all the same',
        who: 'careTeam',
        given: roomOfA('patient_may_reply = false'),
        answer: { block: null },
      },
      no('patient', 'of another', '404 not_found', { room_id: room.b }),
    ],
  },
}
