import type { Page } from '@playwright/test'
import {
  chatOf,
  composer,
  desktop,
  expect,
  expectAccessible,
  keptOnDevice,
  message,
  phone,
  picture,
  signIn,
  test,
  visits,
} from './clinic.ts'
import { withShortTokens } from './short-tokens.ts'

const SECONDS = 24

/** The server's own configuration, with a short time. */
async function withShortIdleness(page: Page) {
  await page.context().route('**/config.json', async route => {
    const answer = await route.fetch()
    const idle = { staffSeconds: SECONDS, patientSeconds: SECONDS }
    await route.fulfill({ response: answer, json: { ...(await answer.json()), idle } })
  })
}

test('E40 who does nothing is warned in all tabs, signed off, and finds the page and the draft again', async ({
  stranger,
}) => {
  test.setTimeout(180_000)
  const page = await stranger({ ...phone, ...withShortTokens })
  await withShortIdleness(page)
  await signIn(page, 'henry')
  await page.goto(chatOf(visits.henry))
  await expect(composer(page)).toBeVisible()
  const other = await page.context().newPage()
  await other.goto('/appointments')
  await expect(other.getByRole('heading', { level: 1 })).toBeVisible()

  const warning = (tab: Page) => tab.getByRole('alertdialog')
  await expect(warning(page)).toBeVisible({ timeout: SECONDS * 1_000 })
  await expect(warning(other)).toBeVisible()
  // The focus is in it, and does not leave it.
  await page.bringToFront()
  for (let i = 0; i < 5; i++) {
    expect(
      await page.evaluate(
        () =>
          document.querySelector('dialog[open]')?.contains(document.activeElement) ||
          document.activeElement === document.body,
      ),
    ).toBe(true)
    await page.keyboard.press('Tab')
  }
  await expectAccessible(page)
  await picture(page, 'idle-warning-phone')
  await page.getByRole('button', { name: 'Stay signed in' }).click()
  await expect(warning(page)).toBeHidden()
  await expect(warning(other)).toBeHidden()

  await composer(page).fill('half a thought')
  await expect(warning(page)).toBeVisible({ timeout: SECONDS * 1_000 })
  await page.waitForURL(/\/sign-in/, { timeout: SECONDS * 1_000 })
  await other.waitForURL(/\/sign-in/)
  await expect(page.getByRole('status')).toContainText('nothing happened for a while')
  await expectAccessible(page)
  await picture(page, 'idle-signed-off-phone')
  expect(await keptOnDevice(page)).not.toContain('exercise test')

  await page.locator('input[type=email]').fill('henry.whitfield@bedside.example')
  await page.locator('input[type=password]').fill('bedside-demo')
  await page.locator('form button[type=submit]').click()
  await page.waitForURL(url => url.pathname === chatOf(visits.henry))
  await expect(composer(page)).toHaveValue('half a thought')

  // The server has it as well: another device shows it.
  const laptop = await stranger({ ...desktop, ...withShortTokens })
  await signIn(laptop, 'henry')
  await laptop.goto(chatOf(visits.henry))
  await expect(composer(laptop)).toHaveValue('half a thought')
})

test('E40 a machine that slept past the time shows nothing on waking', async ({ stranger }) => {
  const page = await stranger({ ...desktop, ...withShortTokens })
  await page.clock.install()
  await signIn(page, 'ines')
  await page.goto(chatOf(visits.henry))
  await expect(
    message(page, 'That is a relief, thank you. I will be at the computer with my daughter.'),
  ).toBeVisible()
  await page.clock.fastForward('16:00')
  await expect(page.locator('.bs-list')).toHaveCount(0)
  await page.waitForURL(/\/sign-in/)
  await expect(page.getByRole('status')).toContainText('nothing happened for a while')
})
