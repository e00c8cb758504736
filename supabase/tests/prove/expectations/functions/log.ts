/** Reading the log of a room. */
import { person, room, thing } from '../../world/ids.ts'
import { type FunctionExpectation, no } from '../function-types.ts'
import { quietly } from '../givens.ts'
import { ADMINS_ONLY } from '../shared.ts'

const LOG_READERS = {
  ok: 'patient doctor proxy careTeam admin grantedAdmin',
  '404 not_found': 'otherPatient otherDoctor former',
}

const forged = quietly(`update public.audit_log set action = 'forged' where chain = '${room.a}' and n = 1`)

export const LOG: Record<string, FunctionExpectation> = {
  'public.list_access_log(uuid, bigint, integer)': {
    security: 'definer',
    args: { room_id: room.a },
    by: LOG_READERS,
    answer: {
      'entries[*].action': ['access_started', 'room_made'],
      'entries[*].reason': ['a complaint of the patient', null],
      'entries[0].actor.id': 'grantedAdmin',
      has_more: false,
    },
    cases: [
      {
        why: 'with the reason of what an administrator did',
        who: 'patient',
        given: `select private.audit('${room.a}', '${person.admin}', 'room_locked', '${thing.actionA}')`,
        answer: { 'entries[0].reason': 'a reason of an administrator' },
      },
      {
        why: 'before',
        who: 'patient',
        with: { before_n: 2 },
        answer: { 'entries[*].action': ['room_made'] },
      },
      {
        why: 'a page',
        who: 'patient',
        with: { page_size: 1 },
        answer: { 'entries[*].n': [2], has_more: true },
      },
      no('patient', 'of another', '404 not_found', { room_id: room.b }),
      no('admin', 'of nothing', '404 not_found', { room_id: thing.nothing }),
      no('patient', 'a page too large', '400 argument_invalid page_size', { page_size: 101 }),
    ],
  },
  'public.verify_access_log(uuid)': {
    security: 'definer',
    args: { room_id: room.a },
    by: LOG_READERS,
    answer: { entries: 2, problems: [] },
    cases: [
      {
        why: 'tells of what was altered',
        who: 'patient',
        given: forged,
        answer: { 'problems[*].problem': ['altered'] },
      },
      {
        why: 'of that room',
        who: 'patient',
        with: { room_id: room.aOld },
        given: forged,
        answer: { entries: 1, problems: [] },
      },
      no('patient', 'of another', '404 not_found', { room_id: room.b }),
      no('admin', 'of nothing', '404 not_found', { room_id: thing.nothing }),
    ],
  },
  'public.list_audit_heads(uuid)': {
    security: 'definer',
    args: {},
    by: ADMINS_ONLY,
    answer: { '[*].chain': ['clinic', 'a', 'aOld', 'b', 'bOld'], '[*].n': [2, 2, 1, 1, 1] },
    cases: [
      {
        why: 'after',
        who: 'admin',
        with: { after_chain: room.a },
        answer: { '[*].chain': ['aOld', 'b', 'bOld'] },
      },
    ],
  },
}
