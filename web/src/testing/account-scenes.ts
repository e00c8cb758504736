/** The gallery's scenes of what belongs to a person: their account, and what they agree to. */
import type { Consent, Profile } from '@bedside/core'
import type { Scene } from './scenes.ts'

const consent: Consent = {
  version: 3,
  texts: {
    en: 'With Bedside you and the people who treat you write to each other about your appointment.\n\nNot for emergencies. In an emergency call 112.\n\nWhat you write is kept for ten years.',
    es: 'Con Bedside usted y quienes le atienden se escriben sobre su cita.\n\nNo es para urgencias. En una urgencia llame al 112.',
    ar: 'مع Bedside تتبادل أنت ومن يعالجونك الرسائل حول موعدك.\n\nليس للحالات الطارئة. في حالة الطوارئ اتصل بالرقم 112.',
  },
  publishedAt: '2026-11-02T09:00:00.000Z',
  acceptedAt: null,
  acceptedLocale: null,
}

/** `scene`: somebody at an address, in a clinic that asks for this to be agreed to. */
export function accountScenes(
  people: Record<'patient' | 'arabic' | 'desk', Profile>,
  scene: (who: Profile, path: string, consent: Consent) => Scene,
): Record<string, Scene> {
  const agreed = { ...consent, acceptedAt: '2026-11-03T09:00:00.000Z', acceptedLocale: 'en' }
  const nothing = { ...consent, version: 0, texts: {}, publishedAt: null }
  return {
    account: scene(people.patient, '/account', agreed),
    'account-ar': scene(people.arabic, '/account', agreed),
    'account-desk': scene(people.desk, '/account', consent),
    consent: scene(people.patient, '/consent', consent),
    'consent-ar': scene(people.arabic, '/consent', consent),
    'consent-agreed': scene(people.patient, '/consent', agreed),
    'publish-consent': scene(people.desk, '/consent/publish', consent),
    'publish-consent-ar': scene({ ...people.desk, locale: 'ar' }, '/consent/publish', consent),
    'publish-consent-first': scene(people.desk, '/consent/publish', nothing),
    'publish-consent-patient': scene(people.patient, '/consent/publish', consent),
  }
}
