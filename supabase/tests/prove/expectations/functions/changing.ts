/** Editing and retracting messages. */
import { room, said, thing } from '../../world/ids.ts'
import { type FunctionExpectation, no } from '../function-types.ts'
import { freshMessage, leftA, roomOfA, usedUp } from '../givens.ts'
import { PARTICIPANTS_ONLY } from '../shared.ts'

const AUTHORS_ONLY = {
  ok: 'patient',
  '403 forbidden author': 'doctor proxy careTeam',
  '404 not_found': PARTICIPANTS_ONLY['404 not_found'],
}

export const CHANGING: Record<string, FunctionExpectation> = {
  'public.edit_message(uuid, uuid, text)': {
    security: 'definer',
    args: { room_id: room.a, message_id: said.fresh, body: 'Is it the morning pill?' },
    by: AUTHORS_ONLY,
    touches: 'room/a',
    tells: 'room:a:1 message_changed',
    logs: 'a message_edited; a message_streamed',
    cases: [
      {
        why: 'keeps what it said',
        who: 'patient',
        answer: { id: 'fresh', change: 3, retracted_at: null },
        leaves: {
          [`select body from public.chat_message_versions where room_id = '${room.a}' and message_id = '${said.fresh}' and version = 1 and not is_retracted`]:
            'Is it the evening pill?',
          [`select edited_at is not null from public.chat_messages where room_id = '${room.a}' and id = '${said.fresh}'`]: true,
        },
      },
      {
        why: 'keeps every version',
        who: 'doctor',
        with: { message_id: said.edited },
        leaves: {
          [`select count(*)::int from public.chat_message_versions where room_id = '${room.a}' and message_id = '${said.edited}'`]: 2,
        },
      },
      {
        why: 'a comment to a file',
        who: 'patient',
        with: { message_id: said.files },
        answer: { body: 'Is it the morning pill?' },
      },
      {
        why: 'to what it says',
        who: 'patient',
        with: { body: 'Is it the evening pill?' },
        touches: '',
        tells: '',
        logs: '',
      },
      {
        why: 'is nobody else’s reading',
        who: 'patient',
        given: roomOfA('granted_until = null'),
        logs: 'a message_edited',
      },
      no('patient', 'of nothing', '404 message_not_found', { message_id: thing.nothing }),
      no('patient', 'of what was said elsewhere', '404 message_not_found', { message_id: said.firstB }),
      no('patient', 'of an event', '403 forbidden author', { message_id: said.event }),
      no('patient', 'erased', '409 message_erased', {}, freshMessage('erased_at = now(), body = null')),
      no('patient', 'retracted', '409 message_retracted', { message_id: said.retracted }),
      no(
        'patient',
        'too late',
        '409 edit_window_over 1440',
        {},
        freshMessage("created_at = now() - interval '2 days'"),
      ),
      no(
        'patient',
        'never',
        '409 edit_window_over 0',
        {},
        'update public.clinic_settings set edit_window_minutes = 0',
      ),
      no('patient', 'empty', '400 message_empty', { body: ' ' }),
      no('patient', 'too long', '400 message_too_long 4000', { body: 'x'.repeat(4001) }),
      no('patient', 'nobody may write', '403 reply_blocked room_locked', {}, roomOfA('locked_at = now()')),
      no(
        'patient',
        'the patient’s side may not write',
        '403 reply_blocked patient_may_not_reply',
        {},
        roomOfA('patient_may_reply = false'),
      ),
      {
        why: 'the patient’s side may not write',
        who: 'doctor',
        with: { message_id: said.edited },
        given: roomOfA('patient_may_reply = false'),
        touches: 'room/a',
      },
      no('patient', 'in another', '404 not_found', { room_id: room.b }),
      no('patient', 'removed', '404 not_found', {}, leftA('patient')),
      no('patient', 'too often', '429 rate_limited 1', {}, usedUp('patient', 'send')),
    ],
  },
  'public.retract_message(uuid, uuid)': {
    security: 'definer',
    args: { room_id: room.a, message_id: said.fresh },
    by: AUTHORS_ONLY,
    touches: 'room/a',
    tells: 'room:a:1 message_changed',
    logs: 'a message_retracted; a message_streamed',
    cases: [
      {
        why: 'keeps what it said, for its author',
        who: 'patient',
        answer: { body: null, edited_at: null },
        leaves: {
          'select count(*)::int from public.chat_message_versions where is_retracted': 2,
          [`select is_retracted from public.chat_message_versions where room_id = '${room.a}' and message_id = '${said.fresh}'`]: true,
          [`select retracted_at is not null from public.chat_messages where room_id = '${room.a}' and id = '${said.fresh}'`]: true,
        },
      },
      {
        why: 'with its files, and no others',
        who: 'patient',
        with: { message_id: said.files },
        leaves: {
          "select string_agg(id::text, ' ' order by id) from public.chat_attachments where retracted_at is not null":
            'clean infected rejected waiting erased retracted',
        },
      },
      {
        why: 'with all that it ever said, and nothing of others',
        who: 'doctor',
        with: { message_id: said.edited },
        leaves: { 'select count(*)::int from public.chat_message_versions where is_retracted': 3 },
      },
      {
        why: 'again',
        who: 'patient',
        with: { message_id: said.retracted },
        touches: '',
        tells: '',
        logs: '',
      },
      {
        why: 'though nobody may write',
        who: 'patient',
        given: roomOfA("status = 'closed'"),
        touches: 'room/a',
      },
      no('patient', 'of nothing', '404 message_not_found', { message_id: thing.nothing }),
      no('patient', 'erased', '409 message_erased', {}, freshMessage('erased_at = now(), body = null')),
      no('patient', 'in another', '404 not_found', { room_id: room.b }),
      no('patient', 'too often', '429 rate_limited 1', {}, usedUp('patient', 'send')),
    ],
  },
}
