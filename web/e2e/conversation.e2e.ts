import {
  bubble,
  chatOf,
  composer,
  desktop,
  expect,
  message,
  phone,
  picture,
  test,
  visits,
  write,
} from './clinic.ts'

test('E1 a patient and a doctor talk, live, and history survives a reload', async ({ as }) => {
  const patient = await as('rosa', phone)
  const doctor = await as('ines', desktop)
  await patient.goto(chatOf(visits.rosa))
  await doctor.goto(chatOf(visits.rosa))
  await expect(composer(patient)).toBeVisible()
  await expect(composer(doctor)).toBeVisible()
  await expect(message(doctor, 'Gracias, lo haré. ¿Tengo que ir en ayunas a la cita?')).toBeVisible()

  for (const [from, to, label] of [
    [patient, doctor, 'patient to doctor'],
    [doctor, patient, 'doctor to patient'],
  ] as const) {
    for (let i = 1; i <= 3; i++) {
      const text = `${label}, number ${i}`
      const start = Date.now()
      await write(from, text)
      await expect(message(to, text)).toBeVisible()
      test.info().annotations.push({ type: 'delivery', description: `${text}: ${Date.now() - start} ms` })
      console.log(`    ${text}: on the other screen after ${Date.now() - start} ms`)
      await expect(message(from, text)).toHaveCount(1)
    }
  }

  for (const page of [patient, doctor]) {
    await page.reload()
    for (const label of ['patient to doctor', 'doctor to patient']) {
      for (let i = 1; i <= 3; i++) await expect(message(page, `${label}, number ${i}`)).toHaveCount(1)
    }
  }
  await picture(patient, 'chat-phone-light-es')
  await picture(doctor, 'chat-desktop-light-en')
})

test('E2 another patient is told "not found" by the same address, and so is one that does not exist', async ({
  as,
}) => {
  const outsider = await as('henry')
  const seen: string[] = []
  for (const appointment of [visits.rosa, '00000000-0000-4000-8000-000000000000']) {
    await outsider.goto(chatOf(appointment))
    await expect(outsider.getByText('This chat cannot be shown')).toBeVisible()
    await expect(composer(outsider)).toHaveCount(0)
    seen.push((await outsider.locator('main').textContent()) ?? '')
  }
  expect(seen[0]).toBe(seen[1])
  expect(seen[0]).not.toContain('Rosa')
  await picture(outsider, 'chat-not-found-desktop')
})

test('E3 what is written offline waits, says so, and arrives once and in order when the connection is back', async ({
  as,
}) => {
  const patient = await as('henry', phone)
  const doctor = await as('ines')
  await patient.goto(chatOf(visits.henry))
  await doctor.goto(chatOf(visits.henry))
  await expect(composer(patient)).toBeVisible()
  await expect(composer(doctor)).toBeVisible()

  await patient.context().setOffline(true)
  const texts = ['written offline, first', 'written offline, second', 'written offline, third']
  for (const text of texts) await write(patient, text)
  await expect(patient.getByText('3 messages will be sent when you are back.')).toBeVisible()
  await picture(patient, 'chat-offline-phone')
  await write(doctor, 'meanwhile, from the doctor')

  await patient.context().setOffline(false)
  for (const text of texts) await expect(message(doctor, text)).toHaveCount(1)
  await expect(message(patient, 'meanwhile, from the doctor')).toHaveCount(1)
  const order = ((await doctor.locator('.bs-list').textContent()) ?? '').match(
    /written offline, (?:first|second|third)/g,
  )
  expect(order).toEqual(texts)
})

test('E4 the sender sees when a message was read', async ({ as }) => {
  const patient = await as('amira')
  const doctor = await as('samuel')
  await patient.goto(chatOf(visits.amira))
  await expect(composer(patient)).toBeVisible()
  await write(patient, 'please tell me when you have read this')
  await expect(
    bubble(patient, 'please tell me when you have read this').getByText('Sent', { exact: true }),
  ).toBeVisible()
  await doctor.goto(chatOf(visits.amira))
  await expect(message(doctor, 'please tell me when you have read this')).toBeVisible()
  await expect(
    bubble(patient, 'please tell me when you have read this').getByText('Read', { exact: true }),
  ).toBeVisible()
})

test('E5 where nobody may write the composer gives way to the reason and the next step', async ({ as }) => {
  const patient = await as('rosa', phone)
  await patient.goto(chatOf(visits.rosaRequested))
  await expect(patient.getByText('La cita todavía no está confirmada', { exact: false })).toBeVisible()
  await expect(composer(patient)).toHaveCount(0)
  await picture(patient, 'chat-blocked-phone-es')
})

test('E6 unread messages count in the list and are gone once read', async ({ as }) => {
  const doctor = await as('samuel')
  const patient = await as('amira')
  await doctor.goto('/appointments')
  await patient.goto(chatOf(visits.amira))
  await expect(composer(patient)).toBeVisible()
  await write(patient, 'one more question')
  await expect(doctor.getByText(/\d+ unread message/).first()).toBeAttached()
  await picture(doctor, 'appointments-unread-desktop')
  await doctor.goto(chatOf(visits.amira))
  await expect(message(doctor, 'one more question')).toBeVisible()
  // Of this message: earlier ones say "Read" as well.
  await expect(bubble(patient, 'one more question').getByText('Read', { exact: true })).toBeVisible()
  await doctor.goto('/appointments')
  await expect(doctor.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(doctor.getByText('Amira Haddad').first()).toBeVisible()
  await expect(doctor.getByText(/\d+ unread message/)).toHaveCount(0)
})
