/** Sending messages. */
import { appointment, attachment, room, said, thing } from '../../world/ids.ts'
import { blockedCases } from '../blocked.ts'
import { type Case, type FunctionExpectation, no } from '../function-types.ts'
import { anotherGrant, newConsent, pendingFile, quietly, roomOfA, usedUp } from '../givens.ts'
import { PARTICIPANTS_ONLY, toDesk } from '../shared.ts'

const ALL_BUT = (who: string) =>
  ['patient', 'doctor', 'proxy', 'careTeam']
    .filter(each => each !== who)
    .map(each => `user:${each} room_changed`)
    .join('; ')

const cursors = `select string_agg(read_seq::text, ' ' order by room_id, joined_at) from public.chat_participants where room_id in ('${room.a}', '${room.aOld}')`

const waiting = `select waiting_since is not null from public.chat_rooms where id = '${room.a}'`

const filesOf = (id: string) =>
  `select string_agg(id::text, ' ' order by id) from public.chat_attachments where message_id = '${id}'`

export const SENDING: Record<string, FunctionExpectation> = {
  'public.send_message(uuid, uuid, text, uuid, uuid[])': {
    security: 'definer',
    args: { id: thing.fresh, room_id: room.a, body: 'Hello' },
    by: PARTICIPANTS_ONLY,
    touches: 'room/a',
    // While an administrator may be listening, each message is written down as read by them.
    logs: 'a message_streamed',
    cases: [
      {
        why: 'reaches everybody else who is there',
        who: 'patient',
        tells: `room:a:1 message; ${ALL_BUT('patient')}`,
        leaves: { [cursors]: '8 4 6 6 2 2 1 1', [waiting]: true },
      },
      {
        why: 'leaves unread what came before',
        who: 'doctor',
        tells: `room:a:1 message; ${ALL_BUT('doctor')}; ${toDesk}`,
        leaves: { [cursors]: '7 4 6 6 2 2 1 1', [waiting]: false },
      },
      {
        why: 'moves the cursor of its room only',
        who: 'patient',
        given:
          "update public.chat_participants set read_seq = 7, delivered_seq = 7 where room_id = 'f0000000-0000-4000-8000-000000000002'",
        leaves: { [cursors]: '8 4 6 6 2 2 7 7' },
      },
      {
        why: 'makes the patient’s side wait',
        who: 'proxy',
        given: roomOfA('waiting_since = null'),
        leaves: { [waiting]: true },
      },
      {
        why: 'is nobody else’s reading',
        who: 'patient',
        given: quietly(`update public.access_grants set ended_at = now() where id = '${thing.grantLive}'`),
        logs: '',
      },
      {
        why: 'is not read under a grant for another room',
        who: 'patient',
        given: anotherGrant(room.aOld, '1 minute'),
        logs: 'a message_streamed',
      },
      {
        why: 'is not read under a grant that has run out while another lives',
        who: 'patient',
        given: anotherGrant(room.a, '-1 minute'),
        logs: 'a access_expired; a message_streamed',
        // Whoever had it has the old epoch's topic only.
        tells: `room:a:2 message; ${ALL_BUT('patient')}; user:patient room_changed`,
        leaves: {
          [`select ended_at is null from public.access_grants where id = '${thing.grantLive}'`]: true,
        },
      },
      {
        why: 'ends no grant for another room',
        who: 'otherPatient',
        with: { room_id: room.b },
        given: anotherGrant(room.aOld, '-1 minute'),
        touches: 'room/b',
      },
      {
        why: 'ends a grant that has run out',
        who: 'otherPatient',
        with: { room_id: room.b },
        touches: 'room/b',
        logs: 'b access_expired',
        tells: `room:b:2 message; user:otherDoctor room_changed; user:otherPatient room_changed; ${toDesk}`,
        leaves: {
          [`select ended_at is not null from public.access_grants where id = '${thing.grantLapsedB}'`]: true,
        },
      },
      {
        why: 'sent again is the same message',
        who: 'patient',
        with: { id: said.fresh },
        answer: { body: 'Is it the evening pill?', seq: 7 },
        touches: '',
        logs: '',
        tells: '',
      },
      {
        why: 'sent again is answered though nobody may write',
        who: 'patient',
        given: roomOfA("status = 'archived'"),
        with: { id: said.fresh },
        answer: { seq: 7 },
      },
      {
        why: 'the id of a message elsewhere is free',
        who: 'patient',
        with: { id: said.firstB },
        touches: 'room/a',
      },
      no('patient', 'the id of somebody else’s message', '409 id_conflict', { id: said.edited }),
      no('patient', 'without an id', '400 argument_invalid id', { id: null }),
      ...blockedCases('patient'),
      no(
        'proxy',
        'patient_may_not_reply',
        '403 reply_blocked patient_may_not_reply',
        {},
        roomOfA('patient_may_reply = false'),
      ),
      {
        why: 'clinicians write all the same',
        who: 'doctor',
        given: roomOfA('patient_may_reply = false'),
        touches: 'room/a',
      },
      no('proxy', 'consent_missing', '403 reply_blocked consent_missing', {}, newConsent({ en: 'X' })),
      ...(['doctor', 'careTeam'] as const).map(who => ({
        ...{ why: 'clinicians agree to nothing', who, given: newConsent({ en: 'X' }), touches: 'room/a' },
      })),
      {
        why: 'the clinic asks for no consent any more',
        who: 'patient',
        given: newConsent({}),
        touches: 'room/a',
      },
      {
        why: 'sent again is answered though another consent is asked for',
        who: 'patient',
        given: newConsent({ en: 'X' }),
        with: { id: said.fresh },
        answer: { seq: 7 },
      },
      no('doctor', 'room_locked', '403 reply_blocked room_locked', {}, roomOfA('locked_at = now()')),
      {
        why: 'another visit was cancelled',
        who: 'patient',
        given: quietly(`update public.appointments set status = 'cancelled' where id <> '${appointment.a}'`),
        touches: 'room/a',
      },
      no('patient', 'in another', '404 not_found', { room_id: room.b }),
      no('patient', 'in none', '404 not_found', { room_id: thing.nothing }),
      no('patient', 'empty', '400 message_empty', { body: ' \u200b ' }),
      no('patient', 'nothing', '400 message_empty', { body: null }),
      no('patient', 'too long', '400 message_too_long 4000', { body: 'x'.repeat(4001) }),
      no('patient', 'answers nothing', '400 reply_not_found', { reply_to: thing.nothing }),
      no('patient', 'answers what was said elsewhere', '400 reply_not_found', { reply_to: said.firstB }),
      { why: 'answers', who: 'patient', with: { reply_to: said.first }, answer: { reply_to: 'first' } },
      {
        why: 'with a file',
        who: 'patient',
        with: { body: null, attachment_ids: [attachment.pending] },
        logs: 'a message_streamed',
        answer: { kind: 'file', body: null },
        leaves: { [filesOf(thing.fresh)]: 'pending' },
      },
      {
        why: 'with files, one of them clean',
        who: 'patient',
        with: { attachment_ids: [attachment.pending, attachment.unsent] },
        answer: { kind: 'file', body: 'Hello' },
        leaves: { [filesOf(thing.fresh)]: 'unsent pending' },
      },
      {
        why: 'with a picture',
        who: 'patient',
        given: pendingFile("media_type = 'image/png'"),
        with: { attachment_ids: [attachment.pending] },
        answer: { kind: 'image' },
      },
      {
        why: 'with a picture and a letter',
        who: 'patient',
        given: pendingFile("media_type = 'image/png'"),
        with: { attachment_ids: [attachment.pending, attachment.unsent] },
        answer: { kind: 'file' },
      },
      no('patient', 'with a file and a text of nothing', '400 message_empty', {
        body: '',
        attachment_ids: [attachment.pending],
      }),
      ...(
        [
          ['somebody else’s file', attachment.pendingDoctors],
          ['a file that was sent', attachment.clean],
          ['an erased file', attachment.pendingErased],
          ['a file of another room', attachment.pendingOld],
          ['no file', thing.nothing],
        ] as const
      ).map(
        ([why, id]): Case => ({
          why,
          who: 'patient',
          with: { attachment_ids: [id] },
          is: '400 attachment_not_found attachment_ids',
        }),
      ),
      no(
        'patient',
        'an infected file',
        '400 attachment_not_found attachment_ids',
        { attachment_ids: [attachment.pending] },
        pendingFile("status = 'infected'"),
      ),
      no('patient', 'a file twice', '400 attachment_not_found attachment_ids', {
        attachment_ids: [attachment.pending, attachment.pending],
      }),
      no('patient', 'eleven files', '400 argument_invalid attachment_ids', {
        attachment_ids: Array(11).fill(thing.nothing),
      }),
      no('patient', 'too often', '429 rate_limited 1', {}, usedUp('patient', 'send')),
      { why: 'others were too often', who: 'patient', given: usedUp('doctor', 'send'), touches: 'room/a' },
      {
        why: 'something else was too often',
        who: 'patient',
        given: usedUp('patient', 'join'),
        touches: 'room/a',
      },
    ],
  },
}
