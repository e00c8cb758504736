/** What patients agree to before their first message. */
import { person } from '../../world/ids.ts'
import { type FunctionExpectation, no } from '../function-types.ts'
import { leftA, newConsent, roomOfA, usedUp } from '../givens.ts'
import { ADMINS_ONLY, EVERYBODY } from '../shared.ts'

const agreed = `select string_agg(user_id || ' ' || version || ' ' || locale, ', ' order by version)
  from public.consents where accepted_at >= now()`

export const CONSENT: Record<string, FunctionExpectation> = {
  'public.get_consent()': {
    security: 'definer',
    args: {},
    by: { ok: EVERYBODY },
    touches: '',
    tells: '',
    logs: '',
    answer: { version: 2, 'texts.es': 'El texto en vigor' },
    cases: [
      { why: 'one’s own', who: 'otherPatient', answer: { version: 2, accepted_locale: 'es' } },
      { why: 'nobody else’s', who: 'doctor', answer: { accepted_at: null, accepted_locale: null } },
      {
        why: 'of the one in force',
        who: 'patient',
        given: newConsent({ fr: 'X' }),
        answer: { version: 3, texts: { fr: 'X' }, accepted_at: null, accepted_locale: null },
      },
    ],
  },
  'public.accept_consent(integer, text)': {
    security: 'definer',
    args: { version: 3, locale: 'fr' },
    given: newConsent({ en: 'X', fr: 'X' }),
    by: { ok: EVERYBODY },
    touches: 'person/{who} clinic',
    logs: 'clinic consent_accepted',
    answer: { version: 3, accepted_locale: 'fr' },
    cases: [
      {
        why: 'is kept, and the screens of who can write now are told',
        who: 'patient',
        tells: 'user:patient appointment_changed',
        leaves: { [agreed]: 'patient 3 fr' },
      },
      { why: 'who writes for the patient', who: 'proxy', tells: 'user:proxy appointment_changed' },
      { why: 'nothing changes for clinicians', who: 'doctor', tells: '' },
      { why: 'nobody else is told', who: 'former', tells: '' },
      { why: 'where nobody writes', who: 'patient', given: roomOfA("status = 'read_only'"), tells: '' },
      {
        why: 'somebody who left is told nothing',
        who: 'proxy',
        given: leftA('proxy'),
        tells: '',
      },
      {
        why: 'again is done once',
        who: 'patient',
        given: `insert into public.consents values ('${person.patient}', 3, 'en')`,
        ...{ touches: '', tells: '', logs: '' },
        answer: { accepted_locale: 'en' },
      },
      no('patient', 'one of before', '409 consent_outdated 3', { version: 2 }),
      no('patient', 'one to come', '409 consent_outdated 3', { version: 4 }),
      no('patient', 'none', '409 consent_outdated 3', { version: null }),
      no('patient', 'where none is in force', '409 consent_outdated 4', { version: 4 }, newConsent({}, 4)),
      no('patient', 'in a language that it has not', '400 argument_invalid locale', { locale: 'es' }),
      no('patient', 'in none', '400 argument_invalid locale', { locale: null }),
      no('patient', 'too often', '429 rate_limited 1', {}, usedUp('patient', 'change')),
    ],
  },
  'public.publish_consent(jsonb)': {
    security: 'definer',
    args: { texts: { en: 'Another text', 'pt-BR': 'Outro texto' } },
    by: ADMINS_ONLY,
    touches: 'clinic',
    tells: '',
    logs: 'clinic consent_published',
    answer: { version: 3, 'texts.en': 'Another text', accepted_at: null },
    cases: [
      {
        why: 'is the administrator’s',
        who: 'admin',
        leaves: {
          "select published_by from public.consent_texts where version = 3 and texts ? 'pt-BR'": 'admin',
        },
      },
      { why: 'none any more', who: 'admin', with: { texts: {} }, answer: { version: 3, texts: {} } },
      no('admin', 'nothing', '400 argument_invalid texts', { texts: null }),
      no('admin', 'a list', '400 argument_invalid texts', { texts: [] }),
      no('admin', 'of no language', '400 argument_invalid texts', { texts: { '1': 'X' } }),
      no('admin', 'of numbers', '400 argument_invalid texts', { texts: { en: 1 } }),
      no('admin', 'that nobody can see', '400 argument_invalid texts', { texts: { en: '\u200b' } }),
      no('admin', 'too long', '400 argument_invalid texts', { texts: { en: 'x'.repeat(20001) } }),
      no('admin', 'too often', '429 rate_limited 1', {}, usedUp('admin', 'change')),
    ],
  },
}
