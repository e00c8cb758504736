import type { Page } from '@playwright/test'
import { expect, expectAccessible, phone, picture, signIn, test } from './clinic.ts'
import { tooWide } from './layout-checks.ts'
import { withShortTokens } from './short-tokens.ts'

async function expectPage(page: Page, lang: string, dir: 'ltr' | 'rtl') {
  await expect(page.locator('html')).toHaveAttribute('lang', lang)
  await expect(page.locator('html')).toHaveAttribute('dir', dir)
}

/** On which side of the page something is. */
async function sideOf(page: Page, name: RegExp): Promise<'left' | 'right'> {
  const box = await page.getByRole('link', { name }).first().boundingBox()
  const width = page.viewportSize()?.width ?? 0
  return (box?.x ?? 0) + (box?.width ?? 0) / 2 < width / 2 ? 'left' : 'right'
}

test('E46 a patient chooses Arabic on a phone: at once, after a reload, on another device; and goes back by keyboard', async ({
  stranger,
}) => {
  // Two devices, one after the other.
  const page = await stranger({ ...phone, ...withShortTokens })
  await signIn(page, 'henry')
  await page.goto('/account')
  await expect(page.getByRole('heading', { level: 1, name: 'Your account' })).toBeVisible()
  expect(await sideOf(page, /Bedside/)).toBe('left')
  // What a reload would take away.
  await page.evaluate(() => Object.assign(window, { isSamePage: true }))
  await page.getByRole('button', { name: 'العربية' }).tap()
  await expect(page.getByRole('heading', { level: 1, name: 'حسابك' })).toBeVisible()
  await expectPage(page, 'ar', 'rtl')
  expect(await sideOf(page, /Bedside/)).toBe('right')
  expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true)
  expect(await tooWide(page)).toBe(0)
  await expectAccessible(page)
  await picture(page, 'account-phone-ar')

  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: 'حسابك' })).toBeVisible()
  await expectPage(page, 'ar', 'rtl')

  const other = await stranger(withShortTokens)
  await signIn(other, 'henry')
  await expect(other.getByRole('heading', { level: 1, name: 'المواعيد' })).toBeVisible()
  await expectPage(other, 'ar', 'rtl')

  // By keyboard alone, from the address on.
  await other.goto('/account')
  await expect(other.getByRole('heading', { level: 1, name: 'حسابك' })).toBeVisible()
  const english = other.getByRole('button', { name: 'English' })
  for (let step = 0; step < 10; step++) {
    if (await english.evaluate(each => each === document.activeElement)) break
    await other.keyboard.press('Tab')
  }
  await expect(english).toBeFocused()
  await picture(other, 'account-desktop-ar')
  await other.keyboard.press('Enter')
  await expect(other.getByRole('heading', { level: 1, name: 'Your account' })).toBeVisible()
  await expectPage(other, 'en-GB', 'ltr')
  await expect(english).toBeFocused()
  await expectAccessible(other)
})

test('E46 without a network the page says that it was not changed, and stays as it was', async ({
  stranger,
}) => {
  const page = await stranger({ ...phone, ...withShortTokens })
  await signIn(page, 'henry')
  await page.goto('/account')
  await expect(page.getByRole('heading', { level: 1, name: 'Your account' })).toBeVisible()
  await page.route('**/rest/v1/profiles*', route => route.abort('internetdisconnected'))
  await page.getByRole('button', { name: 'Français' }).tap()
  await expect(page.getByText('The language was not changed')).toBeVisible()
  await expectPage(page, 'en-GB', 'ltr')
  await expectAccessible(page)
  await picture(page, 'account-language-failed-phone')
})

test('E46 before signing in the choice is the device’s, and what was typed stays', async ({ stranger }) => {
  const page = await stranger({ ...phone, ...withShortTokens })
  await page.goto('/sign-in')
  await page.locator('input[type=email]').fill('henry.whitfield@bedside.example')
  await page.getByRole('button', { name: 'العربية' }).tap()
  await expect(page.getByRole('heading', { level: 1, name: 'تسجيل الدخول' })).toBeVisible()
  await expectPage(page, 'ar', 'rtl')
  await expect(page.locator('input[type=email]')).toHaveValue('henry.whitfield@bedside.example')
  expect(await tooWide(page)).toBe(0)
  await expectAccessible(page)
  await picture(page, 'sign-in-chosen-phone-ar')
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: 'تسجيل الدخول' })).toBeVisible()
  const elsewhere = await stranger({ ...phone, ...withShortTokens })
  await elsewhere.goto('/sign-in')
  await expect(elsewhere.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible()
})
