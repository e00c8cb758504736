/** What everybody keeps for themselves in a conversation. */
import { person, room, said, thing } from '../../world/ids.ts'
import { type FunctionExpectation, inDays, no } from '../function-types.ts'
import { PARTICIPANTS_ONLY } from '../shared.ts'

/** What was written down of cursors just now. */
const newMoves = `select string_agg(concat_ws(' ', room_id, user_id, delivered_from || '-' || delivered_seq, read_from || '-' || read_seq), ', ')
  from private.cursor_moves where at >= now()`

export const KEEPING: Record<string, FunctionExpectation> = {
  'public.mark_read(uuid, bigint, bigint)': {
    security: 'definer',
    args: { room_id: room.a, read_seq: 3 },
    by: PARTICIPANTS_ONLY,
    tells: '',
    cases: [
      {
        why: 'moves one’s own cursor',
        who: 'doctor',
        with: { read_seq: 7 },
        answer: { read_seq: 7, delivered_seq: 7 },
        touches: 'room/a',
        tells: 'room:a:1 receipt; user:doctor room_changed',
        leaves: {
          [`select string_agg(read_seq::text, ' ' order by joined_at) from public.chat_participants where room_id = '${room.a}'`]:
            '7 7 6 6 2 2',
          [newMoves]: 'a doctor 4-7 4-7',
        },
      },
      {
        why: 'delivered only',
        who: 'doctor',
        with: { read_seq: null, delivered_seq: 6 },
        answer: { read_seq: 4, delivered_seq: 6 },
        tells: 'room:a:1 receipt',
        leaves: { [newMoves]: 'a doctor 4-6 4-4' },
      },
      {
        why: 'not past the last',
        who: 'doctor',
        with: { read_seq: 99 },
        answer: { read_seq: 7, delivered_seq: 7 },
      },
      {
        why: 'of that room',
        who: 'patient',
        with: { room_id: room.aOld, read_seq: 7 },
        answer: { read_seq: 1 },
        touches: '',
        leaves: { [newMoves]: null },
      },
      {
        why: 'what is erased nobody reads any more',
        who: 'patient',
        with: { room_id: room.aOld, read_seq: 1 },
        given: `update public.chat_participants set read_seq = 0 where room_id = '${room.aOld}'`,
        touches: 'room/aOld',
        tells: 'room:aOld:1 receipt; user:patient room_changed',
        leaves: { [newMoves]: null },
      },
      {
        why: 'a grant that has run out ends with it',
        who: 'otherPatient',
        with: { room_id: room.b, read_seq: 3 },
        tells:
          'room:b:2 message; room:b:2 receipt; user:otherDoctor room_changed; user:otherPatient room_changed',
        logs: 'b access_expired',
      },
      no('patient', 'of another', '404 not_found', { room_id: room.b }),
      no('patient', 'nothing to mark', '400 argument_invalid read_seq', { read_seq: null }),
      no('patient', 'below nought', '400 argument_invalid read_seq', { read_seq: -1 }),
      no('patient', 'below nought', '400 argument_invalid read_seq', { read_seq: null, delivered_seq: -1 }),
    ],
  },
  'public.save_draft(uuid, text, uuid)': {
    security: 'definer',
    args: { room_id: room.a, body: 'a thought' },
    by: PARTICIPANTS_ONLY,
    touches: 'room/a',
    tells: '',
    cases: [
      {
        why: 'is one’s own',
        who: 'doctor',
        leaves: {
          "select string_agg(draft_body, ', ' order by draft_body) from public.chat_personal_state":
            'a thought, another thought, half a thought, what I never sent',
        },
      },
      {
        why: 'with what it answers',
        who: 'patient',
        with: { reply_to: said.first },
        leaves: {
          [`select draft_reply_to from public.chat_personal_state where user_id = '${person.patient}'`]:
            'first',
          [`select draft_saved_at is not null from public.chat_personal_state where user_id = '${person.patient}'`]: true,
        },
      },
      {
        why: 'is removed',
        who: 'patient',
        with: { body: '', reply_to: thing.nothing },
        leaves: {
          [`select count(*)::int from public.chat_personal_state where user_id = '${person.patient}' and (draft_body is not null or draft_reply_to is not null or draft_saved_at is not null)`]: 0,
        },
      },
      {
        why: 'is removed where nothing can be written any more',
        who: 'patient',
        with: { room_id: room.aOld, body: '' },
        touches: 'room/aOld',
      },
      no('patient', 'where nothing can be written any more', '403 reply_blocked room_archived', {
        room_id: room.aOld,
      }),
      no('patient', 'too long', '400 message_too_long 4000', { body: 'x'.repeat(4001) }),
      no('patient', 'answers nothing', '400 reply_not_found', { reply_to: thing.nothing }),
      no('patient', 'answers what was said elsewhere', '400 reply_not_found', { reply_to: said.firstB }),
      no('patient', 'in another', '404 not_found', { room_id: room.b }),
    ],
  },
  'public.mute_room(uuid, timestamp with time zone)': {
    security: 'definer',
    args: { room_id: room.a, muted_until: inDays(1) },
    by: PARTICIPANTS_ONLY,
    touches: 'room/a',
    tells: '',
    cases: [
      {
        why: 'for oneself',
        who: 'doctor',
        leaves: {
          "select string_agg(user_id::text, ' ') from public.chat_personal_state where muted_until > now()":
            'doctor',
        },
      },
      {
        why: 'not any more',
        who: 'patient',
        with: { muted_until: null },
        given: "update public.chat_personal_state set muted_until = now() + interval '1 day'",
        leaves: {
          [`select muted_until from public.chat_personal_state where user_id = '${person.patient}'`]: null,
        },
      },
      no('patient', 'until a moment that is over', '400 argument_invalid muted_until', {
        muted_until: inDays(-1),
      }),
      no('patient', 'for ever', '400 argument_invalid muted_until', { muted_until: inDays(400) }),
      no('patient', 'of another', '404 not_found', { room_id: room.b }),
    ],
  },
}
