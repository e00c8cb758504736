/** Moving rooms along their states. */
import { person, room, thing } from '../../world/ids.ts'
import { type Case, type FunctionExpectation, no } from '../function-types.ts'
import { leftA, roomOfA, usedUp, visitOfA } from '../givens.ts'
import { events, toAll, toDesk } from '../shared.ts'

const ofRoom = (what: string) => `select ${what} from public.chat_rooms where id = '${room.a}'`

const inDaysOf = (what: string) => ofRoom(`round(extract(epoch from ${what} - now()) / 86400)::int`)

const over = roomOfA("reply_until = now() - interval '1 second'")

const isCompleted = visitOfA("status = 'completed'")

const roomStep = (who: Case['who'], from: string, status: string, is: string): Case =>
  no(who, `${from} to ${status}`, is, { status }, roomOfA(`status = '${from}'`))

export const ROOM_STATES: Record<string, FunctionExpectation> = {
  'public.set_room_status(uuid, text)': {
    security: 'definer',
    args: { room_id: room.a, status: 'closed' },
    by: {
      ok: 'doctor careTeam',
      '403 forbidden clinician': 'patient proxy',
      '403 forbidden clinician_or_system': 'admin grantedAdmin',
      '404 not_found': 'otherPatient otherDoctor former',
    },
    touches: 'room/a',
    tells: `room:a:1 message; room:a:1 room_changed; ${toAll}; ${toDesk}`,
    logs: 'a room_closed',
    leaves: {
      [ofRoom("status || ' ' || closed_reason")]: 'closed by_clinician',
      [ofRoom('closed_at is not null')]: true,
      [ofRoom('waiting_since')]: null,
      [inDaysOf('retain_until')]: 3650,
    },
    cases: [
      {
        why: 'keeps who closed it',
        who: 'doctor',
        leaves: { [ofRoom('closed_by')]: 'doctor', [events]: 'room_closed' },
      },
      {
        why: 'read-only',
        who: 'doctor',
        with: { status: 'read_only' },
        leaves: {
          [ofRoom('status')]: 'read_only',
          [ofRoom('waiting_since is not null')]: true,
          [ofRoom('closed_at')]: null,
          [ofRoom('retain_until')]: null,
          [events]: 'room_read_only',
        },
      },
      {
        why: 'read-only, its time being over',
        who: 'doctor',
        given: over,
        with: { status: 'read_only' },
        leaves: { [ofRoom('status')]: 'read_only' },
      },
      {
        why: 'open again',
        who: 'careTeam',
        given: roomOfA(
          `status = 'closed', closed_at = now(), closed_by = '${person.doctor}', closed_reason = 'by_clinician', reply_until = now()`,
        ),
        with: { status: 'open' },
        leaves: {
          [ofRoom("concat_ws(' ', status, closed_at, closed_by, closed_reason, reply_until)")]: 'open',
          [events]: 'room_reopened',
        },
      },
      {
        why: 'open again after the visit, for a time',
        who: 'doctor',
        given: `${roomOfA("status = 'read_only'")}; ${isCompleted}`,
        with: { status: 'open' },
        leaves: { [ofRoom('status')]: 'open', [inDaysOf('reply_until')]: 14 },
      },
      {
        why: 'open again when its time is over',
        who: 'doctor',
        given: `${over}; ${isCompleted}`,
        with: { status: 'open' },
        touches: 'room/a',
        leaves: { [inDaysOf('reply_until')]: 14 },
      },
      {
        why: 'archived',
        who: 'admin',
        given: roomOfA("status = 'closed', closed_reason = 'by_clinician'"),
        with: { status: 'archived' },
        logs: 'a room_archived',
        leaves: { [ofRoom("status || ' ' || closed_reason")]: 'archived by_clinician' },
      },
      {
        why: 'asked twice, done once',
        who: 'doctor',
        with: { status: 'open' },
        ...{ touches: '', tells: '', logs: '' },
      },
      {
        why: 'asked twice, done once',
        who: 'doctor',
        given: roomOfA("reply_until = now() + interval '1 hour'"),
        with: { status: 'open' },
        touches: '',
      },
      roomStep('doctor', 'closed', 'archived', '403 forbidden admin_or_system'),
      roomStep('admin', 'closed', 'open', '403 forbidden clinician'),
      no(
        'admin',
        'closed to open, its time being over',
        '403 forbidden clinician',
        { status: 'open' },
        roomOfA("status = 'closed', reply_until = now() - interval '1 second'"),
      ),
      roomStep('doctor', 'pending', 'open', '403 forbidden system'),
      roomStep('doctor', 'pending', 'closed', '403 forbidden system'),
      no(
        'doctor',
        'closed before the visit is confirmed',
        '403 forbidden system',
        {},
        `${roomOfA("status = 'pending'")}; ${visitOfA("status = 'requested'")}`,
      ),
      roomStep('doctor', 'pending', 'read_only', '409 transition_refused pending:read_only'),
      roomStep('doctor', 'archived', 'open', '409 transition_refused archived:open'),
      roomStep('doctor', 'archived', 'closed', '409 transition_refused archived:closed'),
      roomStep('admin', 'open', 'archived', '409 transition_refused open:archived'),
      roomStep('admin', 'read_only', 'archived', '409 transition_refused read_only:archived'),
      roomStep('admin', 'closed', 'read_only', '409 transition_refused closed:read_only'),
      no('doctor', 'archived long ago', '409 transition_refused archived:open', {
        room_id: room.aOld,
        status: 'open',
      }),
      no(
        'doctor',
        'open though cancelled',
        '409 transition_refused closed:open',
        { status: 'open' },
        `${roomOfA("status = 'closed'")}; ${visitOfA("status = 'cancelled'")}`,
      ),
      no('doctor', 'pending', '400 argument_invalid status', { status: 'pending' }),
      no('doctor', 'nothing', '400 argument_invalid status', { status: null }),
      no('doctor', 'another', '404 not_found', { room_id: room.b }),
      no('admin', 'none', '404 not_found', { room_id: thing.nothing }),
      no('doctor', 'removed', '404 not_found', {}, leftA('doctor')),
      no('doctor', 'too often', '429 rate_limited 1', {}, usedUp('doctor', 'change')),
    ],
  },
  'public.set_patient_may_reply(uuid, boolean)': {
    security: 'definer',
    args: { room_id: room.a, may_reply: false },
    by: {
      ok: 'doctor careTeam',
      '403 forbidden clinician': 'patient proxy',
      '404 not_found': 'otherPatient otherDoctor admin grantedAdmin former',
    },
    touches: 'room/a',
    tells: `room:a:1 message; room:a:1 room_changed; ${toAll}`,
    logs: 'a patient_reply_stopped',
    leaves: { [events]: 'patient_reply_stopped', [ofRoom('patient_may_reply')]: false },
    cases: [
      { why: 'again', who: 'doctor', with: { may_reply: true }, ...{ touches: '', tells: '', logs: '' } },
      {
        why: 'once more',
        who: 'doctor',
        given: roomOfA('patient_may_reply = false'),
        with: { may_reply: true },
        leaves: { [events]: 'patient_reply_allowed' },
      },
      no('doctor', 'neither', '400 argument_invalid may_reply', { may_reply: null }),
      no('doctor', 'archived', '409 transition_refused archived:open', { room_id: room.aOld }),
      no('doctor', 'another', '404 not_found', { room_id: room.b }),
      no('doctor', 'too often', '429 rate_limited 1', {}, usedUp('doctor', 'change')),
    ],
  },
}
