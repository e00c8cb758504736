import { readFile, rm } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import {
  chatOf,
  composer,
  desktop,
  expect,
  expectAccessible,
  PASSWORD,
  people,
  phone,
  picture,
  signIn,
  test,
  visits,
} from './clinic.ts'
import { tooWide } from './layout-checks.ts'
import { MAIL_FILE, TOKEN_SECONDS, withShortTokens } from './short-tokens.ts'

/** The token's end, which is when a page that is only looked at finds out: an hour, and a hundred seconds here. */
const untilTokenEnds = (page: Page) => page.clock.fastForward((TOKEN_SECONDS + 5) * 1_000)

const newestLink = async () => {
  const lines = (await readFile(MAIL_FILE, 'utf8').catch(() => '')).trim().split('\n')
  return lines.at(-1) ? (JSON.parse(lines.at(-1) ?? '') as { to: string; link: string }) : null
}

test('E38 a forgotten password is set anew by the mailed link; the other device is signed out, and the link is used up', async ({
  stranger,
}) => {
  await rm(MAIL_FILE, { force: true })
  const other = await stranger({ ...desktop, ...withShortTokens })
  await other.clock.install()
  await signIn(other, 'henry')
  await other.goto(chatOf(visits.henry))
  await expect(composer(other)).toBeVisible()

  const page = await stranger({ ...phone, ...withShortTokens })
  await page.goto('/sign-in')
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await expectAccessible(page)
  await picture(page, 'forgot-password-phone')
  await page.locator('input[type=email]').fill(people.henry.email)
  await page.locator('form button[type=submit]').click()
  await expect(page.getByRole('heading', { name: 'Look at your mail' })).toBeVisible()
  await expectAccessible(page)
  expect(await tooWide(page)).toBe(0)
  await picture(page, 'forgot-password-sent-phone')

  await expect.poll(async () => (await newestLink())?.to).toBe(people.henry.email)
  const { link } = (await newestLink()) ?? { link: '' }
  await page.goto(link)
  await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeVisible()
  expect(page.url()).not.toContain('token')
  // A reload still has it.
  await page.reload()
  await page.locator('input#new-password').fill('too short')
  await page.locator('form button[type=submit]').click()
  await expect(page.getByText('Use at least 10 characters.', { exact: true })).toBeVisible()
  await expectAccessible(page)
  await picture(page, 'set-password-phone')
  await page.locator('input#new-password').fill('three plain words')
  await page.locator('form button[type=submit]').click()
  await page.waitForURL(/\/appointments/)
  await page.goto(chatOf(visits.henry))
  await expect(composer(page)).toBeVisible()

  await untilTokenEnds(other)
  await other.waitForURL(/\/sign-in/)
  await expect(other.getByText('your session ended', { exact: false })).toBeVisible()
  await expect(other.getByRole('link', { name: 'Forgot your password?' })).toBeVisible()

  const late = await stranger({ ...phone, ...withShortTokens, locale: 'ar' })
  await late.goto(link)
  await late.locator('input#new-password').fill('three other words')
  await late.locator('form button[type=submit]').click()
  await expect(late.getByRole('heading', { name: 'لم يعد هذا الرابط يعمل' })).toBeVisible()
  await expectAccessible(late)
  await picture(late, 'set-password-gone-phone-ar')
  await late.goto('/sign-in')
  await late.locator('input[type=email]').fill(people.henry.email)
  await late.locator('input[type=password]').fill(PASSWORD)
  await late.locator('form button[type=submit]').click()
  await expect(late.getByRole('alert')).toBeVisible()
})

test('E39 signing out on all devices signs out here at once and there with the next token', async ({
  stranger,
}) => {
  const [page, other] = [
    await stranger({ ...phone, ...withShortTokens }),
    await stranger({ ...desktop, ...withShortTokens }),
  ]
  await other.clock.install()
  await signIn(other, 'amira')
  await signIn(page, 'amira')
  await page
    .getByRole('link', { name: /Amira Haddad/ })
    .first()
    .click()
  await expect(page.getByRole('heading', { name: 'Your account' })).toBeVisible()
  await expectAccessible(page)
  expect(await tooWide(page)).toBe(0)
  await picture(page, 'account-phone')
  await page.getByRole('button', { name: 'Sign out on all devices' }).click()
  await page.waitForURL(/\/sign-in/)
  await expect(page.getByText('You are signed out.')).toBeVisible()
  await untilTokenEnds(other)
  await other.waitForURL(/\/sign-in/)
})
