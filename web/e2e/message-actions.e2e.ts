import {
  bubble,
  chatOf,
  composer,
  desktop,
  expect,
  expectAccessible,
  message,
  people,
  phone,
  picture,
  test,
  visits,
  write,
} from './clinic.ts'

test('E21 a message is answered, changed and removed, and the other screen follows', async ({ as }) => {
  const patient = await as('henry', phone)
  const doctor = await as('ines', { ...desktop, colorScheme: 'dark' })
  for (const page of [patient, doctor]) {
    await page.goto(chatOf(visits.henry))
    await expect(composer(page)).toBeVisible()
  }
  await write(doctor, 'Take the blue pill in the mornign')
  const row = patient.locator('.bs-row', { hasText: 'Take the blue pill' })
  await row.getByRole('button', { name: /What to do with the message/ }).click()
  await expectAccessible(patient)
  await row.getByRole('button', { name: 'Reply' }).click()
  await expect(composer(patient)).toBeFocused()
  await expectAccessible(patient)
  await picture(patient, 'chat-reply-phone')
  await write(patient, 'Before breakfast?')
  await expect(
    bubble(doctor, 'Before breakfast?').getByText('Take the blue pill in the mornign'),
  ).toBeVisible()

  // By keyboard: the last message of one's own.
  await composer(doctor).focus()
  await doctor.keyboard.press('ArrowUp')
  await expect(doctor.getByRole('textbox', { name: 'Your message, changed' })).toBeFocused()
  await expectAccessible(doctor)
  await picture(doctor, 'chat-edit-desktop-dark')
  await doctor
    .getByRole('textbox', { name: 'Your message, changed' })
    .fill('Take the blue pill in the morning')
  await doctor.keyboard.press('Enter')
  for (const page of [patient, doctor]) {
    await expect(bubble(page, 'Take the blue pill in the morning').first()).toContainText('Edited')
    await expect(page.getByText('mornign')).toHaveCount(0)
  }

  const mine = patient.locator('.bs-row', { hasText: 'Before breakfast?' })
  await mine.getByRole('button', { name: /What to do with the message/ }).click()
  // Who has read it, and when.
  await expect(mine.locator('.bs-receipts li', { hasText: people.ines.name })).toContainText(
    /Read \D?\d{1,2}:\d\d/,
  )
  await picture(patient, 'chat-receipts-phone')
  await mine.getByRole('button', { name: 'Remove' }).click()
  await expectAccessible(patient)
  await picture(patient, 'chat-remove-phone')
  await mine.getByRole('button', { name: 'Yes, remove it' }).click()
  await expect(patient.getByText('You removed this message.').last()).toBeVisible()
  await expect(doctor.getByText('This message was removed by its sender.').last()).toBeVisible()
  for (const page of [patient, doctor]) await expect(message(page, 'Before breakfast?')).toHaveCount(0)
})

test('E23 staff choose a quick reply, look at it once more and send it', async ({ as }) => {
  const doctor = await as('ines', phone)
  await doctor.goto(chatOf(visits.henry))
  await doctor.getByRole('button', { name: 'Quick replies' }).click()
  await expect(doctor.getByRole('button', { name: /Results are in/ })).toBeVisible()
  await expectAccessible(doctor)
  await picture(doctor, 'chat-quick-replies-phone')
  await doctor.getByRole('button', { name: /Results are in/ }).click()
  await expect(composer(doctor)).toHaveValue(
    'Your results are in. I will go through them with you at the visit.',
  )
  await expect(composer(doctor)).toBeFocused()
  await doctor.locator('form button[type=submit]').click()
  await expect(
    message(doctor, 'Your results are in. I will go through them with you at the visit.'),
  ).toBeVisible()
  const patient = await as('henry', phone)
  await patient.goto(chatOf(visits.henry))
  await expect(composer(patient)).toBeVisible()
  await expect(patient.getByRole('button', { name: 'Quick replies' })).toHaveCount(0)
})
