/** Pages for those who enlarge them: by the browser's zoom, by its font size, by spacing of their own. */
import type { BrowserContextOptions, Page } from '@playwright/test'
import { composer, expect, picture, test } from './clinic.ts'
import { GALLERY_NOW, type Gallery, openGallery } from './gallery-server.ts'
import { clipped, covered, linesSeen, tooWide } from './layout-checks.ts'

let gallery: Gallery
test.beforeAll(async () => {
  gallery = await openGallery()
})
test.afterAll(() => gallery.close())

const chats = ['chat', 'chat-doctor', 'chat-ar', 'chat-fr', 'chat-offline', 'chat-failed-message'] as const
const scenes = [
  ...['sign-in', 'sign-in-demo', 'forgot-password', 'set-password', 'set-password-gone'],
  ...['appointments', 'appointments-es', 'appointments-ar', 'inbox', 'inbox-desk', 'inbox-arabic'],
  ...['account', 'consent', 'consent-agreed', 'idle-warning', 'block-reply_window_over', 'block-doctor'],
  ...chats,
]

/** Of 1280 pixels: twice as large; four times; and a narrow phone. */
const windows: Record<string, BrowserContextOptions> = {
  'at 200 %': { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
  'at 400 %': { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 },
  '320 pixels wide': { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true },
}

/** WCAG 2.2, 1.4.12. Not a style element: the page's policy would not have it. Done when the list has measured anew. */
const withSpacing = (page: Page) =>
  page.evaluate(async () => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(`
      * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
      p { margin-block-end: 2em !important; }
    `)
    document.adoptedStyleSheets.push(sheet)
    const tops = () =>
      [...document.querySelectorAll('.bs-item')].map(each => each.getBoundingClientRect().top)
    for (let before = ''; before !== String(tops()); ) {
      before = String(tops())
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
    }
  })

/** As chosen in the browser's settings. */
const withFontSize = async (page: Page, standard: number) => {
  const browser = await page.context().newCDPSession(page)
  await browser.send('Page.setFontSizes', { fontSizes: { standard, fixed: standard } })
}

async function show(page: Page, scene: string) {
  await page.goto(gallery.address(scene))
  await expect(page.locator('#root h1').first()).toBeAttached()
  if (scene.startsWith('appointments') || scene.startsWith('inbox'))
    await expect(page.getByRole('article').first()).toBeVisible()
}

async function problemsOf(page: Page, scene: string): Promise<string[]> {
  const wide = await tooWide(page)
  const found = [
    ...(wide > 0 ? [`${wide} px too wide`] : []),
    ...(await clipped(page)),
    ...(await covered(page)),
  ]
  return found.map(each => `${scene}: ${each}`)
}

/** Where one writes: the field and its button are there, and what one answers can be read. */
async function problemsOfWriting(page: Page, scene: string): Promise<string[]> {
  await composer(page).focus()
  const lines = await linesSeen(page)
  const found: string[] = lines < 3 ? [`${scene}: ${lines} lines can be read`] : []
  for (const control of [composer(page), page.locator('.bs-send')]) {
    const box = await control.boundingBox()
    const { height = 0 } = page.viewportSize() ?? {}
    if (!box || box.y < 0 || box.y + box.height > height + 1) found.push(`${scene}: ${control} is not there`)
  }
  return found
}

for (const [size, options] of Object.entries(windows)) {
  test(`E48 every page can be read and used ${size}`, async ({ stranger }) => {
    test.setTimeout(240_000)
    const page = await stranger(options)
    await page.clock.setFixedTime(GALLERY_NOW)
    const found: string[] = []
    for (const scene of scenes) {
      await show(page, scene)
      const isChat = (chats as readonly string[]).includes(scene)
      if (isChat && size !== 'at 400 %') found.push(...(await problemsOfWriting(page, scene)))
      await picture(page, `enlarged-${scene}-${size.replaceAll(/\W+/g, '-')}`)
      found.push(...(await problemsOf(page, scene)))
      if (isChat) {
        await page.locator('header, main').getByRole('button').first().focus()
        const details = page.locator('button[aria-haspopup=dialog]').first()
        await details.click()
        await expect(page.getByRole('dialog')).toBeVisible()
        found.push(...(await problemsOf(page, `${scene}, details`)))
        await picture(page, `enlarged-${scene}-details-${size.replaceAll(/\W+/g, '-')}`)
        await page.keyboard.press('Escape')
      }
      // Each by itself: nobody asks for wider spacing where a line holds three words.
      if (size === 'at 400 %') continue
      await withSpacing(page)
      found.push(...(await problemsOf(page, `${scene}, spaced`)))
    }
    expect(found).toEqual([])
  })
}

test('E48 a browser’s larger font enlarges everything', async ({ stranger }) => {
  test.setTimeout(240_000)
  const page = await stranger({ viewport: { width: 1280, height: 800 } })
  await page.clock.setFixedTime(GALLERY_NOW)
  await withFontSize(page, 32)
  const found: string[] = []
  for (const scene of scenes) {
    await show(page, scene)
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('p, a, button, h1, h2, h3, label, input, textarea')].flatMap(element =>
        Number.parseFloat(getComputedStyle(element).fontSize) < 26 ? [`small: ${element.textContent}`] : [],
      ),
    )
    found.push(...small.map(each => `${scene}: ${each}`))
    if ((chats as readonly string[]).includes(scene)) found.push(...(await problemsOfWriting(page, scene)))
    await picture(page, `enlarged-${scene}-font`)
    found.push(...(await problemsOf(page, scene)))
  }
  expect(found).toEqual([])
})
