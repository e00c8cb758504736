/** The sentences that staff use again and again. */
import { person, thing } from '../../world/ids.ts'
import { type FunctionExpectation, no } from '../function-types.ts'

const DOCTORS = 'doctor otherDoctor former careTeam'

const STAFF = `${DOCTORS} admin grantedAdmin`

const PATIENTS = 'patient otherPatient proxy'

const STAFF_ONLY = { ok: STAFF, '403 forbidden doctor_or_admin': PATIENTS }

const many = (owner: string) =>
  `insert into public.quick_replies (id, owner_id, title, body) select gen_random_uuid(), '${owner}', 'X', 'X' from generate_series(1, 199)`

const save = { id: thing.fresh, title: 'Water', body: 'Drink enough of it.' }

export const QUICK_REPLIES: Record<string, FunctionExpectation> = {
  'public.list_quick_replies()': {
    security: 'invoker',
    args: {},
    by: STAFF_ONLY,
    cases: [
      {
        why: 'one’s own and the clinic’s',
        who: 'doctor',
        answer: { '[*].id': ['replyDoctors', 'replyShared'], '[*].is_shared': [false, true] },
      },
      { why: 'nobody else’s', who: 'grantedAdmin', answer: { '[*].id': ['replyShared'] } },
    ],
  },
  'public.save_quick_reply(uuid, text, text, text, boolean)': {
    security: 'definer',
    args: save,
    by: STAFF_ONLY,
    touches: 'person/{who}',
    answer: { id: 'fresh', is_shared: false },
    cases: [
      { why: 'another text', who: 'doctor', with: { id: thing.replyDoctors }, touches: 'person/doctor' },
      { why: 'for the clinic', who: 'admin', with: { is_shared: true }, touches: 'clinic' },
      {
        why: 'another text for the clinic',
        who: 'admin',
        with: { id: thing.replyShared, is_shared: true },
        touches: 'clinic',
      },
      {
        why: 'another text when there are many',
        who: 'doctor',
        given: many(person.doctor),
        with: { id: thing.replyDoctors },
        touches: 'person/doctor',
      },
      { why: 'others have many', who: 'doctor', given: many(person.otherDoctor), touches: 'person/doctor' },
      no('doctor', 'too many', '409 too_many 200', {}, many(person.doctor)),
      no('doctor', 'for the clinic', '403 forbidden admin', { is_shared: true }),
      no('doctor', 'the clinic’s', '404 not_found', { id: thing.replyShared }),
      no('doctor', 'somebody else’s', '404 not_found', { id: thing.replyOtherDoctors }),
      no('admin', 'somebody else’s', '404 not_found', { id: thing.replyOtherDoctors }),
      no('doctor', 'without an id', '400 argument_invalid id', { id: null }),
      no('doctor', 'in no language', '400 argument_invalid locale', { locale: 'x' }),
      no('doctor', 'without a title', '400 argument_invalid title', { title: ' ' }),
      no('doctor', 'too long a title', '400 argument_invalid title', { title: 'x'.repeat(81) }),
      no('doctor', 'without a text', '400 argument_invalid body', { body: '' }),
      no('doctor', 'too long a text', '400 argument_invalid body', { body: 'x'.repeat(4001) }),
    ],
  },
  'public.delete_quick_reply(uuid)': {
    security: 'definer',
    args: { id: thing.replyDoctors },
    by: STAFF_ONLY,
    touches: '',
    except: { doctor: { touches: 'person/doctor' } },
    cases: [
      { why: 'the clinic’s', who: 'grantedAdmin', with: { id: thing.replyShared }, touches: 'clinic' },
      { why: 'nothing', who: 'doctor', with: { id: thing.nothing }, touches: '' },
      no('doctor', 'the clinic’s', '403 forbidden admin', { id: thing.replyShared }),
    ],
  },
}
