/** Moving appointments along their states. */
import { appointment, room, thing } from '../../world/ids.ts'
import { type Case, type FunctionExpectation, no } from '../function-types.ts'
import { roomOfA, usedUp, visitOfA } from '../givens.ts'
import { events, toAll, toDesk } from '../shared.ts'

const visitChanged = toAll.replaceAll('room_changed', 'appointment_changed')

const ofRoom = (what: string) => `select ${what} from public.chat_rooms where id = '${room.a}'`

const inDaysOf = (what: string) => ofRoom(`round(extract(epoch from ${what} - now()) / 86400)::int`)

const isStarted = "status = 'in_progress', starts_at = now() - interval '1 minute'"

const step = (who: Case['who'], from: string, status: string, is: string): Case =>
  no(
    who,
    `${from} to ${status}`,
    is,
    { status },
    visitOfA(`status = '${from}', starts_at = now() - interval '1 minute'`),
  )

export const APPOINTMENTS: Record<string, FunctionExpectation> = {
  'public.set_appointment_status(uuid, text, text)': {
    security: 'definer',
    args: { appointment_id: appointment.a, status: 'cancelled', reason: 'I am travelling.' },
    by: {
      ok: 'patient doctor proxy admin grantedAdmin',
      '403 forbidden patient_or_doctor_or_admin': 'careTeam',
      '404 not_found': 'otherPatient otherDoctor former',
    },
    touches: 'appointment/a room/a',
    tells: `room:a:1 message; room:a:1 room_changed; ${toAll}; ${visitChanged}; ${toDesk}`,
    logs: 'a appointment_cancelled',
    leaves: {
      [ofRoom("status || ' ' || closed_reason")]: 'closed appointment_cancelled',
      [ofRoom('waiting_since')]: null,
      [ofRoom('closed_at is not null')]: true,
      [inDaysOf('retain_until')]: 3650,
      [events]: 'appointment_cancelled',
      [`select status_reason from public.appointments where id = '${appointment.a}'`]: 'I am travelling.',
    },
    cases: [
      {
        why: 'in_progress',
        who: 'doctor',
        with: { status: 'in_progress' },
        leaves: {
          [events]: 'appointment_started',
          [ofRoom('status')]: 'open',
          [ofRoom('waiting_since is not null')]: true,
          [ofRoom('retain_until')]: null,
          [ofRoom('closed_reason')]: null,
        },
      },
      {
        why: 'completed',
        who: 'doctor',
        given: visitOfA(isStarted),
        with: { status: 'completed' },
        leaves: {
          [events]: 'appointment_completed',
          [ofRoom('status')]: 'open',
          [inDaysOf('reply_until')]: 14,
          [inDaysOf('retain_until')]: 3650,
        },
      },
      {
        why: 'missed',
        who: 'doctor',
        given: visitOfA(isStarted),
        with: { status: 'no_show' },
        leaves: {
          [events]: 'appointment_missed',
          [ofRoom("status || ' ' || closed_reason")]: 'closed appointment_missed',
        },
      },
      {
        why: 'missed',
        who: 'admin',
        given: visitOfA("starts_at = now() - interval '1 minute'"),
        with: { status: 'no_show' },
        logs: 'a appointment_no_show',
      },
      {
        why: 'under way, given up',
        who: 'doctor',
        given: visitOfA(isStarted),
        touches: 'appointment/a room/a',
      },
      {
        why: 'what a clinician stopped stays so',
        who: 'doctor',
        given: roomOfA("status = 'read_only'"),
        with: { status: 'in_progress' },
        leaves: { [ofRoom('status')]: 'read_only' },
      },
      {
        why: 'what is archived stays so',
        who: 'admin',
        given: roomOfA("status = 'archived'"),
        leaves: { [ofRoom('status')]: 'archived' },
      },
      {
        why: 'confirming makes the room',
        who: 'doctor',
        with: { appointment_id: appointment.aNew, status: 'confirmed' },
        touches: 'appointment/aNew room/?',
        logs: '? appointment_confirmed; ? room_made',
      },
      {
        why: 'confirming opens the room',
        who: 'admin',
        given: `${visitOfA("status = 'requested'")}; ${roomOfA("status = 'pending'")}`,
        with: { status: 'confirmed' },
        leaves: { [ofRoom('status')]: 'open', [events]: 'appointment_confirmed' },
      },
      {
        why: 'without a room makes none',
        who: 'patient',
        with: { appointment_id: appointment.aNew },
        touches: 'appointment/aNew clinic',
        logs: 'clinic appointment_cancelled',
        tells: 'user:patient appointment_changed; user:doctor appointment_changed',
      },
      {
        why: 'asked twice, done once',
        who: 'doctor',
        with: { status: 'confirmed' },
        ...{ touches: '', tells: '', logs: '' },
      },
      step('patient', 'confirmed', 'in_progress', '403 forbidden doctor'),
      step('admin', 'confirmed', 'in_progress', '403 forbidden doctor'),
      step('proxy', 'confirmed', 'no_show', '403 forbidden doctor_or_admin'),
      step('patient', 'in_progress', 'cancelled', '403 forbidden doctor_or_admin'),
      step('patient', 'requested', 'confirmed', '403 forbidden doctor_or_admin'),
      step('admin', 'in_progress', 'completed', '403 forbidden doctor'),
      ...(
        [
          ['requested', 'in_progress'],
          ['requested', 'completed'],
          ['requested', 'no_show'],
          ['confirmed', 'completed'],
          ['in_progress', 'confirmed'],
          ['completed', 'confirmed'],
          ['completed', 'cancelled'],
          ['cancelled', 'confirmed'],
          ['no_show', 'in_progress'],
        ] as const
      ).map(([from, to]) => step('doctor', from, to, `409 transition_refused ${from}:${to}`)),
      no('doctor', 'missed before it began', '409 too_early', { status: 'no_show' }),
      no('doctor', 'requested', '400 argument_invalid status', { status: 'requested' }),
      no('doctor', 'nothing', '400 argument_invalid status', { status: null }),
      no('doctor', 'too long a reason', '400 argument_invalid reason', { reason: 'x'.repeat(501) }),
      no('patient', 'of another', '404 not_found', { appointment_id: appointment.b }),
      no('otherPatient', 'of a room that is not there', '404 not_found', {
        appointment_id: appointment.aNew,
      }),
      no('admin', 'of nothing', '404 not_found', { appointment_id: thing.nothing }),
      no('patient', 'too often', '429 rate_limited 1', {}, usedUp('patient', 'change')),
    ],
  },
}
