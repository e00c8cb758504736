/** Locking a room, notices, suspending somebody. */
import { person, room, thing } from '../../world/ids.ts'
import { type FunctionExpectation, no } from '../function-types.ts'
import { roomOfA, usedUp } from '../givens.ts'
import { ADMINS_ONLY, events, toAll } from '../shared.ts'

const reason = 'The patient has complained.'

const isLive = `select ended_at is null from public.access_grants where id = '${thing.grantLive}'`

const lock = {
  security: 'definer',
  args: { room_id: room.a, reason },
  by: ADMINS_ONLY,
  touches: 'room/a',
  tells: `room:a:1 message; room:a:1 room_changed; ${toAll}`,
} as const

const refusals = [
  no('admin', 'without saying why', '400 argument_invalid reason', { reason: 'short' }),
  no('admin', 'nothing', '404 not_found', { room_id: thing.nothing }),
]

const lockedBy = `select locked_by from public.chat_rooms where id = '${room.a}'`

const asked = `select string_agg(admin_id || ' ' || coalesce(room_id, user_id), ' ') from public.admin_actions where reason = '${reason}'`

export const EMERGENCIES: Record<string, FunctionExpectation> = {
  'public.lock_room(uuid, text)': {
    ...lock,
    logs: 'a room_locked',
    cases: [
      {
        why: 'is kept with its reason',
        who: 'admin',
        leaves: {
          [`select locked_at = now() from public.chat_rooms where id = '${room.a}'`]: true,
          [lockedBy]: 'admin',
          [asked]: 'admin a',
          [events]: 'room_locked',
        },
      },
      {
        why: 'again',
        who: 'admin',
        given: roomOfA('locked_at = now()'),
        ...{ touches: '', tells: '', logs: '' },
      },
      no(
        'admin',
        'again, without saying why',
        '400 argument_invalid reason',
        { reason: 'short' },
        roomOfA('locked_at = now()'),
      ),
      ...refusals,
    ],
  },
  'public.unlock_room(uuid, text)': {
    ...lock,
    given: roomOfA(`locked_at = now(), locked_by = '${person.admin}'`),
    logs: 'a room_unlocked',
    cases: [
      {
        why: 'is kept with its reason',
        who: 'admin',
        leaves: { [lockedBy]: null, [asked]: 'admin a', [events]: 'room_unlocked' },
      },
      {
        why: 'again',
        who: 'admin',
        given: roomOfA('locked_at = null'),
        ...{ touches: '', tells: '', logs: '' },
      },
      ...refusals,
    ],
  },
  'public.post_notice(uuid, text)': {
    security: 'definer',
    args: { room_id: room.a, body: 'We are closed tomorrow.' },
    by: ADMINS_ONLY,
    touches: 'room/a',
    tells: `room:a:1 message; ${toAll}`,
    logs: 'a message_streamed; a notice_posted',
    cases: [
      {
        why: 'is nobody’s message, and answers nobody who waits',
        who: 'admin',
        answer: { kind: 'system', sender_id: null, 'event.actor_id': 'admin' },
        leaves: { [`select waiting_since is not null from public.chat_rooms where id = '${room.a}'`]: true },
      },
      { why: 'into a locked room', who: 'admin', given: roomOfA('locked_at = now()'), touches: 'room/a' },
      no('admin', 'into an archived one', '403 reply_blocked room_archived', { room_id: room.aOld }),
      no('admin', 'of nothing', '400 argument_invalid body', { body: ' ' }),
      no('admin', 'too long', '400 argument_invalid body', { body: 'x'.repeat(4001) }),
      no('admin', 'into nothing', '404 not_found', { room_id: thing.nothing }),
      no('admin', 'too often', '429 rate_limited 1', {}, usedUp('admin', 'send')),
    ],
  },
  'public.suspend_user(uuid, text)': {
    security: 'definer',
    args: { user_id: person.careTeam, reason },
    by: ADMINS_ONLY,
    touches: 'clinic person/careTeam room/a',
    // Those who stay learn the new epoch; whoever is suspended learns nothing.
    tells: 'user:patient room_changed; user:doctor room_changed; user:proxy room_changed',
    logs: 'clinic user_suspended',
    leaves: { [isLive]: true, [`select epoch from public.chat_rooms where id = '${room.a}'`]: 2 },
    cases: [
      { why: 'is kept with its reason', who: 'admin', leaves: { [asked]: 'admin careTeam' } },
      {
        why: 'their grants end',
        who: 'admin',
        with: { user_id: person.grantedAdmin },
        // And those that had run out, one of which was for b.
        touches: 'clinic person/grantedAdmin room/a room/b',
        leaves: { [isLive]: false, [`select epoch from public.chat_rooms where id = '${room.a}'`]: 2 },
      },
      {
        why: 'what they are not part of any more goes on',
        who: 'admin',
        with: { user_id: person.former },
        ...{ touches: 'clinic person/former', tells: '' },
      },
      {
        why: 'grants that have ended are over',
        who: 'grantedAdmin',
        with: { user_id: person.admin },
        ...{ touches: 'clinic person/admin', tells: '' },
      },
      {
        why: 'again',
        who: 'admin',
        with: { user_id: person.suspended },
        ...{ tells: '', logs: '' },
        leaves: {
          [`select suspended_at < now() - interval '1 hour' from public.profiles where id = '${person.suspended}'`]: true,
        },
      },
      no('admin', 'oneself', '409 not_oneself', { user_id: person.admin }),
      no('admin', 'nobody', '404 person_not_found', { user_id: thing.nothing }),
      no('admin', 'without saying why', '400 argument_invalid reason', { reason: 'short' }),
    ],
  },
  'public.reinstate_user(uuid, text)': {
    security: 'definer',
    args: { user_id: person.suspended, reason },
    by: ADMINS_ONLY,
    touches: 'clinic person/suspended',
    tells: '',
    logs: 'clinic user_reinstated',
    leaves: { 'select count(*)::int from public.profiles where suspended_at is not null': 0 },
    cases: [
      no('admin', 'oneself', '409 not_oneself', { user_id: person.admin }),
      no('admin', 'nobody', '404 person_not_found', { user_id: thing.nothing }),
      no('admin', 'without saying why', '400 argument_invalid reason', { reason: 'short' }),
    ],
  },
}
