import { chatOf, composer, expect, message, phone, test, visits, write } from './clinic.ts'

test('E20 what was being written is there after a reload, on another device too, and gone once sent', async ({
  as,
}) => {
  const patient = await as('amira', phone)
  await patient.goto(chatOf(visits.amira))
  await composer(patient).fill('Since Monday my left')
  await patient.reload()
  await expect(composer(patient)).toHaveValue('Since Monday my left')

  const second = await as('amira')
  await expect(async () => {
    await second.goto(chatOf(visits.amira))
    await expect(composer(second)).toHaveValue('Since Monday my left', { timeout: 1_500 })
  }).toPass()
  await write(second, 'Since Monday my left foot hurts')
  await expect(message(second, 'Since Monday my left foot hurts')).toBeVisible()
  for (const page of [second, patient]) {
    await expect(async () => {
      await page.reload()
      await expect(message(page, 'Since Monday my left foot hurts')).toBeVisible()
      await expect(composer(page)).toHaveValue('', { timeout: 1_500 })
    }).toPass()
  }
})
