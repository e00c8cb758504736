import type { Page } from '@playwright/test'
import {
  chatOf,
  composer,
  expect,
  expectAccessible,
  message,
  phone,
  picture,
  signIn,
  test,
  visits,
  write,
} from './clinic.ts'
import { withShortTokens } from './short-tokens.ts'

/** As the administrator would through a screen of their own. */
async function publish(page: Page, texts: Record<string, string>) {
  const status = await page.evaluate(async body => {
    const { key } = await (await fetch('/config.json')).json()
    const { access_token } = JSON.parse(localStorage.getItem('bedside-session') ?? '{}')
    const answer = await fetch('/rest/v1/rpc/publish_consent', {
      method: 'POST',
      headers: { apikey: key, authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ texts: body }),
    })
    return answer.status
  }, texts)
  expect(status).toBe(200)
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
  await page.goto(chatOf(visits.layla))
  await composer(page).fill('سؤال آخر')
  await publish(admin, { en: 'Another text.' })
  await page.locator('form button[type=submit]').click()
  // What she wrote stands there with its reason; the composer gives way.
  await expect(page.getByRole('note')).toContainText('تحتاج العيادة إلى موافقتك')
  await expect(message(page, 'سؤال آخر')).toBeVisible()
  await picture(page, 'consent-again-phone-ar')
  await publish(admin, {})
})
