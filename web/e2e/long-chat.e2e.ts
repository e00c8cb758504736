/** A conversation of 100,000 messages, of which pages of fifty are fetched as one reads back. */
import type { Page } from '@playwright/test'
import { desktop, expect, phone, test } from './clinic.ts'
import { GALLERY_NOW, type Gallery, openGallery } from './gallery-server.ts'

let gallery: Gallery
test.beforeAll(async () => {
  gallery = await openGallery()
})
test.afterAll(() => gallery.close())

const LAST = 100_000
const FIRST_UNREAD = LAST - 119
const row = (page: Page, seq: number) => page.locator(`[data-seq="${seq}"]`)
const scroller = (page: Page) => page.locator('.bs-scroller')

async function open(page: Page, scene: string) {
  await page.clock.setFixedTime(GALLERY_NOW)
  await page.goto(gallery.address(scene))
  await expect(page.locator('[data-seq]').first()).toBeVisible()
}

/** To the very start of what is loaded: by how much a row that is there moves while more comes, in pixels. */
const toTheStart = (page: Page) =>
  scroller(page).evaluate(async box => {
    const frames = async () => {
      for (let i = 0; i < 3; i++) await new Promise(done => requestAnimationFrame(done))
    }
    const topOf = (row: Element | null | undefined) => row?.getBoundingClientRect().top ?? Number.NaN
    // What was asked for on the way here comes first.
    for (let i = 0; i < 20; i++) await frames()
    const height = box.scrollHeight
    box.dispatchEvent(new WheelEvent('wheel'))
    box.scrollTop = 0
    await frames()
    const rows = [...box.querySelectorAll<HTMLElement>('[data-seq]')]
    // Not one that is half above the edge.
    const row = rows.find(each => topOf(each) > topOf(box) + 100)
    const before = topOf(row)
    const end = performance.now() + 5_000
    while (box.scrollHeight < height + 1_000 && performance.now() < end) await frames()
    await frames()
    const after = topOf(box.querySelector(`[data-seq="${row?.dataset.seq}"]`))
    return { grew: box.scrollHeight - height, moved: Math.abs(after - before) }
  })

for (const [size, options] of Object.entries({ phone, desktop })) {
  test(`E24 history that comes moves nothing: ${size}`, async ({ stranger }) => {
    const page = await stranger(options)
    await open(page, 'chat-history')
    await expect(row(page, LAST)).toBeInViewport()
    for (let turn = 0; turn < 5; turn++) {
      const { grew, moved } = await toTheStart(page)
      expect(grew).toBeGreaterThan(1_000)
      expect(moved).toBeLessThanOrEqual(1)
    }
    expect(await page.locator('[data-seq]').count()).toBeLessThan(60)
  })

  test(`E25 a chat opens at the first unread message, and keys lead there and away: ${size}`, async ({
    stranger,
  }) => {
    const page = await stranger(options)
    await open(page, 'chat-history-unread')
    const line = page.locator('[data-unread-line]')
    await expect(line).toBeInViewport()
    await expect(row(page, FIRST_UNREAD)).toBeInViewport()
    await scroller(page).focus()
    await page.keyboard.press('End')
    await expect(row(page, LAST)).toBeInViewport()
    await expect(line).not.toBeInViewport()
    await page.keyboard.press('u')
    await expect(row(page, FIRST_UNREAD)).toBeInViewport()
    await expect(line).toBeInViewport()
    // The keyboard of a phone, or a window made smaller, takes nothing from what is read.
    const viewport = page.viewportSize()
    await page.setViewportSize({ width: viewport?.width ?? 0, height: 480 })
    await expect(line).toBeInViewport()
    await page.locator('textarea').fill('I have read it all.')
    await page.locator('form button[type=submit]').click()
    await expect(page.locator('.bs-bubble', { hasText: 'I have read it all.' })).toBeInViewport()
  })
}

test('E26 what is answered is one step away, also where it has to be fetched', async ({ stranger }) => {
  const page = await stranger(desktop)
  await open(page, 'chat-history')
  await expect(row(page, LAST)).toBeInViewport()
  await row(page, LAST - 1)
    .getByRole('button', { name: /Reply to an earlier message/ })
    .click()
  await expect(row(page, LAST - 400)).toBeInViewport()
  await expect(page.locator('.bs-row', { has: row(page, LAST - 400) })).toBeFocused()
  await scroller(page).focus()
  await page.keyboard.press('End')
  await expect(row(page, LAST)).toBeInViewport()
})
