import type { Page } from '@playwright/test'
import {
  chatOf,
  composer,
  desktop,
  expect,
  expectInOrder,
  keptOnDevice,
  message,
  pageOf,
  phone,
  picture,
  test,
  visits,
  write,
} from './clinic.ts'

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name })
/** What the page asked the server to do. */
function callsOf(page: Page): string[] {
  const calls: string[] = []
  page.on('request', request => {
    const [, name] = /\/rpc\/(\w+)/.exec(request.url()) ?? []
    if (name !== undefined) calls.push(name)
  })
  return calls
}

for (const [size, options] of Object.entries({ phone, desktop })) {
  test(`E44 a patient goes from the list to the appointment, to the chat and back: ${size}`, async ({
    as,
  }) => {
    const page = await as('henry', options)
    const calls = callsOf(page)
    const card = page.getByRole('article').filter({ hasText: 'Dr. Inés Castellano' }).first()
    await card.getByRole('link', { name: /^Details of the appointment/ }).click()
    await expect(heading(page, /Appointment with .*Inés Castellano/)).toBeFocused()
    await expect(page).toHaveURL(new RegExp(`/appointments/${visits.henry}$`))
    await expect(page.getByRole('link', { name: /visit\.bedside\.example/ })).toBeVisible()
    await expect(page.getByText('Results of the exercise test')).toBeVisible()
    await expect(page.getByText('Chat open', { exact: true })).toBeVisible()
    await expectInOrder(page)
    await picture(page, `appointment-patient-${size}`)
    // Looking at it is not reading the chat.
    expect(calls).toContain('get_appointment')
    expect(calls).not.toContain('open_room')
    expect(calls).not.toContain('mark_read')

    await page.getByRole('link', { name: /^Open the chat/ }).click()
    await expect(composer(page)).toBeVisible()
    await page.goBack()
    await expect(heading(page, /Appointment with/)).toBeVisible()
    await page.goBack()
    await expect(heading(page, 'Appointments')).toBeVisible()
    await page.goForward()
    await page.goForward()
    await expect(composer(page)).toBeVisible()
    if (size === 'phone') await page.getByRole('button', { name: 'Details' }).click()
    await page.getByRole('link', { name: 'Open the appointment’s page' }).filter({ visible: true }).click()
    await expect(heading(page, /Appointment with/)).toBeFocused()
    await page.goBack()
    await expect(composer(page)).toBeVisible()
  })

  test(`E44 the front desk finds the appointment and how its chat stands, never a word of it: ${size}`, async ({
    as,
  }) => {
    const words = `for the doctor only, ${size}`
    const patient = await as('henry')
    await patient.goto(chatOf(visits.henry))
    await write(patient, words)
    await expect(message(patient, words)).toBeVisible()

    const page = await as('marta', { ...options, colorScheme: 'dark' })
    const calls = callsOf(page)
    await page.goto('/appointments?show=inbox')
    await page.getByRole('article').filter({ hasText: 'Henry Whitfield' }).getByRole('link').click()
    await expect(heading(page, /Appointment of .*Henry Whitfield/)).toBeFocused()
    await expect(page.getByText('Chat open', { exact: true })).toBeVisible()
    await expect(page.getByText(/wait/i).first()).toBeVisible()
    await expect(page.getByText('Dr. Inés Castellano')).toBeVisible()
    await expect(page.getByRole('link', { name: /chat/i })).toHaveCount(0)
    await expect(page.getByRole('button', { name: 'Cancel appointment' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Complete' })).toHaveCount(0)
    await expectInOrder(page)
    await picture(page, `appointment-desk-${size}`)
    expect(calls).not.toContain('open_room')
    expect(await keptOnDevice(page)).not.toContain(words)
    expect(await page.content()).not.toContain(words)
    await page.goBack()
    await expect(page).toHaveURL(/show=inbox/)
  })
}

test('E44 what is somebody else’s, unknown or no id at all looks the same, and leads to the list', async ({
  as,
}) => {
  const page = await as('henry', phone)
  const seen: string[] = []
  for (const id of [visits.amira, 'b0000000-0000-4000-8000-0000000000ff', 'nonsense']) {
    await page.goto(pageOf(id))
    await expect(page.getByText('This appointment cannot be shown')).toBeVisible()
    seen.push((await page.locator('main').innerHTML()).replaceAll(/id="[^"]*"/g, ''))
  }
  expect(new Set(seen).size).toBe(1)
  await expectInOrder(page)
  await picture(page, 'appointment-not-found-phone')
  await page.getByRole('alert').getByRole('link', { name: 'Back to appointments' }).click()
  await expect(heading(page, 'Appointments')).toBeVisible()
})

test('E44 an appointment of the list opens without the server, says so and changes nothing; then it is fresh again', async ({
  as,
}) => {
  const page = await as('amira', desktop)
  await expect(page.getByText('Dr. Samuel Okafor').first()).toBeVisible()
  await expect(async () => {
    expect(await keptOnDevice(page)).toContain(visits.amira)
  }).toPass()
  const asked = /\/(rest|auth|storage)\/v1\//
  await page.context().route(asked, route => route.abort())
  await page.goto(pageOf(visits.amira))
  await expect(page.getByText('as it was at your last visit', { exact: false })).toBeVisible()
  await expect(heading(page, /Appointment with .*Samuel Okafor/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Cancel appointment' })).toHaveCount(0)
  await expectInOrder(page)
  await page.context().unroute(asked)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('button', { name: 'Cancel appointment' })).toBeVisible()
  await expect(page.getByText('as it was at your last visit', { exact: false })).toHaveCount(0)
})
