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
    const frame = () => new Promise(done => requestAnimationFrame(done))
    const topOf = (row: Element | null | undefined) => row?.getBoundingClientRect().top ?? Number.NaN
    const rows = () => [...box.querySelectorAll<HTMLElement>('[data-seq]')]
    /** Once it is the same for some frames; a busy machine draws late. */
    const settled = async <T>(look: () => T): Promise<T> => {
      const end = performance.now() + 5_000
      let last = look()
      for (let same = 0; same < 6 && performance.now() < end; ) {
        await frame()
        const now = look()
        same = Object.is(now, last) && !Number.isNaN(now) ? same + 1 : 0
        last = now
      }
      return last
    }
    // What was asked for on the way here comes first.
    const height = await settled(() => box.scrollHeight)
    document.documentElement.dataset.answers = 'held'
    box.dispatchEvent(new WheelEvent('wheel'))
    box.scrollTop = 0
    // Not one that is half above the edge.
    const find = () => rows().find(each => topOf(each) > topOf(box) + 100)
    await settled(() => topOf(find()))
    const seq = find()?.dataset.seq
    const place = () => topOf(box.querySelector(`[data-seq="${seq}"]`))
    const before = place()
    delete document.documentElement.dataset.answers
    const end = performance.now() + 5_000
    while (box.scrollHeight < height + 1_000 && performance.now() < end) await frame()
    const after = await settled(place)
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

/** The sizes of what was drawn come late, as they do while other programs have the processor. */
function lateSizes(byMs: number) {
  window.ResizeObserver = class extends ResizeObserver {
    constructor(tell: ResizeObserverCallback) {
      super((sizes, observer) => setTimeout(tell, byMs, sizes, observer))
    }
  }
}

/** As a thrown list still rolls, or a screen reader scrolls: no event tells of it. In pixels a frame, upwards. */
const roll = (page: Page, step: number, frames: number, untilSeq = 0) =>
  scroller(page).evaluate(
    async (box, [by, most, until]) => {
      const first = () => Number(box.querySelector<HTMLElement>('[data-seq]')?.dataset.seq)
      let ledBack = 0
      for (let i = 0; i < most && !(first() < until); i++) {
        box.scrollTop -= by
        const { scrollTop, scrollHeight } = box
        await new Promise(requestAnimationFrame)
        await new Promise(done => setTimeout(done))
        if (box.scrollTop > scrollTop && box.scrollHeight === scrollHeight) ledBack++
      }
      return { first: first(), ledBack }
    },
    [step, frames, untilSeq] as const,
  )

test('E24 a list that rolls on goes through history as it comes', async ({ stranger }) => {
  const page = await stranger(desktop)
  await open(page, 'chat-history')
  await expect(row(page, LAST)).toBeInViewport()
  const { first, ledBack } = await roll(page, 2_000, 1_500, LAST - 1_000)
  expect(first).toBeLessThan(LAST - 1_000)
  expect(ledBack).toBeLessThan(5)
})

test('E24 a press on a row counts while the list still moves', async ({ stranger }) => {
  const page = await stranger(phone)
  await open(page, 'chat-history')
  await expect(row(page, LAST)).toBeInViewport()
  const hit = await scroller(page).evaluate(async box => {
    const { left, top, width, height } = box.getBoundingClientRect()
    const hits: boolean[] = []
    for (let i = 0; i < 10; i++) {
      box.scrollTop -= 60
      await new Promise(requestAnimationFrame)
      await new Promise(done => setTimeout(done))
      const at = document.elementFromPoint(left + width / 2, top + height / 2)
      hits.push(Boolean(at?.closest('.bs-item')))
    }
    return hits
  })
  expect(hit).toEqual(Array.from({ length: 10 }, () => true))
})

test('E26 on the way to a message whoever scrolls has the last word', async ({ stranger }) => {
  const page = await stranger(desktop)
  await page.addInitScript(lateSizes, 1_000)
  await open(page, 'chat-history')
  await row(page, LAST - 1)
    .getByRole('button', { name: /Reply to an earlier message/ })
    .click()
  await expect(row(page, LAST - 400)).toBeAttached()
  const { ledBack } = await roll(page, 40, 40)
  expect(ledBack).toBeLessThan(10)
})

test('E25 a chat opens at the first unread message where the browser is slow to lay out', async ({
  stranger,
}) => {
  const page = await stranger(phone)
  await page.addInitScript(lateSizes, 400)
  await open(page, 'chat-history-unread')
  await expect(row(page, FIRST_UNREAD)).toBeInViewport()
  await expect(page.locator('[data-unread-line]')).toBeInViewport()
})

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
