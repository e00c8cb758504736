import type { BrowserContext } from '@playwright/test'
import { chatOf, composer, expect, keptOnDevice, message, picture, test, visits, write } from './clinic.ts'

/** The page itself loads; nothing that it asks the server for is answered. Returns what ends it. */
async function cutOff(context: BrowserContext): Promise<() => Promise<void>> {
  const asked = /\/(rest|auth|storage)\/v1\//
  let isCut = true
  await context.route(asked, route => route.abort())
  await context.routeWebSocket(/\/realtime\/v1\//, socket => {
    if (isCut) void socket.close()
    else socket.connectToServer()
  })
  return async () => {
    isCut = false
    await context.unroute(asked)
  }
}

test('E14 a chat seen before opens without the server, says so, takes messages and sends them afterwards', async ({
  as,
}) => {
  const patient = await as('amira')
  const doctor = await as('samuel')
  await patient.goto(chatOf(visits.amira))
  await expect(composer(patient)).toBeVisible()
  await doctor.goto(chatOf(visits.amira))
  await write(doctor, 'please bring your list of medicines')
  await expect(message(patient, 'please bring your list of medicines')).toBeVisible()
  await expect(async () => {
    expect(await keptOnDevice(patient)).toContain('please bring your list of medicines')
  }).toPass()
  await patient.goto('/appointments')
  await expect(patient.getByText('Dr. Samuel Okafor').first()).toBeVisible()

  const reconnect = await cutOff(patient.context())
  await patient.reload()
  await expect(patient.getByText('Dr. Samuel Okafor').first()).toBeVisible()
  await expect(patient.getByText('You see your appointments as they were at your last visit.')).toBeVisible()
  await patient.goto(chatOf(visits.amira))
  await expect(message(patient, 'please bring your list of medicines')).toBeVisible()
  await expect(
    patient.getByText('You see this chat as it was at your last visit.', { exact: false }),
  ).toBeVisible()
  await picture(patient, 'chat-cached-desktop')
  await write(patient, 'I will')
  await expect(message(patient, 'I will')).toBeVisible()
  await write(doctor, 'and your insurance card')
  await patient.reload()
  await expect(message(patient, 'I will')).toBeVisible()
  await expect(message(patient, 'and your insurance card')).toHaveCount(0)

  await reconnect()
  await expect(message(patient, 'and your insurance card')).toHaveCount(1, { timeout: 35_000 })
  await expect(patient.getByText('as it was at your last visit', { exact: false })).toHaveCount(0)
  await expect(message(doctor, 'I will')).toHaveCount(1)
  await expect(message(patient, 'I will')).toHaveCount(1)
})
