/** What the worker runs, and helpers that are proven by themselves. Everything here runs as the owner. */
import { appointment, attachment, person, room, thing } from '../world/ids.ts'
import type { Case } from './function-types.ts'
import { anotherGrant, leftA, pendingFile, quietly, roomOfA, suspendedNow, visitOfA } from './givens.ts'
import { toAll, toDesk } from './shared.ts'

const ofRoom = (what: string, id: string = room.a) =>
  `select ${what} from public.chat_rooms where id = '${id}'`
const runs = (why: string, sql: string, rest: Partial<Case> = {}): Case => ({
  ...{ why, who: 'owner', sql: `select ${sql} as answer` },
  ...rest,
})
const answers = (sql: string, answer: unknown, given?: string): Case =>
  runs(sql, sql, { answer: { '': answer }, ...(given && { given }) })

const scanned = (status: string) => `private.finish_scan('${attachment.pending}', '${status}')`
const statusOf = `select status || ' ' || (scanned_at is not null) from public.chat_attachments where id = '${attachment.pending}'`
const isDue = (id: string, set: string) => quietly(`update public.chat_rooms set ${set} where id = '${id}'`)
const timeIsOver = "retain_until = now() - interval '1 hour'"
const storedAs = (bucket: string, name: string, days = 2) =>
  `insert into private.file_deletions values ('${name}', now() - interval '${days} days');
   insert into storage.objects (bucket_id, name) values ('${bucket}', '${name}')`

export const JOBS: Record<string, Case[]> = {
  'private.close_reply_windows()': [
    runs('nothing is due', 'private.close_reply_windows()', { answer: { '': 0 }, touches: '' }),
    runs('a room whose time is over', 'private.close_reply_windows()', {
      given: roomOfA('reply_until = now()'),
      answer: { '': 1 },
      touches: 'room/a',
      tells: `room:a:1 message; room:a:1 room_changed; ${toAll}; ${toDesk}`,
      logs: 'a room_read_only',
      leaves: { [ofRoom('status')]: 'read_only' },
    }),
    runs('one that is closed stays so', 'private.close_reply_windows()', {
      given: roomOfA("reply_until = now(), status = 'read_only'"),
      ...{ answer: { '': 0 }, touches: '' },
    }),
    runs('one that has time', 'private.close_reply_windows()', {
      given: roomOfA("reply_until = now() + interval '1 hour'"),
      ...{ answer: { '': 0 }, touches: '' },
    }),
  ],
  'private.archive_rooms()': [
    runs('closed long ago', 'private.archive_rooms()', {
      given: roomOfA("status = 'closed', closed_at = now() - interval '91 days'"),
      ...{ answer: { '': 1 }, touches: 'room/a', leaves: { [ofRoom('status')]: 'archived' } },
    }),
    runs('closed of late', 'private.archive_rooms()', {
      given: roomOfA("status = 'closed', closed_at = now() - interval '89 days'"),
      ...{ answer: { '': 0 }, touches: '' },
    }),
    runs('not closed any more', 'private.archive_rooms()', {
      given: roomOfA("closed_at = now() - interval '91 days'"),
      ...{ answer: { '': 0 }, touches: '' },
    }),
  ],
  'private.end_expired_grants()': [
    runs('the one that has run out', 'private.end_expired_grants()', {
      ...{ answer: { '': 1 }, touches: 'room/b', logs: 'b access_expired' },
      leaves: { [ofRoom('epoch', room.b)]: 2, [ofRoom('granted_until', room.b)]: null },
    }),
  ],
  'private.end_grants(uuid, uuid[], uuid, text)': [
    runs(
      'one that has ended keeps its end',
      `private.end_grants('${room.a}', array['${thing.grantEnded}']::uuid[], null, 'access_ended')`,
      {
        leaves: {
          [`select ended_at < expires_at from public.access_grants where id = '${thing.grantEnded}'`]: true,
        },
      },
    ),
  ],
  'private.audit_live_reading(chat_rooms, uuid)': [
    runs(
      'is of each whose grant was not ended, also where it ran out just now',
      `(select private.audit_live_reading(r, null) from public.chat_rooms r where r.id = '${room.a}')`,
      {
        given: anotherGrant(room.a, '-1 minute'),
        logs: 'a message_streamed; a message_streamed',
      },
    ),
  ],
  'private.make_room(appointments)': [
    runs(
      'the one that is there',
      `(select (private.make_room(a)).id from public.appointments a where a.id = '${appointment.aOld}')`,
      {
        ...{ answer: { '': 'aOld' }, touches: '' },
      },
    ),
  ],
  'private.erase_due_rooms()': [
    runs('one whose time is over', 'private.erase_due_rooms()', {
      given: `${isDue(room.a, timeIsOver)}; ${visitOfA("status = 'completed'")}`,
      ...{ answer: { '': 1 }, touches: 'appointment/a room/a' },
      leaves: {
        [`select reason from public.room_erasures where room_id = '${room.a}'`]:
          'The retention period is over.',
      },
    }),
    runs('one under a legal hold', 'private.erase_due_rooms()', {
      given: isDue(room.b, timeIsOver),
      answer: { '': 0 },
      touches: '',
    }),
    runs('one whose time is to come', 'private.erase_due_rooms()', {
      given: isDue(room.a, "retain_until = now() + interval '1 hour'"),
      ...{ answer: { '': 0 }, touches: '' },
    }),
  ],
  'private.finish_scan(uuid, text, bytea, integer, integer, text)': [
    runs('is told', scanned('clean'), {
      touches: 'room/a',
      tells: 'room:a:1 attachment_changed',
      leaves: {
        [statusOf]: 'clean true',
        'select count(*)::int from public.chat_attachments where scanned_at is not null': 1,
      },
    }),
    runs('twice', scanned('clean'), {
      given: pendingFile("status = 'infected'"),
      ...{ touches: '', tells: '' },
    }),
    runs('of what was erased', scanned('clean'), {
      given: pendingFile('erased_at = now()'),
      ...{ touches: '', tells: '' },
    }),
    runs('of nothing', `private.finish_scan('${thing.nothing}', 'clean')`, { touches: '', tells: '' }),
  ],
  'private.due_file_deletions(integer)': [
    runs(
      'what storage still holds',
      `(select string_agg(path, ' ') from (select private.due_file_deletions() as path) due)`,
      {
        given: `${storedAs('chat-attachments', 'a/1')}; ${storedAs('elsewhere', 'a/2')}; insert into private.file_deletions values ('a/3', now());
        ${storedAs('elsewhere', 'a/4', 0)}`,
        answer: { '': 'a/1' },
        leaves: {
          "select string_agg(path, ' ' order by path) from private.file_deletions": 'a/1 a/3 a/4 gone/gone',
        },
      },
    ),
  ],
  'private.has_grant(uuid, uuid)': [
    answers(`private.has_grant('${room.a}', '${person.grantedAdmin}')`, true),
    answers(`private.has_grant('${room.a}', '${person.admin}')`, false),
    answers(`private.has_grant('${room.b}', '${person.grantedAdmin}')`, false),
    answers(`private.has_grant('${room.a}', '${person.grantedAdmin}')`, false, suspendedNow('grantedAdmin')),
  ],
  'private.my_role()': [
    { why: 'suspended', who: 'suspended', sql: 'select private.my_role() as answer', answer: { '': null } },
    {
      why: 'suspended',
      who: 'admin',
      sql: 'select private.is_admin() as answer',
      given: suspendedNow('admin'),
      answer: { '': false },
    },
    { why: 'not suspended', who: 'admin', sql: 'select private.is_admin() as answer', answer: { '': true } },
    {
      why: 'a suspended doctor',
      who: 'careTeam',
      sql: 'select count(*)::int as answer from public.quick_replies',
      given: suspendedNow('careTeam'),
      answer: { '': 0 },
    },
    {
      why: 'left',
      who: 'careTeam',
      sql: 'select count(*)::int as answer from public.chat_messages',
      given: leftA('careTeam'),
      answer: { '': 0 },
    },
    {
      why: 'suspended',
      who: 'admin',
      sql: 'select count(*)::int as answer from public.profiles',
      given: suspendedNow('admin'),
      answer: { '': 0 },
    },
  ],
  // The policy alone, were the column given to them.
  'table public.profiles': [
    {
      why: 'nobody becomes somebody else',
      who: 'patient',
      given: 'grant update (id) on public.profiles to authenticated',
      sql: `update public.profiles set id = '${person.stranger}'`,
      is: '42501',
    },
  ],
  'private.is_words_only(jsonb)': [
    answers(`private.is_words_only('{"a": 1, "b": "code_word", "c": null}')`, true),
    answers(`private.is_words_only('{"a": "what somebody wrote"}')`, false),
    answers(`private.is_words_only('{"a": ["x"]}')`, false),
    answers(`private.is_words_only('{"a": {"b": "x"}}')`, false),
    answers(`private.is_words_only('[]')`, false),
    answers(`private.is_words_only('"x"')`, false),
    answers(`private.is_words_only('{"a": 1.5e300}')`, true),
  ],
  'private.is_text_by_language(jsonb)': [
    answers(`private.is_text_by_language('{"en": "Call 112.", "pt-BR": "x"}')`, true),
    answers(`private.is_text_by_language('{"en": ""}')`, false),
    answers(`private.is_text_by_language('{"english language": "x"}')`, false),
    answers(`private.is_text_by_language('"x"')`, false),
    answers(`private.is_text_by_language('[]')`, false),
  ],
}
