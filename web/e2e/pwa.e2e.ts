import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import {
  chatOf,
  composer,
  expect,
  expectAccessible,
  message,
  phone,
  picture,
  signIn,
  test,
  visits,
  write,
} from './clinic.ts'

const withWorker = { ...phone, serviceWorkers: 'allow' } as const
const WORKER = fileURLToPath(new URL('../dist/sw.js', import.meta.url))

/** The page's worker answers, and everything is on the device. */
const isControlled = (page: Page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready
    return navigator.serviceWorker.controller?.state ?? null
  })

/** By cache: the addresses that it holds, and all that stands in them. */
const cached = (page: Page) =>
  page.evaluate(async () => {
    const addresses: string[] = []
    let text = ''
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        addresses.push(new URL(request.url).pathname)
        text += await (await cache.match(request))?.text()
      }
    }
    return { addresses, text }
  })

test('E41 the browser would install it: a worker in control, a valid manifest, right headers', async ({
  stranger,
}) => {
  const page = await stranger(withWorker)
  await page.goto('/sign-in')
  await expect.poll(() => isControlled(page)).toBe('activated')
  const devtools = await page.context().newCDPSession(page)
  const { errors, data } = await devtools.send('Page.getAppManifest')
  expect(errors).toEqual([])
  expect(JSON.parse(data ?? '{}')).toMatchObject({ name: 'Bedside', display: 'standalone' })
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
  // A context of a test is a private window.
  expect(installabilityErrors.map(each => each.errorId).filter(id => id !== 'in-incognito')).toEqual([])
  for (const [path, control] of [
    ['/sw.js', 'no-cache'],
    ['/index.html', 'no-cache'],
    ['/manifest.webmanifest', 'no-cache'],
  ] as const)
    expect([path, (await page.request.get(path)).headers()['cache-control']]).toEqual([path, control])
  const { addresses } = await cached(page)
  expect(addresses).toContain('/index.html')
  expect(addresses.filter(path => !/^\/(assets\/|icons\/|index\.html$|[a-z.-]+$)/.test(path))).toEqual([])
  expect(addresses).not.toContain('/config.json')
})

test('E41 without a network it opens cold to what this person saw; signed out nothing of it is left, and the page says that it is offline', async ({
  stranger,
}) => {
  const page = await stranger(withWorker)
  const context = page.context()
  await signIn(page, 'henry')
  await page.goto(chatOf(visits.henry))
  const toTheEnd = () =>
    page.locator('.bs-scroller').evaluate(box => box.scrollHeight - box.scrollTop - box.clientHeight)
  // Where a chat opens depends on what was read in other tests.
  await expect(page.locator('.bs-list [data-seq]').last()).toBeVisible()
  await page.locator('.bs-scroller').press('End')
  await expect.poll(toTheEnd).toBeLessThan(2)
  await expect(page.locator('.bs-list [data-seq]').last()).toBeInViewport()
  await expect.poll(() => isControlled(page)).toBe('activated')
  const said = await page.locator('.bs-list .bs-message-text').last().innerText()
  await expect(page.locator('.bs-list').getByText(said).last()).toBeVisible()
  // What is shown is written down within a second.
  await page.goto('/appointments')
  await expect(page.getByText('Dr. Inés Castellano').first()).toBeVisible()

  await context.setOffline(true)
  await page.close()
  const cold = await context.newPage()
  await cold.goto(chatOf(visits.henry))
  await expect(cold.locator('.bs-list').getByText(said).last()).toBeVisible()
  await expect(cold.getByText('as it was at your last visit', { exact: false })).toBeVisible()
  await picture(cold, 'offline-chat-phone')
  expect((await cached(cold)).text).not.toContain(said)

  await cold.goto('/account')
  await cold.getByRole('button', { name: 'Sign out', exact: true }).click()
  await cold.waitForURL(/\/sign-in/)
  await expect(cold.getByText('You are offline. To sign in, connect to the internet.')).toBeVisible()
  await expectAccessible(cold)
  await picture(cold, 'offline-sign-in-phone')
  await cold.goto(chatOf(visits.henry))
  await cold.waitForURL(/\/sign-in/)
  const { text } = await cached(cold)
  for (const word of [said, 'Henry Whitfield', 'access_token":"']) expect(text).not.toContain(word)
  await context.setOffline(false)
  await expect(cold.getByText('You are offline', { exact: false })).toHaveCount(0)
})

test('E41 a newer version waits, is loaded when asked for, and what was being written is there', async ({
  stranger,
}) => {
  const page = await stranger(withWorker)
  await signIn(page, 'henry')
  await page.goto(chatOf(visits.henry))
  await expect(composer(page)).toBeVisible()
  await expect.poll(() => isControlled(page)).toBe('activated')
  const before = await readFile(WORKER, 'utf8')
  try {
    await writeFile(WORKER, before.replace(/"version":"/, '"version":"next-'))
    await composer(page).fill('not to be lost')
    await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()))
    await expect(page.getByText('A new version of this page is ready.')).toBeVisible()
    await expect(composer(page)).toHaveValue('not to be lost')
    await expectAccessible(page)
    await picture(page, 'update-phone')
    const reloaded = page.waitForEvent('load')
    await page.getByRole('button', { name: 'Load it' }).click()
    await reloaded
    await expect(composer(page)).toHaveValue('not to be lost')
    await expect(page.getByText('A new version of this page is ready.')).toHaveCount(0)
    expect(await page.evaluate(() => caches.keys())).toContainEqual(expect.stringContaining('shell-next-'))
    await composer(page).fill('')
    await write(page, 'written with the new version')
    await expect(message(page, 'written with the new version')).toBeVisible()
  } finally {
    await writeFile(WORKER, before)
  }
})
