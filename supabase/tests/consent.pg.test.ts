/** What patients agree to before they write: published by the clinic, accepted once a version, kept as it was. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Clinic, clinic, type PersonName, people, ROSAS_VISIT, type Row } from './clinic.ts'

/** Layla with Dr. Okafor, confirmed. She is new to the clinic. */
const LAYLAS_VISIT = 'b0000000-0000-4000-8000-000000000009'

let bedside: Clinic
let rosas: string
let laylas: string

beforeAll(async () => {
  bedside = await clinic()
  rosas = await bedside.roomOf(ROSAS_VISIT)
  laylas = await bedside.roomOf(LAYLAS_VISIT)
})
afterAll(() => bedside.close())

const consentOf = (person: PersonName) => bedside.call<Row>(person, 'get_consent()')
const accept = (person: PersonName, version: number, locale: string) =>
  bedside.call<Row>(person, 'accept_consent(version => $1, locale => $2)', [version, locale])
const publish = (texts: unknown) =>
  bedside.call<Row>('marta', 'publish_consent(texts => $1)', [JSON.stringify(texts)])
const check = (person: PersonName, room: string) =>
  bedside.call<Row>(person, 'can_reply(room_id => $1)', [room])
const log = async (action: string) =>
  await bedside.owner('select actor_id, details from public.audit_log where action = $1 order by n', [action])

describe('M50 a patient agrees before the first message', () => {
  it('M50 until then every client is refused with a hint, and reading stays', async () => {
    expect(await consentOf('layla')).toMatchObject({ version: 1, accepted_at: null, accepted_locale: null })
    const refused = await bedside.refusal(bedside.send('layla', laylas, 'مرحبا'))
    expect(refused).toMatchObject({ code: 'PT403', message: 'reply_blocked', detail: 'consent_missing' })
    expect(refused.hint).toMatch(/accept_consent/)
    expect(await check('layla', laylas)).toMatchObject({
      may_reply: false,
      block: 'consent_missing',
      next_step: 'accept_consent',
    })
    const opened = await bedside.call<{ room: Row }>('layla', 'open_room(appointment_id => $1)', [
      LAYLAS_VISIT,
    ])
    expect(opened.room).toMatchObject({ reply_block: 'consent_missing', next_step: 'accept_consent' })
    expect(await bedside.call('layla', 'list_messages(room_id => $1)', [laylas])).toMatchObject({
      messages: [],
    })
    // The doctor is asked nothing.
    expect(await check('samuel', laylas)).toMatchObject({ may_reply: true })
  })
  it('M50 agreed, she writes; who, what, in which language and when is kept, once', async () => {
    const first = await accept('layla', 1, 'ar')
    expect(first).toMatchObject({ version: 1, accepted_locale: 'ar' })
    expect(await accept('layla', 1, 'en')).toEqual(first)
    await bedside.send('layla', laylas, 'مرحبا')
    expect(await log('consent_accepted')).toEqual([
      { actor_id: people.layla, details: { version: 1, locale: 'ar' } },
    ])
    expect(await bedside.owner('select problem from private.verify_audit_log()')).toEqual([])
  })
  it('M50 a file is no way around it', async () => {
    await publish({ en: 'Another text' })
    expect(
      await bedside.refusal(
        bedside.call('layla', "edit_message(room_id => $1, message_id => $2, body => 'x')", [
          laylas,
          (await bedside.owner('select id from public.chat_messages where room_id = $1', [laylas]))[0]?.id,
        ]),
      ),
    ).toMatchObject({ detail: 'consent_missing' })
    expect(
      await bedside.refusal(
        bedside.call(
          'layla',
          "start_attachment(id => gen_random_uuid(), room_id => $1, name => 'a.png', media_type => 'image/png', size_bytes => 1)",
          [laylas],
        ),
      ),
    ).toMatchObject({ detail: 'consent_missing' })
  })
})

describe('M51 a new version', () => {
  it('M51 is asked of everybody again, in one of its own languages', async () => {
    const { version } = await publish({ en: 'The newest text', es: 'El texto más nuevo' })
    expect(await check('rosa', rosas)).toMatchObject({ block: 'consent_missing' })
    expect(await bedside.refusal(accept('rosa', Number(version) - 1, 'es'))).toMatchObject({
      code: 'PT409',
      message: 'consent_outdated',
      detail: String(version),
    })
    expect(await bedside.refusal(accept('rosa', Number(version), 'fr'))).toMatchObject({ detail: 'locale' })
    await accept('rosa', Number(version), 'es')
    await bedside.send('rosa', rosas, 'De acuerdo')
    // What she had agreed to before is still there.
    const kept = await bedside.as('rosa', 'select version, locale from public.consents order by version')
    expect(kept).toEqual([
      { version: 1, locale: 'es' },
      { version, locale: 'es' },
    ])
  })
  it('M51 two administrators at once make two versions, and nobody accepts one that is being replaced', async () => {
    const [before] = await bedside.owner('select max(version) as version from public.consent_texts')
    const done = await Promise.all([publish({ en: 'A' }), publish({ en: 'B' })])
    const versions = done.map(each => Number(each.version)).sort()
    expect(versions).toEqual([Number(before?.version) + 1, Number(before?.version) + 2])
    const [published, accepted] = await Promise.allSettled([
      publish({ en: 'C' }),
      accept('henry', versions[1] ?? 0, 'en'),
    ])
    expect(published.status).toBe('fulfilled')
    // Before it or not at all.
    if (accepted.status === 'rejected') expect(accepted.reason).toMatchObject({ message: 'consent_outdated' })
    expect(await consentOf('henry')).toMatchObject({ version: (versions[1] ?? 0) + 1, accepted_at: null })
  })
  it('M51 a clinic that asks for none any more lets everybody write', async () => {
    await publish({})
    expect(await check('rosa', rosas)).toMatchObject({ may_reply: true })
    expect(await bedside.refusal(accept('rosa', 99, 'en'))).toMatchObject({ message: 'consent_outdated' })
  })
})

describe('M52 what was agreed to stays as it was', () => {
  it.each([
    "update public.consents set locale = 'en'",
    'delete from public.consents',
    'truncate public.consents',
    "update public.consent_texts set texts = '{}'",
    'delete from public.consent_texts',
    'truncate public.consent_texts cascade',
  ])('M52 %s is refused, to its owner too', async statement => {
    await expect(bedside.owner(statement)).rejects.toMatchObject({ code: '42501' })
  })
  it('M52 only administrators publish', async () => {
    for (const person of ['ines', 'rosa'] as const) {
      const refused = await bedside.refusal(
        bedside.call(person, `publish_consent(texts => '{"en": "Mine"}')`),
      )
      expect(refused).toMatchObject({ message: 'forbidden', detail: 'admin' })
    }
  })
})
