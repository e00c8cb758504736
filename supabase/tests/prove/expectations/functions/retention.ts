/** How a conversation is kept and erased. */
import { appointment, room, thing } from '../../world/ids.ts'
import { type FunctionExpectation, no } from '../function-types.ts'
import { freshMessage, roomOfA, visitOfA } from '../givens.ts'
import { ADMINS_ONLY, toAll } from '../shared.ts'

const reason = 'The patient asked for it.'

const isOver = visitOfA("status = 'completed', status_reason = 'private'")

const due = (days: number, id: string) =>
  `update public.chat_rooms set retain_until = now() + interval '${days} days' where id = '${id}'`

const ofA = (what: string, table: string, where = 'true') =>
  `select ${what} from public.${table} where room_id = '${room.a}' and (${where})`

export const RETENTION: Record<string, FunctionExpectation> = {
  'public.erase_room(uuid, text)': {
    security: 'definer',
    args: { room_id: room.a, reason },
    given: isOver,
    by: ADMINS_ONLY,
    touches: 'appointment/a room/a',
    logs: 'a room_archived; a room_closed; a room_erased',
    answer: { room_id: 'a', messages: 6, files: 11, reason },
    leaves: {
      [ofA('count(*)::int', 'chat_messages', 'body is not null')]: 0,
      [ofA('count(*)::int', 'chat_messages', 'erased_at is not null')]: 6,
      [ofA('count(*)::int', 'chat_message_versions')]: 0,
      [ofA('count(*)::int', 'chat_personal_state')]: 0,
      "select string_agg(distinct room_id::text, ' ' order by room_id::text) from private.cursor_moves":
        'aOld b',
      [ofA('count(*)::int', 'chat_attachments', 'name is not null or erased_at is null')]: 0,
      "select string_agg(path, ' ' order by path) from private.file_deletions where path <> 'gone/gone'":
        'a/clean a/infected a/rejected a/waiting a/permitted a/unsent a/pending a/pendingDoctors a/pendingFormers a/pendingSuspendeds a/retracted',
      [`select coalesce(reason, status_reason) from public.appointments where id = '${appointment.a}'`]: null,
      [`select status || ' ' || closed_reason from public.chat_rooms where id = '${room.a}'`]:
        'archived retention',
    },
    cases: [
      {
        why: 'again',
        who: 'admin',
        with: { room_id: room.aOld },
        ...{ touches: '', tells: '', logs: '' },
        answer: { room_id: 'aOld' },
      },
      {
        why: 'of a closed one',
        who: 'admin',
        given: roomOfA("status = 'closed', closed_reason = 'by_clinician'"),
        leaves: {
          [`select status || ' ' || closed_reason from public.chat_rooms where id = '${room.a}'`]:
            'archived by_clinician',
        },
      },
      {
        why: 'of an archived one',
        who: 'admin',
        given: roomOfA("status = 'archived'"),
        logs: 'a room_erased',
        tells: `room:a:1 message; room:a:1 room_changed; ${toAll}`,
      },
      {
        why: 'a notice goes, what went before is not counted again',
        who: 'admin',
        given: `select private.append_message('${thing.fresh}', '${room.a}', null, 'system', 'Closed.', '{"type": "notice"}', null);
          ${freshMessage("erased_at = now() - interval '1 day', body = null")}`,
        answer: { messages: 6 },
        leaves: { [ofA('count(*)::int', 'chat_messages', 'body is not null')]: 0 },
      },
      no('admin', 'held', '409 legal_hold', { room_id: room.b }),
      ...['requested', 'confirmed', 'in_progress'].map(status =>
        no(
          'admin',
          `still ${status}`,
          `409 appointment_not_over ${status}`,
          {},
          visitOfA(`status = '${status}'`),
        ),
      ),
      no('admin', 'without saying why', '400 argument_invalid reason', { reason: 'short' }),
      no('admin', 'nothing', '404 not_found', { room_id: thing.nothing }),
    ],
  },
  'public.set_legal_hold(uuid, boolean, text)': {
    security: 'definer',
    args: { room_id: room.a, is_held: true, reason },
    by: ADMINS_ONLY,
    touches: 'room/a',
    tells: '',
    logs: 'a hold_set',
    cases: [
      {
        why: 'is kept with its reason',
        who: 'admin',
        leaves: {
          [ofA("held_by || ' ' || reason", 'legal_holds')]: `admin ${reason}`,
          [ofA("admin_id || ' ' || action", 'admin_actions', `reason = '${reason}'`)]: 'admin hold_set',
        },
      },
      // Whoever comes to b ends the grant that has run out there.
      { why: 'again', who: 'admin', with: { room_id: room.b }, logs: 'b access_expired' },
      {
        why: 'lifted',
        who: 'admin',
        with: { room_id: room.b, is_held: false },
        touches: 'room/b',
        logs: 'b access_expired; b hold_lifted',
        leaves: { 'select count(*)::int from public.legal_holds': 0 },
      },
      {
        why: 'lifted where there is none',
        who: 'admin',
        with: { is_held: false },
        ...{ touches: '', logs: '' },
      },
      no('admin', 'neither', '400 argument_invalid is_held', { is_held: null }),
      no('admin', 'erased', '409 room_erased', { room_id: room.aOld }),
      no('admin', 'without saying why', '400 argument_invalid reason', { reason: 'short' }),
      no('admin', 'nothing', '404 not_found', { room_id: thing.nothing }),
    ],
  },
  'public.list_due_erasures(integer, integer)': {
    security: 'definer',
    args: {},
    given: `${due(10, room.a)}; ${due(20, room.b)}`,
    by: ADMINS_ONLY,
    // What is erased is due no more.
    answer: { '[*].room_id': ['a', 'b'], '[*].is_held': [false, true] },
    cases: [
      { why: 'within days', who: 'admin', with: { within_days: 15 }, answer: { '[*].room_id': ['a'] } },
      { why: 'a page', who: 'admin', with: { page_size: 1 }, answer: { '[*].room_id': ['a'] } },
      no('admin', 'within no days', '400 argument_invalid within_days', { within_days: -1 }),
      no('admin', 'a page too large', '400 argument_invalid page_size', { page_size: 101 }),
    ],
  },
}
