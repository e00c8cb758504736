/** The clinic’s settings and hours, and who is away. */
import { person } from '../../world/ids.ts'
import { type Effects, type FunctionExpectation, inDays, no } from '../function-types.ts'
import { leftA, roomOfA, usedUp } from '../givens.ts'
import { ADMINS_ONLY, EVERYBODY } from '../shared.ts'

const DOCTORS = 'doctor otherDoctor former careTeam'

const PATIENTS = 'patient otherPatient proxy'

const DOCTORS_ONLY = { ok: DOCTORS, '403 forbidden doctor': `${PATIENTS} admin grantedAdmin` }

/** Whoever has the room open; in b a grant that has run out ends with it. Who left it tells nobody. */
const toTheirRooms = {
  tells: 'room:a:1 room_changed',
  except: {
    former: { tells: '' },
    otherDoctor: {
      touches: 'person/{who} room/b',
      tells:
        'room:b:2 message; room:b:2 room_changed; user:otherDoctor room_changed; user:otherPatient room_changed',
      logs: 'b access_expired',
    },
  } satisfies FunctionExpectation['except'],
}
const closedA = (status: string): Effects & { given: string } => ({
  given: roomOfA(`status = '${status}'`),
  tells: '',
})

const day = (weekday: number, opens: string, closes: string) => ({ weekday, opens, closes })

const setting = (why: string, changes: unknown, detail: string) =>
  no('admin', why, `400 argument_invalid ${detail}`, { changes })

const hours = (why: string, of: unknown) => no('admin', why, '400 argument_invalid hours', { hours: of })

export const CLINIC: Record<string, FunctionExpectation> = {
  'public.get_clinic()': {
    security: 'definer',
    args: {},
    by: { ok: EVERYBODY },
    answer: {
      name: 'The clinic',
      phone: '+34 900 000 000',
      'business_hours.#': 7,
      'business_hours[0].opens': '08:00',
    },
  },
  'public.update_clinic(jsonb)': {
    security: 'definer',
    args: { changes: { reply_window_days: 7, name: 'The clinic' } },
    by: ADMINS_ONLY,
    touches: 'clinic',
    tells: '',
    // What stays as it was is no change.
    logs: 'clinic setting_changed',
    answer: { reply_window_days: 7, edit_window_minutes: 1440 },
    cases: [
      setting('no settings', [], 'changes'),
      setting('nothing', null, 'changes'),
      setting('something else', { colour: 'red' }, 'changes'),
      setting('its key', { id: true }, 'changes'),
      setting('out of range', { reply_window_days: 1000 }, 'reply_window_days'),
      setting('left empty', { name: null }, 'name'),
      setting('of the wrong kind', { reply_window_days: 'x' }, 'changes'),
      setting('no time zone', { time_zone: 'Mars/Olympus' }, 'time_zone'),
      setting('texts of no language', { emergency_text: { '1': 'x' } }, 'emergency_text'),
      setting('texts that are none', { emergency_text: { en: 1 } }, 'emergency_text'),
      setting('texts too long', { emergency_text: { en: 'x'.repeat(501) } }, 'emergency_text'),
      setting('a list of texts', { emergency_text: [] }, 'emergency_text'),
    ],
  },
  'public.set_business_hours(jsonb)': {
    security: 'definer',
    args: { hours: [day(1, '09:00', '12:00'), day(1, '13:00', '17:00'), day(2, '10:00', '16:00')] },
    by: ADMINS_ONLY,
    touches: 'clinic',
    tells: '',
    logs: 'clinic setting_changed',
    answer: { 'business_hours[*].opens': ['09:00', '13:00', '10:00'] },
    cases: [
      hours('that overlap', [day(1, '09:00', '12:00'), day(1, '11:00', '17:00')]),
      hours('twice', [day(1, '09:00', '12:00'), day(1, '09:00', '13:00')]),
      hours('that end before they begin', [day(1, '12:00', '09:00')]),
      hours('of no day', [day(8, '09:00', '12:00')]),
      hours('of no time', [day(1, 'x', '12:00')]),
      hours('that are no list', {}),
      hours(
        'too many',
        Array.from({ length: 51 }, (_, n) =>
          day(
            1 + (n % 7),
            `${String(8 + Math.floor(n / 7)).padStart(2, '0')}:00`,
            `${String(8 + Math.floor(n / 7)).padStart(2, '0')}:30`,
          ),
        ),
      ),
    ],
  },
  'public.set_out_of_office(timestamp with time zone, timestamp with time zone, text)': {
    security: 'definer',
    args: { back_at: inDays(3), note: 'on holiday' },
    by: DOCTORS_ONLY,
    touches: 'person/{who}',
    ...toTheirRooms,
    logs: '',
    answer: { note: 'on holiday' },
    cases: [
      {
        why: 'before the visit is confirmed',
        who: 'doctor',
        given: roomOfA("status = 'pending'"),
        tells: 'room:a:1 room_changed',
      },
      { why: 'where only reading is left', who: 'doctor', ...closedA('read_only') },
      { why: 'where it is closed', who: 'doctor', ...closedA('closed') },
      { why: 'somebody who left tells nobody', who: 'careTeam', given: leftA('careTeam'), tells: '' },
      no('doctor', 'too often', '429 rate_limited 1', {}, usedUp('doctor', 'change')),
      {
        why: 'without a note',
        who: 'careTeam',
        with: { note: '', starts_at: inDays(1) },
        answer: { note: null, user_id: 'careTeam' },
      },
      no('doctor', 'until a moment that is over', '400 argument_invalid back_at', {
        back_at: inDays(-1),
        starts_at: inDays(-2),
      }),
      no('doctor', 'until before it begins', '400 argument_invalid back_at', { starts_at: inDays(4) }),
      no('doctor', 'for ever', '400 argument_invalid back_at', { back_at: 'infinity' }),
      no('doctor', 'since ever', '400 argument_invalid back_at', { starts_at: '-infinity' }),
      no('doctor', 'until nothing', '400 argument_invalid back_at', { back_at: null }),
      no('doctor', 'too long a note', '400 argument_invalid note', { note: 'x'.repeat(301) }),
      no('doctor', 'a note that nobody sees', '400 argument_invalid note', { note: '\u200b' }),
    ],
  },
  'public.clear_out_of_office()': {
    security: 'definer',
    args: {},
    given: `insert into public.out_of_office values ('${person.careTeam}', now(), now() + interval '1 day')
      on conflict do nothing`,
    by: DOCTORS_ONLY,
    touches: 'person/{who}',
    ...toTheirRooms,
    logs: '',
    cases: [
      {
        why: 'nothing that was set tells nobody',
        who: 'doctor',
        given: `delete from public.out_of_office where user_id = '${person.doctor}'`,
        tells: '',
      },
      { why: 'where it is closed', who: 'doctor', ...closedA('closed') },
      no('doctor', 'too often', '429 rate_limited 1', {}, usedUp('doctor', 'change')),
    ],
  },
  'public.get_out_of_office()': {
    security: 'definer',
    args: {},
    by: DOCTORS_ONLY,
    touches: '',
    tells: '',
    logs: '',
    cases: [
      { why: 'one’s own', who: 'doctor', answer: { user_id: 'doctor', note: 'at a congress' } },
      { why: 'nobody else’s', who: 'careTeam', answer: { '': null } },
      {
        why: 'before it begins',
        who: 'doctor',
        given: "update public.out_of_office set starts_at = now() + interval '1 hour'",
        answer: { user_id: 'doctor' },
      },
      {
        why: 'over',
        who: 'doctor',
        given: "update public.out_of_office set back_at = now() - interval '1 hour'",
        answer: { '': null },
      },
    ],
  },
}
