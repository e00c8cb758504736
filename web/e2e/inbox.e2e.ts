import type { Page } from '@playwright/test'
import {
  chatOf,
  composer,
  desktop,
  expect,
  expectAccessible,
  message,
  phone,
  picture,
  test,
  visits,
  write,
} from './clinic.ts'
import { tooWide } from './layout-checks.ts'

const expectFits = async (page: Page) => expect(await tooWide(page)).toBe(0)

for (const [size, options] of Object.entries({ phone, desktop })) {
  test(`E32 who begins to wait comes first in the inbox at once, and leaves it when answered: ${size}`, async ({
    as,
  }) => {
    const doctor = await as('ines', options)
    const desk = await as('marta', options)
    const patient = await as('henry')

    await doctor.goto(chatOf(visits.henry))
    await expect(composer(doctor)).toBeVisible()
    await write(doctor, `answered before the inbox, ${size}`)
    await expect(message(doctor, `answered before the inbox, ${size}`)).toBeVisible()

    await doctor.goto('/appointments')
    await doctor.getByRole('link', { name: 'Inbox' }).click()
    const henry = doctor.getByRole('article').filter({ hasText: 'Henry Whitfield' }).first()
    await expect(henry).toBeVisible()
    await expect(henry).not.toContainText('waits for an answer')

    await desk.goto('/appointments?show=inbox')
    const seen = desk.getByRole('article').filter({ hasText: 'Henry Whitfield' })
    await expect(desk.locator('nav [aria-current=page]')).toBeVisible()
    await expect(seen).toHaveCount(0)

    await patient.goto(chatOf(visits.henry))
    await expect(composer(patient)).toBeVisible()
    await write(patient, `a question for the inbox, ${size}`)
    await expect(henry).toContainText('waits for an answer')
    await expect(doctor.locator('nav [aria-current=page]')).toHaveText(['Inbox'])
    await expectAccessible(doctor)
    await expectFits(doctor)
    await picture(doctor, `inbox-${size}`)
    await doctor.getByRole('button', { name: 'Waiting only' }).click()
    await expect(doctor).toHaveURL(/only=waiting/)
    for (const card of await doctor.getByRole('article').all()) {
      await expect(card).toContainText(/wait/i)
    }

    await expect(seen).toContainText(/wait/i)
    // To the appointment, not to the conversation.
    await expect(seen.getByRole('link')).toHaveAccessibleName(/^Details of the appointment with/)
    await expect(desk.getByText(`a question for the inbox, ${size}`)).toHaveCount(0)
    await expectAccessible(desk)
    await expectFits(desk)
    await picture(desk, `inbox-desk-${size}`)
    await desk.goto('/appointments')
    await expect(desk.getByRole('article').filter({ hasText: 'Henry Whitfield' }).first()).not.toContainText(
      'Chat not started',
    )

    await henry.getByRole('link', { name: /^Chat with/ }).click()
    await expect(composer(doctor)).toBeVisible()
    await write(doctor, `and the answer, ${size}`)
    await expect(message(doctor, `and the answer, ${size}`)).toBeVisible()
    // Not sent yet, perhaps.
    await doctor.goBack()
    await expect(doctor).toHaveURL(/show=inbox/)
    await expect(henry).toHaveCount(0)
    await desk.goBack()
    await expect(desk).toHaveURL(/show=inbox/)
    await expect(seen).toHaveCount(0)
  })

  test(`E32 the inbox reads from right to left as well: ${size}`, async ({ as }) => {
    const page = await as('ines', { ...options, colorScheme: 'dark' })
    await page.route('**/rest/v1/rpc/get_profile', async route => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, json: { ...(await answer.json()), locale: 'ar' } })
    })
    await page.goto('/appointments?show=inbox')
    await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
    await expect(page.getByRole('article').first()).toBeVisible()
    await expectAccessible(page)
    await expectFits(page)
    await picture(page, `inbox-${size}-ar`)
  })
}
