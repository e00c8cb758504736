import type { Page } from '@playwright/test'
import {
  chatOf,
  composer,
  expect,
  expectAccessible,
  message,
  phone,
  picture,
  publish,
  signIn,
  test,
  visits,
  withdrawConsent,
  write,
} from './clinic.ts'
import { withShortTokens } from './short-tokens.ts'

test.afterEach(withdrawConsent)

/**
 * From here on, but for the first `passes` looks, the page learns nothing of its room until released: a look between a
 * publishing and a press on "Send" would rightly take the composer away first.
 */
async function holdRoom(page: Page, passes = 0): Promise<() => void> {
  let left = passes
  let release = () => {}
  const isReleased = new Promise<void>(resolve => {
    release = resolve
  })
  await page.route('**/rpc/open_room', async route => {
    if (left-- <= 0) await isReleased
    await route.continue()
  })
  return release
}

test('E37 a new patient reads, declines, agrees and writes; a new version is asked for again, and her words are kept', async ({
  stranger,
}) => {
  const page = await stranger({ ...phone, ...withShortTokens })
  await signIn(page, 'layla')
  await page.goto(chatOf(visits.layla))
  const notice = page.getByRole('note')
  await expect(notice).toContainText('تحتاج العيادة إلى موافقتك')
  await expect(notice.getByRole('link', { name: /910/ })).toBeVisible()
  // The main way first.
  await expect(notice.getByRole('link').first()).toHaveText('القراءة واتخاذ القرار')
  await expect(composer(page)).toHaveCount(0)
  await expectAccessible(page)
  await picture(page, 'consent-missing-phone-ar')

  await notice.getByRole('link', { name: 'القراءة واتخاذ القرار' }).click()
  await expect(page.getByText('ليس للحالات الطارئة', { exact: false })).toBeVisible()
  await expectAccessible(page)
  await picture(page, 'consent-phone-ar')
  await page.getByRole('button', { name: 'لا أوافق', exact: true }).click()
  await expect(page.getByRole('note')).toContainText('تحتاج العيادة إلى موافقتك')

  await page.getByRole('note').getByRole('link', { name: 'القراءة واتخاذ القرار' }).click()
  await page.getByRole('button', { name: 'أوافق', exact: true }).click()
  await write(page, 'شكرا')
  await expect(message(page, 'شكرا')).toBeVisible()
  await page.goto('/consent')
  await expect(page.getByText('وافقت على هذا بتاريخ', { exact: false })).toBeVisible()
  await picture(page, 'consent-agreed-phone-ar')

  const admin = await stranger(withShortTokens)
  await signIn(admin, 'marta')
  const release = await holdRoom(page, 1)
  const opened = page.waitForResponse('**/rpc/open_room')
  await page.goto(chatOf(visits.layla))
  await opened
  await composer(page).fill('سؤال آخر')
  await publish(admin, { en: 'Another text.' })
  await page.locator('form button[type=submit]').click()
  release()
  // What she wrote stands there with its reason; the composer gives way.
  await expect(page.getByRole('note')).toContainText('تحتاج العيادة إلى موافقتك')
  await expect(message(page, 'سؤال آخر')).toBeVisible()
  await picture(page, 'consent-again-phone-ar')
})

test('E51 an administrator publishes a new version, and a patient who had agreed is asked again in her language', async ({
  stranger,
}) => {
  // Two people, one after the other.
  const patient = await stranger({ ...phone, ...withShortTokens, locale: 'fr-FR' })
  await signIn(patient, 'camille')
  await patient.goto(chatOf(visits.camille))
  await expect(composer(patient)).toBeVisible()
  await expect(patient.getByText('En cas d’urgence, appelez le 112.', { exact: false })).toBeVisible()
  await picture(patient, 'chat-camille-phone-fr')

  const admin = await stranger({ ...phone, ...withShortTokens })
  await signIn(admin, 'marta')
  await admin.goto('/account')
  await admin.getByRole('link', { name: 'Publish a new version' }).click()
  await expect(admin.getByRole('heading', { level: 1, name: 'Consent text' })).toBeVisible()
  const arabic = admin.getByLabel('Arabic', { exact: true })
  expect(
    await arabic.evaluate(field => [field.getAttribute('lang'), getComputedStyle(field).direction]),
  ).toEqual(['ar', 'rtl'])
  await admin.getByLabel('English', { exact: true }).fill('What we agree on now.\n\nYour rights.')
  await admin.getByLabel('French', { exact: true }).fill('Ce que nous convenons désormais.\n\nVos droits.')
  await arabic.fill('ما نتفق عليه الآن.')
  await admin.getByLabel('Spanish', { exact: true }).fill('')
  await expectAccessible(admin)
  await picture(admin, 'publish-consent-phone')

  // Not even a reload costs what was written.
  await admin.reload()
  await expect(admin.getByLabel('French', { exact: true })).toHaveValue(/désormais/)
  await admin.getByRole('button', { name: 'See it as patients do' }).click()
  await expect(admin.getByRole('heading', { name: 'This is how patients will read it' })).toBeFocused()
  await expect(admin.getByText('Without a text: Spanish', { exact: false })).toBeVisible()
  await expect(admin.getByText('asked again before their next message', { exact: false })).toBeVisible()
  await expectAccessible(admin)
  await picture(admin, 'publish-consent-preview-phone')
  const release = await holdRoom(patient)
  await admin.getByRole('button', { name: /^Publish version \d+$/ }).click()
  await expect(admin.getByRole('status').filter({ hasText: /^Version \d+ is published/ })).toBeFocused()
  await expectAccessible(admin)
  await picture(admin, 'publish-consent-done-phone')

  await write(patient, 'Une dernière question')
  release()
  const notice = patient.getByRole('note')
  await expect(notice).toContainText('la clinique a besoin de votre accord')
  await expect(message(patient, 'Une dernière question')).toBeVisible()
  await notice.getByRole('link', { name: 'Lire et décider' }).click()
  const paragraph = patient.getByText('Ce que nous convenons désormais.', { exact: true })
  await expect(paragraph).toBeVisible()
  expect(await paragraph.evaluate(each => each.closest('[lang]')?.getAttribute('lang'))).toBe('fr')
  await patient.getByRole('button', { name: 'Je suis d’accord', exact: true }).click()
  await expect(composer(patient)).toBeVisible()
})

test('E51 who is no administrator finds no such page', async ({ stranger }) => {
  const page = await stranger({ ...phone, ...withShortTokens })
  await signIn(page, 'ines')
  await page.goto('/consent/publish')
  await expect(
    page.getByRole('heading', { level: 1, name: 'There is no page at this address.' }),
  ).toBeAttached()
})
