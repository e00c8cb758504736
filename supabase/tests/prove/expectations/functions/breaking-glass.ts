/** Looking into a room under a grant, and into its state without one. */
import { appointment, room, thing } from '../../world/ids.ts'
import { type FunctionExpectation, no } from '../function-types.ts'
import { usedUp } from '../givens.ts'
import { ADMINS_ONLY, events, toAll } from '../shared.ts'

const reason = 'The patient has complained.'

const isLive = `select ended_at is null from public.access_grants where id = '${thing.grantLive}'`

const grantedFor = (id: string) =>
  `select extract(epoch from granted_until - now())::int / 60 from public.chat_rooms where id = '${id}'`

export const BREAKING_GLASS: Record<string, FunctionExpectation> = {
  'public.start_access(uuid, text, integer)': {
    security: 'definer',
    args: { room_id: room.a, reason },
    by: ADMINS_ONLY,
    touches: 'room/a',
    tells: `room:a:1 message; ${toAll}`,
    cases: [
      {
        why: 'is told and written down, and leaves other grants',
        who: 'admin',
        answer: { admin_id: 'admin', room_id: 'a', ended_at: null },
        logs: 'a access_started',
        leaves: {
          [isLive]: true,
          [events]: 'access_started',
          // The sooner of the two ends.
          [grantedFor(room.a)]: 15,
          [`select ended_at < now() - interval '1 day' from public.access_grants where id = '${thing.grantEnded}'`]: true,
        },
      },
      {
        why: 'again is an extension, from now on',
        who: 'grantedAdmin',
        with: { minutes: 5 },
        logs: 'a access_extended',
        leaves: { [isLive]: false, [events]: 'access_extended', [grantedFor(room.a)]: 5 },
      },
      {
        why: 'ends one that has run out',
        who: 'grantedAdmin',
        with: { room_id: room.b, minutes: 2 },
        touches: 'room/b',
        logs: 'b access_expired; b access_started',
        leaves: { [grantedFor(room.b)]: 2 },
      },
      {
        why: 'is as long as was asked',
        who: 'admin',
        with: { room_id: room.aOld, minutes: 60 },
        leaves: { [grantedFor(room.aOld)]: 60 },
      },
      no('admin', 'without saying why', '400 argument_invalid reason', { reason: 'short' }),
      no('admin', 'saying nothing', '400 argument_invalid reason', { reason: null }),
      no('admin', 'too long a reason', '400 argument_invalid reason', { reason: 'x'.repeat(501) }),
      no('admin', 'for no time', '400 argument_invalid minutes', { minutes: 0 }),
      no('admin', 'for too long', '400 argument_invalid minutes', { minutes: 61 }),
      no('admin', 'to nothing', '404 not_found', { room_id: thing.nothing }),
      no('admin', 'too often', '429 rate_limited 1', {}, usedUp('admin', 'change')),
    ],
  },
  'public.end_access(uuid)': {
    security: 'definer',
    args: { grant_id: thing.grantLive },
    by: ADMINS_ONLY,
    touches: 'room/a',
    tells: `room:a:2 message; ${toAll}`,
    logs: 'a access_ended',
    answer: { id: 'grantLive' },
    leaves: { [isLive]: false, [events]: 'access_ended', [grantedFor(room.a)]: null },
    cases: [
      {
        why: 'one that has ended',
        who: 'admin',
        with: { grant_id: thing.grantEnded },
        ...{ touches: '', tells: '', logs: '' },
      },
      {
        why: 'one that has run out ended by itself',
        who: 'admin',
        with: { grant_id: thing.grantLapsedB },
        touches: 'room/b',
        logs: 'b access_expired',
      },
      {
        ...no('admin', 'of nothing', '404 not_found', { grant_id: thing.nothing }),
        hint: 'Load the list of grants again.',
      },
    ],
  },
  'public.inspect_room(uuid)': {
    security: 'definer',
    args: { appointment_id: appointment.a },
    by: ADMINS_ONLY,
    touches: 'room/a',
    logs: 'a room_inspected',
    tells: '',
    answer: {
      'room.id': 'a',
      'appointment.id': 'a',
      legal_hold: null,
      // That there is one, and how it stands: what was said is for a grant.
      'appointment.room.status': 'open',
      'appointment.room.last_seq': 0,
      'appointment.room.last_message_at': null,
      'appointment.room.unread': 0,
    },
    cases: [
      { why: 'with one’s own grant', who: 'grantedAdmin', answer: { 'grant.id': 'grantLive' } },
      { why: 'with nobody else’s', who: 'admin', answer: { grant: null } },
      {
        why: 'with no grant that has run out',
        who: 'grantedAdmin',
        with: { appointment_id: appointment.b },
        answer: { grant: null, 'room.id': 'b', 'legal_hold.held_by': 'admin' },
      },
      {
        why: 'with no grant that was ended',
        who: 'grantedAdmin',
        given: 'update public.access_grants set ended_at = now() where ended_at is null',
        answer: { grant: null },
      },
      no('admin', 'without a room', '404 not_found', { appointment_id: appointment.aNew }),
    ],
  },
}
