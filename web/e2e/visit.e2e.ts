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
import { withShortTokens } from './short-tokens.ts'

const take = async (page: Page, step: string, yes: string) => {
  await page.getByRole('button', { name: step }).click()
  await expectAccessible(page)
  await page.getByRole('button', { name: yes }).click()
}

// In the clinic of the second stack: what happens to these appointments would surprise the other tests.
test('E22 an appointment is confirmed, started and completed, and the patient’s chat goes with it, live', async ({
  as,
}) => {
  const doctor = await as('samuel', { ...desktop, ...withShortTokens })
  const patient = await as('rosa', { ...phone, ...withShortTokens })
  for (const page of [doctor, patient]) await page.goto(chatOf(visits.rosaRequested))
  await expect(patient.getByText('La cita todavía no está confirmada', { exact: false })).toBeVisible()
  await picture(doctor, 'visit-requested-desktop')
  await doctor.getByRole('button', { name: 'Confirm' }).click()
  await picture(doctor, 'visit-confirming-desktop')
  await doctor.getByRole('button', { name: 'Go back' }).click()

  await take(doctor, 'Confirm', 'Yes, confirm')
  await expect(composer(patient)).toBeVisible()
  await write(patient, '¿Puedo recogerla yo misma?')
  await expect(message(doctor, '¿Puedo recogerla yo misma?')).toBeVisible()
  await take(doctor, 'Start', 'Yes, start')
  await expect(patient.getByText('inició la cita', { exact: false })).toBeVisible()
  await take(doctor, 'Complete', 'Yes, complete')
  await expect(patient.getByText('finalizó la cita', { exact: false })).toBeVisible()
  await expect(composer(patient)).toBeVisible()
  await expect(patient.getByText('Puede escribir aquí hasta', { exact: false })).toBeVisible()
  await expect(doctor.getByRole('heading', { name: 'Next steps' })).toHaveCount(0)
})

test('E22 a patient cancels, with the reason, from the phone; nobody writes there any more', async ({
  as,
}) => {
  const doctor = await as('samuel', { ...desktop, ...withShortTokens })
  const patient = await as('amira', { ...phone, ...withShortTokens })
  for (const page of [doctor, patient]) await page.goto(chatOf(visits.amira))
  await expect(composer(doctor)).toBeVisible()
  await patient.getByRole('button', { name: 'Details' }).click()
  const sheet = patient.getByRole('dialog')
  await sheet.getByRole('button', { name: 'Cancel appointment' }).click()
  await sheet.getByRole('textbox').fill('I am travelling')
  await picture(patient, 'visit-cancelling-phone')
  await sheet.getByRole('button', { name: 'Yes, cancel it' }).click()
  await expect(sheet.getByText('Why it was cancelled')).toBeVisible()
  await expect(doctor.getByText('I am travelling')).toBeVisible()
  await expect(doctor.locator('.bs-closed')).toBeVisible()
  await expect(composer(doctor)).toHaveCount(0)
})
