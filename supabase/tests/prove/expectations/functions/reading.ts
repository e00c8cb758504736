/** Reading and finding messages. */
import { room, said, thing } from '../../world/ids.ts'
import { type Case, type FunctionExpectation, no } from '../function-types.ts'
import { usedUp } from '../givens.ts'
import { GRANTS, READERS } from '../shared.ts'

const paging = (who: Case['who'] = 'patient'): Case[] => [
  no(who, 'a page too large', '400 argument_invalid page_size', { page_size: 101 }),
]

/** As it was written down in the world. */
const at = (time: string) => `2026-01-02T${time}:00+00:00`

const SENT = ['clean', 'infected', 'rejected', 'waiting', 'erased', 'permitted']

export const READING: Record<string, FunctionExpectation> = {
  'public.list_messages(uuid, bigint, bigint, integer)': {
    security: 'definer',
    args: { room_id: room.a },
    by: READERS,
    // An administrator's reading is written down; nobody else's is anybody's business.
    logs: '',
    except: {
      patient: { answer: { 'attachments[*].id': [...SENT, 'retracted'] } },
      grantedAdmin: {
        touches: 'room/a',
        logs: 'a messages_read',
        answer: { 'attachments[*].id': [...SENT, 'retracted'] },
      },
    },
    answer: {
      'messages[*].seq': [1, 2, 3, 4, 5, 6, 7],
      last_seq: 7,
      has_more: false,
      'attachments[*].id': SENT,
    },
    cases: [
      ...GRANTS,
      ...(['patient', 'grantedAdmin'] as const).map(who => ({
        why: 'the files of what was retracted as well',
        who,
        with: { after_seq: 2, page_size: 1 },
        answer: { 'attachments[*].id': ['retracted'] },
      })),
      {
        why: 'no file of what was retracted',
        who: 'doctor',
        with: { after_seq: 2, page_size: 1 },
        answer: { 'messages[*].seq': [3], 'attachments[*].id': [] },
      },
      no('grantedAdmin', 'another room', '404 not_found', { room_id: room.b }),
      no('patient', 'another room', '404 not_found', { room_id: room.b }),
      no('patient', 'no room', '404 not_found', { room_id: thing.nothing }),
      {
        why: 'before',
        who: 'patient',
        with: { before_seq: 3 },
        answer: { 'messages[*].seq': [1, 2], 'attachments[*].id': [] },
      },
      {
        why: 'after',
        who: 'patient',
        with: { after_seq: 5 },
        answer: { 'messages[*].seq': [6, 7], has_more: false },
      },
      {
        why: 'a page after',
        who: 'patient',
        with: { after_seq: 1, page_size: 2 },
        answer: { 'messages[*].seq': [2, 3], has_more: true },
      },
      {
        why: 'a page',
        who: 'patient',
        with: { page_size: 2 },
        answer: { 'messages[*].seq': [6, 7], has_more: true, 'attachments[*].id': ['permitted'] },
      },
      no('patient', 'before and after', '400 argument_invalid after_seq', { before_seq: 3, after_seq: 1 }),
      ...paging(),
    ],
  },
  'public.list_changes(uuid, bigint, integer)': {
    security: 'definer',
    args: { room_id: room.a },
    by: READERS,
    // An administrator's reading is written down; nobody else's is anybody's business.
    logs: '',
    except: { grantedAdmin: { touches: 'room/a', logs: 'a messages_read' } },
    answer: { 'messages[*].id': ['edited', 'retracted'], last_change: 2, has_more: false },
    cases: [
      ...GRANTS.slice(0, 1),
      {
        why: 'after',
        who: 'patient',
        with: { after_change: 1 },
        answer: { 'messages[*].id': ['retracted'] },
      },
      {
        why: 'a page',
        who: 'patient',
        with: { page_size: 1 },
        answer: { 'messages[*].id': ['edited'], has_more: true },
      },
      no('patient', 'another room', '404 not_found', { room_id: room.b }),
      ...paging(),
    ],
  },
  'public.list_message_versions(uuid, uuid)': {
    security: 'definer',
    args: { room_id: room.a, message_id: said.edited },
    by: READERS,
    // An administrator's reading is written down; nobody else's is anybody's business.
    logs: '',
    except: { grantedAdmin: { touches: 'room/a', logs: 'a versions_read' } },
    answer: { '[*].body': ['Take one in the morning'] },
    cases: [
      ...GRANTS.slice(0, 1),
      {
        why: 'what was taken back stays with its author',
        who: 'patient',
        with: { message_id: said.retracted },
        answer: { '[*].body': ['meant for somebody else'] },
      },
      {
        why: 'what was taken back stays with its author',
        who: 'doctor',
        with: { message_id: said.retracted },
        answer: { '[*].body': [] },
      },
      {
        why: 'what was taken back is read under a grant',
        who: 'grantedAdmin',
        with: { message_id: said.retracted },
        answer: { '[*].body': ['meant for somebody else'] },
      },
      { why: 'of that room', who: 'patient', with: { message_id: said.fresh }, answer: { '[*].body': [] } },
      no('patient', 'of what was said elsewhere', '404 message_not_found', { message_id: said.firstB }),
      no('patient', 'another room', '404 not_found', { room_id: room.b }),
    ],
  },
  'public.list_receipts(uuid, uuid)': {
    security: 'definer',
    args: { room_id: room.a, message_id: said.first },
    // Only of what one sent oneself. No administrator's business, granted or not: it is not what was said.
    by: {
      ok: 'patient',
      '404 message_not_found': 'doctor proxy careTeam',
      '404 not_found': 'otherPatient otherDoctor admin grantedAdmin former',
    },
    ...{ touches: '', tells: '', logs: '' },
    answer: {
      '[*].user_id': ['doctor', 'proxy', 'careTeam', 'suspended'],
      // What was read before it was written down has no time.
      '[*].delivered_at': [at('10:00'), null, null, null],
      '[*].read_at': [at('10:05'), null, null, null],
    },
    cases: [
      {
        why: 'of another message',
        who: 'patient',
        with: { message_id: said.files },
        answer: {
          '[*].delivered_at': [null, at('11:00'), null, null],
          '[*].read_at': [null, at('11:00'), null, null],
        },
      },
      {
        why: 'of what was taken back',
        who: 'patient',
        with: { message_id: said.retracted },
        answer: {
          '[*].delivered_at': [at('10:05'), at('11:00'), null, null],
          '[*].read_at': [at('10:05'), at('11:00'), null, null],
        },
      },
      no('patient', 'of somebody else’s', '404 message_not_found', { message_id: said.edited }),
      no('patient', 'of what happened', '404 message_not_found', { message_id: said.event }),
      no('patient', 'of one’s own in another room', '404 message_not_found', { message_id: said.gone }),
      no('patient', 'of nothing', '404 message_not_found', { message_id: thing.nothing }),
      no('patient', 'another room', '404 not_found', { room_id: room.b }),
    ],
  },
  'public.search_messages(uuid, text, bigint, integer)': {
    security: 'definer',
    args: { room_id: room.a, query: 'evening' },
    by: READERS,
    // An administrator's reading is written down; nobody else's is anybody's business.
    logs: '',
    except: { grantedAdmin: { touches: 'room/a', logs: 'a messages_searched' } },
    answer: { 'messages[*].id': ['fresh', 'edited'], match: 'words', has_more: false },
    cases: [
      ...GRANTS.slice(0, 1),
      {
        why: 'before',
        who: 'patient',
        with: { before_seq: 7 },
        answer: { 'messages[*].id': ['edited'], match: 'words' },
      },
      {
        why: 'the end',
        who: 'patient',
        with: { before_seq: 2 },
        answer: { 'messages[*].id': [], match: 'words' },
      },
      {
        why: 'a page',
        who: 'patient',
        with: { page_size: 1 },
        answer: { 'messages[*].id': ['fresh'], has_more: true },
      },
      {
        why: 'parts of words',
        who: 'patient',
        with: { query: 'venin' },
        answer: { 'messages[*].id': ['fresh', 'edited'], match: 'parts' },
      },
      {
        why: 'near spellings',
        who: 'patient',
        with: { query: 'evenimg' },
        answer: { 'messages[*].id': ['fresh', 'edited'], match: 'parts' },
      },
      {
        why: 'parts of words, before',
        who: 'patient',
        with: { query: 'venin', before_seq: 7 },
        answer: { 'messages[*].id': ['edited'], match: 'parts' },
      },
      { why: 'nothing', who: 'patient', with: { query: 'zebra' }, answer: { 'messages[*].id': [] } },
      no('patient', 'an empty question', '400 argument_invalid query', { query: ' ' }),
      no('patient', 'another room', '404 not_found', { room_id: room.b }),
      no('patient', 'too often', '429 rate_limited 2', {}, usedUp('patient', 'search')),
      ...paging(),
    ],
  },
}
