/** A chat that is longer than the screen, and two people in it at once. */
import type { Page } from '@playwright/test'
import {
  chatOf,
  composer,
  desktop,
  expect,
  message,
  phone,
  picture,
  sendAll,
  test,
  visits,
  write,
} from './clinic.ts'
import { withShortTokens } from './short-tokens.ts'

const SENT = 52

const scroller = (page: Page) => page.locator('.bs-scroller')
const fromEnd = (page: Page) =>
  scroller(page).evaluate(box => Math.round(box.scrollHeight - box.scrollTop - box.clientHeight))

/** Where a chat opens depends on what was read in other tests. */
async function toEnd(page: Page) {
  await scroller(page).focus()
  await page.keyboard.press('End')
  await expect.poll(() => fromEnd(page)).toBeLessThanOrEqual(1)
}

/** As with a wheel. */
async function up(page: Page) {
  await scroller(page).hover()
  await page.mouse.wheel(0, -900)
  await expect.poll(() => fromEnd(page)).toBeGreaterThan(500)
}

/** How far a message is below the upper edge of the list. */
const topOf = (page: Page, text: string) =>
  page.locator('.bs-row', { hasText: text }).evaluate(row => {
    const edge = row.closest('.bs-scroller')?.getBoundingClientRect().top ?? Number.NaN
    return row.getBoundingClientRect().top - edge
  })

/** A line to a paragraph, told apart by their numbers. */
const lines = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${name} ${i + 1}. ${'So it goes on. '.repeat((i * 7) % 13)}`)

test('E27 who reads above stays there and is told of what is new; who is at the end follows', async ({
  as,
}) => {
  const doctor = await as('samuel', { ...desktop, ...withShortTokens })
  const patient = await as('amira', { ...phone, ...withShortTokens })
  await sendAll(doctor, visits.amira, lines('Advice', SENT))
  for (const page of [doctor, patient]) {
    await page.goto(chatOf(visits.amira))
    await expect(composer(page)).toBeVisible()
    await toEnd(page)
  }
  await up(doctor)
  await expect(doctor.locator('.bs-pill')).toHaveAttribute('data-state', 'quiet')
  const read = `Advice ${SENT - 12}. `
  await expect(doctor.getByText(read)).toBeInViewport()
  const before = await topOf(doctor, read)

  await write(patient, 'one thing more')
  await expect(message(patient, 'one thing more')).toBeInViewport()
  await expect(doctor.locator('.bs-pill')).toHaveAttribute('data-state', 'new')
  expect(Math.abs((await topOf(doctor, read)) - before)).toBeLessThanOrEqual(1)
  await picture(doctor, 'chat-pill-desktop')
  await doctor.locator('.bs-pill').click()
  await expect(message(doctor, 'one thing more')).toBeInViewport()
  await expect(doctor.locator('.bs-pill')).toHaveCount(0)

  await write(doctor, 'tell me')
  await expect(message(patient, 'tell me')).toBeInViewport()
  // A keyboard on a phone takes half of the screen, and whoever was at the end stays there.
  await patient.setViewportSize({ width: 360, height: 420 })
  await expect(message(patient, 'tell me')).toBeInViewport()
  await expect.poll(() => fromEnd(patient)).toBeLessThanOrEqual(1)

  // Writing brings one back to the end.
  await up(doctor)
  await expect(doctor.locator('.bs-pill')).toBeVisible()
  await write(doctor, 'and come back')
  await expect(message(doctor, 'and come back')).toBeInViewport()
})

test('E27 what has the focus keeps it when its message is scrolled far away', async ({ as }) => {
  const page = await as('samuel', { ...desktop, ...withShortTokens })
  await page.goto(chatOf(visits.amira))
  await expect(composer(page)).toBeVisible()
  await toEnd(page)
  const row = page.locator('.bs-row', { hasText: `Advice ${SENT}. ` })
  await row.getByRole('button').focus()
  await scroller(page).evaluate(box => box.scrollTo(0, 0))
  await expect(row).not.toBeInViewport()
  await expect(row.getByRole('button')).toBeFocused()
  // Others so far away are not in the page at all.
  await expect(page.locator('.bs-row', { hasText: `Advice ${SENT - 1}. ` })).toHaveCount(0)
})
