import type { Page } from '@playwright/test'
import {
  chatOf,
  composer,
  expect,
  expectOnceInOrder,
  keptOnDevice,
  message,
  people,
  signIn,
  test,
  visits,
  write,
} from './clinic.ts'

/** Two tabs of one browser with the same chat; the first one leads. */
async function twoTabs(first: Page, appointment: string): Promise<{ one: Page; two: Page }> {
  const two = await first.context().newPage()
  for (const page of [first, two]) {
    await page.goto(chatOf(appointment))
    await expect(composer(page)).toBeVisible()
  }
  return { one: first, two }
}

/** How often a page asked the server to take a message. */
function sendsOf(page: Page): { count: number } {
  const sends = { count: 0 }
  page.on('request', request => {
    if (request.url().includes('/rpc/send_message')) sends.count++
  })
  return sends
}

test('E12 what is written in two tabs is sent by one of them, once, and both show it', async ({ as }) => {
  const { one, two } = await twoTabs(await as('henry'), visits.henry)
  const doctor = await as('ines')
  await doctor.goto(chatOf(visits.henry))
  await expect(composer(doctor)).toBeVisible()
  // It opens at what the doctor has not read of earlier tests.
  await doctor.locator('.bs-scroller').press('End')
  const sends = [sendsOf(one), sendsOf(two)] as const
  const texts: string[] = []
  for (let i = 1; i <= 3; i++) {
    for (const [page, label] of [
      [one, 'first'],
      [two, 'second'],
    ] as const) {
      const text = `in the ${label} tab, number ${i}`
      texts.push(text)
      await write(page, text)
      await expect(message(doctor, text)).toBeVisible()
    }
  }
  for (const page of [one, two, doctor]) await expectOnceInOrder(page, texts)
  expect(sends.map(each => each.count)).toEqual([6, 0])
})

test('E12 the tab that leads is closed with messages queued offline: the other one sends them, once and in order', async ({
  as,
}) => {
  const { one, two } = await twoTabs(await as('henry'), visits.henry)
  const doctor = await as('ines')
  await doctor.goto(chatOf(visits.henry))
  await expect(composer(doctor)).toBeVisible()
  await two.context().setOffline(true)
  const texts = ['queued in the leader, 1', 'queued in the leader, 2', 'queued in the other, 3']
  await write(one, texts[0] ?? '')
  await write(one, texts[1] ?? '')
  await expect(message(two, texts[1] ?? '')).toBeVisible()
  await write(two, texts[2] ?? '')
  await expect(message(one, texts[2] ?? '')).toBeVisible()
  await expect(two.getByText('3 messages will be sent when you are back.')).toBeVisible()
  await one.close()
  await two.context().setOffline(false)
  for (const page of [doctor, two]) await expectOnceInOrder(page, texts)
  await expect(two.getByText('will be sent when you are back')).toHaveCount(0)
})

test('E12 the tab that leads dies in the middle of sending: another one goes on where it was', async ({
  as,
}) => {
  const { one, two } = await twoTabs(await as('henry'), visits.henry)
  const doctor = await as('ines')
  await doctor.goto(chatOf(visits.henry))
  await expect(composer(doctor)).toBeVisible()
  const texts = [1, 2, 3, 4].map(n => `before the tab died, ${n}`)
  await one.route('**/rpc/send_message', async route => {
    await new Promise(resolve => setTimeout(resolve, 1_000))
    await route.continue().catch(() => {})
  })
  for (const text of texts.slice(0, 3)) await write(one, text)
  // What the other tab shows is on the device.
  await expect(message(two, texts[2] ?? '')).toBeVisible()
  const crashed = one.waitForEvent('crash')
  const devtools = await one.context().newCDPSession(one)
  // Kills the tab's process: nothing of it answers any more, this command included.
  devtools.send('Page.crash').catch(() => {})
  await crashed
  await write(two, texts[3] ?? '')
  for (const page of [doctor, two]) await expectOnceInOrder(page, texts)
})

test('E12 the tab that leads hangs: another one takes over within seconds, and later it shows the same', async ({
  as,
}) => {
  const { one, two } = await twoTabs(await as('henry'), visits.henry)
  const doctor = await as('ines')
  await doctor.goto(chatOf(visits.henry))
  await expect(composer(doctor)).toBeVisible()
  const sends = [sendsOf(one), sendsOf(two)] as const
  // As in a frozen tab nothing runs in it, and it keeps its lock.
  const devtools = await one.context().newCDPSession(one)
  await devtools.send('Debugger.enable')
  const paused = new Promise(resolve => devtools.once('Debugger.paused', resolve))
  await devtools.send('Debugger.pause')
  one.evaluate(() => 0).catch(() => {})
  await paused
  const start = Date.now()
  const texts = ['past a leader that hangs, 1', 'past a leader that hangs, 2']
  for (const text of texts) await write(two, text)
  for (const text of texts) await expect(message(doctor, text)).toHaveCount(1, { timeout: 20_000 })
  console.log(`    past a leader that hangs after ${Date.now() - start} ms`)
  expect(sends.map(each => each.count)).toEqual([0, 2])
  await devtools.send('Debugger.disable')
  await write(one, 'awake again')
  for (const page of [one, two, doctor]) await expectOnceInOrder(page, [...texts, 'awake again'])
  expect(sends[0].count).toBe(0)
})

test('E13 signing out in one tab signs the other one out, and leaves no word and no name on the device', async ({
  as,
}) => {
  const first = await as('henry')
  const { one, two } = await twoTabs(first, visits.henry)
  const doctor = await as('ines')
  await doctor.goto(chatOf(visits.henry))
  await write(one, 'a word for the doctor alone')
  await expect(message(two, 'a word for the doctor alone')).toBeVisible()
  const words = ['a word for the doctor alone', people.henry.name, people.ines.name, visits.henry]
  await expect(async () => {
    const kept = await keptOnDevice(two)
    for (const word of words) expect(kept).toContain(word)
  }).toPass()

  await one.goto('/appointments')
  await write(doctor, 'what comes at the last moment')
  await expect(message(two, 'what comes at the last moment')).toBeVisible()
  await one.getByRole('button', { name: 'Sign out' }).click()
  await two.waitForURL(/\/sign-in/, { timeout: 2_000 })
  await one.waitForURL(/\/sign-in/)
  for (const page of [one, two]) {
    for (const text of ['a word for the doctor', 'at the last moment']) {
      await expect(page.getByText(text)).toHaveCount(0)
    }
  }
  // Longer than anything that was put off.
  await two.waitForTimeout(2_500)
  for (const page of [one, two]) {
    const kept = await keptOnDevice(page)
    for (const word of [...words, 'what comes at the last moment', 'access_token']) {
      expect(kept).not.toContain(word)
    }
  }
})

test('E13 the next person finds nothing of the one before, and the one before finds what was not sent', async ({
  as,
}) => {
  const page = await as('henry')
  await page.goto(chatOf(visits.henry))
  await expect(composer(page)).toBeVisible()
  await page.route('**/rpc/send_message', route => route.abort())
  await write(page, 'not sent yet')
  await expect(message(page, 'not sent yet')).toBeVisible()
  await page.goto('/appointments')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(/\/sign-in/)
  await page.unroute('**/rpc/send_message')
  await signIn(page, 'amira')
  await expect(page.getByText('Dr. Samuel Okafor').first()).toBeVisible()
  await page.goto(chatOf(visits.henry))
  await expect(page.getByText('This chat cannot be shown')).toBeVisible()
  await expect(page.getByText('not sent yet')).toHaveCount(0)
  const outbox = await keptOnDevice(page)
  expect(outbox).toContain('not sent yet')
  expect(outbox).not.toContain(people.henry.name)
  await page.goto('/appointments')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(/\/sign-in/)
  await signIn(page, 'henry')
  const doctor = await as('ines')
  await doctor.goto(chatOf(visits.henry))
  await expect(message(doctor, 'not sent yet')).toHaveCount(1)
})
