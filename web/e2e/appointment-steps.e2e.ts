import type { Page } from '@playwright/test'
import { desktop, expect, expectInOrder, pageOf, phone, picture, test, visits } from './clinic.ts'
import { withShortTokens } from './short-tokens.ts'

const heading = (page: Page, name: RegExp) => page.getByRole('heading', { level: 1, name })
const taking = (page: Page) => async (step: string, consequence: RegExp, yes: string) => {
  await page.getByRole('button', { name: step }).click()
  await expect(page.getByText(consequence)).toBeFocused()
  await page.getByRole('button', { name: yes }).click()
}

test('E44 a doctor stops replies, closes and reopens the chat, told first what it does; the patient’s page follows', async ({
  as,
}) => {
  const page = await as('ines', { ...desktop, ...withShortTokens })
  const patient = await as('rosa', { ...phone, ...withShortTokens })
  await page.goto(pageOf(visits.rosa))
  await patient.goto(pageOf(visits.rosa))
  await expect(patient.getByRole('link', { name: /^Abrir el chat/ })).toBeVisible()
  const take = taking(page)

  await take('Stop replies from the patient', /is asked to call the clinic instead/, 'Yes, stop replies')
  await expect(page.getByText('Replies from the patient are turned off.')).toBeVisible()
  await expect(patient.getByRole('note')).toContainText('Las respuestas están desactivadas')
  await take('Allow replies from the patient', /can write here again/, 'Yes, allow replies')
  await expect(patient.getByRole('note')).toHaveCount(0)

  await expectInOrder(page)
  await take('Close the chat', /The conversation ends/, 'Yes, close it')
  await expect(page.getByText('Chat closed', { exact: true })).toBeVisible()
  await expect(patient.getByText('Chat cerrado', { exact: true })).toBeVisible()
  await picture(patient, 'appointment-closed-phone-es')
  await picture(page, 'appointment-closed-desktop')
  await take('Reopen the chat', /Writing is possible again/, 'Yes, reopen')
  await expect(patient.getByText('Chat abierto', { exact: true })).toBeVisible()
})

test('E44 a doctor lets a colleague in and out, told first what it means; the colleague’s page goes', async ({
  as,
}) => {
  const page = await as('ines', { ...desktop, ...withShortTokens })
  const colleague = await as('samuel', { ...phone, ...withShortTokens })
  await page.goto(pageOf(visits.rosa))
  const take = taking(page)
  await take('Add a colleague', /Samuel Okafor.* can read everything in this chat/, 'Yes, add')
  const people = page.getByRole('region', { name: 'People' })
  await expect(people.getByRole('listitem').filter({ hasText: 'Dr. Samuel Okafor' })).toBeVisible()
  await expectInOrder(page)
  await colleague.goto(pageOf(visits.rosa))
  await expect(heading(colleague, /Rosa Delgado/)).toBeVisible()
  await take('Remove', /can no longer read or write/, 'Yes, remove')
  await expect(colleague.getByText('This appointment cannot be shown')).toBeVisible()
  await expect(heading(colleague, /Rosa/)).toHaveCount(0)
})
