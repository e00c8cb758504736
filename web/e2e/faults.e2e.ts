/** What happens to real devices: the network goes, the tab dies, the lid closes. */
import { chatOf, composer, expect, expectOnceInOrder, message, phone, test, visits, write } from './clinic.ts'
import { TOKEN_SECONDS, withShortTokens } from './short-tokens.ts'

test('E15 ten messages typed in a minute offline, the tab killed and opened again: delivered once, in order', async ({
  as,
}) => {
  test.setTimeout(150_000)
  const patient = await as('henry', { ...phone, ...withShortTokens, locale: 'en-GB' })
  const doctor = await as('ines', withShortTokens)
  for (const page of [patient, doctor]) {
    await page.goto(chatOf(visits.henry))
    await expect(composer(page)).toBeVisible()
  }

  const context = patient.context()
  await context.setOffline(true)
  const texts: string[] = []
  for (let i = 1; i <= 10; i++) {
    const text = `in the tunnel, ${i} of 10`
    texts.push(text)
    await write(patient, text)
    await expect(message(patient, text)).toHaveCount(1)
    await patient.waitForTimeout(6_000)
  }
  await expect(patient.getByText('10 messages will be sent when you are back.')).toBeVisible()

  const crashed = patient.waitForEvent('crash')
  const devtools = await context.newCDPSession(patient)
  // Kills the tab's process: nothing of it answers any more, this command included.
  devtools.send('Page.crash').catch(() => {})
  await crashed
  await patient.close()
  await context.setOffline(false)

  const again = await context.newPage()
  const start = Date.now()
  await again.goto(chatOf(visits.henry))
  for (const page of [doctor, again]) await expectOnceInOrder(page, texts)
  console.log(`    all ten on both screens ${Date.now() - start} ms after the tab was opened again`)
  await expect(again.getByText('will be sent when you are back')).toHaveCount(0)
})

test('E16 asleep past the end of the token, and awake: live again without a reload, and nothing missed', async ({
  as,
}) => {
  test.setTimeout((TOKEN_SECONDS + 180) * 1_000)
  const patient = await as('rosa', { ...phone, ...withShortTokens, locale: 'en-GB' })
  const doctor = await as('ines', withShortTokens)
  for (const page of [patient, doctor]) {
    await page.goto(chatOf(visits.rosa))
    await expect(composer(page)).toBeVisible()
  }
  await write(doctor, 'before you sleep')
  await expect(message(patient, 'before you sleep')).toBeVisible()
  await patient.evaluate(() => Object.assign(window, { sinceTheFirstLoad: true }))

  const devtools = await patient.context().newCDPSession(patient)
  await patient.context().setOffline(true)
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' })
  const texts = ['while you slept, 1', 'while you slept, 2', 'while you slept, 3']
  for (const text of texts) {
    await write(doctor, text)
    await expect(message(doctor, text)).toHaveCount(1)
  }
  await doctor.waitForTimeout((TOKEN_SECONDS + 5) * 1_000)

  await devtools.send('Page.setWebLifecycleState', { state: 'active' })
  await patient.context().setOffline(false)
  const start = Date.now()
  for (const text of texts) await expect(message(patient, text)).toHaveCount(1)
  console.log(`    nothing missed ${Date.now() - start} ms after waking`)
  await write(doctor, 'are you awake')
  await expect(message(patient, 'are you awake')).toHaveCount(1)
  await write(patient, 'good morning to you')
  await expect(message(doctor, 'good morning to you')).toHaveCount(1)
  await expect(patient.locator('.bs-connection')).toHaveAttribute('data-state', 'live')
  await expectOnceInOrder(patient, [...texts, 'are you awake'])
  // No reload: what was put on the page is still there.
  expect(await patient.evaluate(() => 'sinceTheFirstLoad' in window)).toBe(true)
})
