/**
 * Hostile texts in the real components, built as the app is and under the very headers that the server sends with it;
 * then the worst of them in the real conversation.
 */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { build } from 'vite'
import { chatOf, desktop, expect, phone, picture, test, visits } from './clinic.ts'
import { corpus, hostileTexts, SENTINEL } from './hostile-texts.ts'

/** On each of four sides; `HOSTILE_TEXTS=10000` shows as many on each of them. */
const TEXTS = Number(process.env.HOSTILE_TEXTS ?? 2_500)
const AT_ONCE = 500
const BASE = '/bubble-stage/'
const web = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url))
const outDir = web('../artefacts/bubble-stage')

test.beforeAll(async () => {
  await build({
    configFile: web('vite.config.ts'),
    base: BASE,
    logLevel: 'error',
    build: { outDir, rollupOptions: { input: web('bubble-stage.html') } },
  })
})

/** Says what ran, what was asked for from elsewhere, and what the policy stopped. */
async function watch(page: Page) {
  const seen: string[] = []
  page.on('dialog', dialog => {
    seen.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('popup', popup => seen.push(`popup: ${popup.url()}`))
  page.on('framenavigated', frame => {
    if (!/^http:\/\/localhost|^about:blank/.test(frame.url())) seen.push(`navigation: ${frame.url()}`)
  })
  page.on('request', request => {
    if (new URL(request.url()).hostname !== 'localhost') seen.push(`request: ${request.url()}`)
  })
  await page.exposeFunction('tell', (what: string) => seen.push(what))
  await page.addInitScript(sentinel => {
    document.addEventListener('securitypolicyviolation', event =>
      (window as never as Telling).tell(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    )
    Object.defineProperty(window, sentinel, { set: () => (window as never as Telling).tell('a script ran') })
  }, SENTINEL)
  return seen
}
interface Stage {
  showBubbles(json: string, locale: string): void
}
interface Telling {
  tell(what: string): void
}

/** The stage at an address of the server's, with the headers that the server gives the app. */
async function openStage(page: Page) {
  const app = await page.request.get('/')
  const headers = app.headers()
  expect(headers['content-security-policy']).toContain("script-src 'self'")
  await page.route(`**${BASE}**`, async route => {
    const name = new URL(route.request().url()).pathname.slice(BASE.length)
    await route.fulfill({
      body: await readFile(path.join(outDir, name)),
      headers: {
        'content-security-policy': headers['content-security-policy'] ?? '',
        'x-content-type-options': 'nosniff',
        'content-type':
          { html: 'text/html', js: 'text/javascript', css: 'text/css' }[name.split('.').at(-1) ?? ''] ?? '',
      },
    })
  })
  await page.goto(`${BASE}bubble-stage.html`)
  await page.waitForFunction(() => 'showBubbles' in window)
}

/** What is wrong with the bubbles that are on the page, by the place of the bubble. */
function lookAtBubbles(): string[] {
  const wrong: string[] = []
  const { scrollWidth, clientWidth: width } = document.documentElement
  if (scrollWidth > width) wrong.push(`the page is ${scrollWidth} wide`)
  const range = document.createRange()
  const isPast = (drawn: DOMRect, limits: DOMRect) =>
    drawn.width > 0 && (drawn.left < limits.left - 1 || drawn.right > limits.right + 1)
  // A letter under a storm of marks can be wider than the bubble, and white space hangs at the end of a line: both are
  // cut off. Nothing else may be.
  const letterPast = (words: Element, limits: DOMRect) => {
    const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      for (const { segment, index } of new Intl.Segmenter().segment(node.textContent ?? '')) {
        if (/^\s/u.test(segment)) continue
        range.setStart(node, index)
        range.setEnd(node, index + segment.length)
        const drawn = range.getBoundingClientRect()
        if (isPast(drawn, limits) && drawn.width < limits.width - 30) return segment
      }
    }
    return null
  }
  let bottom = Number.NEGATIVE_INFINITY
  for (const [place, bubble] of [...document.querySelectorAll<HTMLElement>('.bs-bubble')].entries()) {
    const say = (what: string) => wrong.push(`${place}: ${what}`)
    const box = bubble.getBoundingClientRect()
    if (box.left < 0 || box.right > width) say(`from ${box.left} to ${box.right} of ${width}`)
    if (box.top < bottom) say(`begins ${bottom - box.top} above the end of the one before`)
    bottom = box.bottom
    if (getComputedStyle(bubble).overflow !== 'hidden') say('what is drawn past its edge is seen')
    for (const words of bubble.querySelectorAll('.bs-message-text, .bs-bubble-meta')) {
      range.selectNodeContents(words)
      const drawn = range.getBoundingClientRect()
      const letter = isPast(drawn, box) ? letterPast(words, box) : null
      if (letter !== null) say(`${JSON.stringify(letter)} is out of sight`)
      if (drawn.height > 0 && (drawn.top < box.top - 1 || drawn.bottom > box.bottom + 1))
        say(`drawn from ${drawn.top} to ${drawn.bottom}, in ${box.top} to ${box.bottom}`)
      for (const element of words.querySelectorAll('*')) {
        if (!/^(?:a|bdi|time|span|svg|path)$/i.test(element.tagName)) say(`holds <${element.tagName}>`)
        for (const { name } of element.attributes) if (/^on|^style$|src/i.test(name)) say(`has ${name}`)
        if (element instanceof HTMLAnchorElement && !/^(?:https?|mailto|tel):$/.test(element.protocol))
          say(`leads to "${element.protocol}" ${element.getAttribute('href')?.slice(0, 40)}`)
      }
    }
  }
  return wrong
}

test('E29 the trap works: what a script would do is seen, and the policy stops it', async ({ browser }) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const seen = await watch(page)
  await openStage(page)
  await page.evaluate(sentinel => {
    document.body.innerHTML += `<img src="/config.json" onerror="window.${sentinel}=1">`
  }, SENTINEL)
  await expect.poll(() => seen.join()).toContain('policy: script-src-attr inline')
  await page.evaluate(sentinel => Reflect.set(window, sentinel, 1), SENTINEL)
  await expect.poll(() => seen.join()).toContain('a script ran')
  await context.close()
})

const seed = Number(process.env.FC_SEED ?? Math.floor(Math.random() * 2 ** 31))
for (const [sideIndex, [side, options, locale]] of (
  [
    ['phone, left to right', phone, 'en-GB'],
    ['phone, right to left', phone, 'ar-MA'],
    ['desktop, left to right', desktop, 'en-GB'],
    ['desktop, right to left', desktop, 'ar-MA'],
  ] as const
).entries()) {
  test(`E29 ${TEXTS} hostile texts stay text, each in its bubble: ${side}`, async ({ stranger }) => {
    test.setTimeout(240_000)
    console.log(`E29: ${TEXTS} texts, FC_SEED=${seed}`)
    const texts = hostileTexts(TEXTS, seed + sideIndex)
    const page = await stranger(options)
    const seen = await watch(page)
    await openStage(page)
    const wrong: string[] = []
    for (let from = 0; from < TEXTS && wrong.length < 20; from += AT_ONCE) {
      const part = texts.slice(from, from + AT_ONCE)
      await page.evaluate(([json, shown]) => (window as never as Stage).showBubbles(json, shown), [
        JSON.stringify(part),
        locale,
      ] as const)
      await expect(page.locator('.bs-chat')).toHaveAttribute('dir', locale === 'ar-MA' ? 'rtl' : 'ltr')
      await expect(page.locator('.bs-bubble')).toHaveCount(part.length)
      for (const each of await page.evaluate(lookAtBubbles)) {
        const text = part[Number.parseInt(each, 10)]
        wrong.push(`${each} (${JSON.stringify(text?.slice(0, 60))})`)
      }
      if (from === 0) await picture(page, `hostile-${side.replaceAll(/\W+/g, '-')}`)
    }
    expect(wrong.slice(0, 20)).toEqual([])
    expect(seen).toEqual([])
  })
}

for (const [side, options] of [
  ['phone', phone],
  ['desktop', desktop],
] as const) {
  test(`E29 the worst of them in the real conversation: ${side}`, async ({ as }) => {
    const page = await as('henry', options)
    const seen = await watch(page)
    const texts = corpus.map(text => text.replace(/\p{Surrogate}/gu, '\ufffd'))
    await page.route('**/rest/v1/rpc/list_messages', async route => {
      const answer = await route.fetch()
      const real = await answer.json()
      const [first] = real.messages
      const messages = texts.map((body, index) => ({
        ...first,
        id: `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`,
        seq: index + 1,
        body,
        reply_to: null,
        edited_at: null,
        change: null,
      }))
      const isFirst = route.request().postDataJSON().after_seq == null
      await route.fulfill({
        response: answer,
        json: { ...real, messages: isFirst ? messages : [], has_more: false, last_seq: texts.length },
      })
    })
    await page.goto(chatOf(visits.henry))
    await expect(page.locator('.bs-bubble').first()).toBeVisible()
    await picture(page, `hostile-conversation-${side}`)
    const scroller = page.locator('.bs-scroller')
    await expect(async () => {
      await scroller.evaluate(element => element.scrollTo(0, element.scrollHeight))
      await expect(page.locator('.bs-bubble').last()).toContainText('⸻', { timeout: 200 })
    }).toPass()
    for (let turn = 0; turn < 40; turn++) {
      await scroller.evaluate(element => element.scrollBy(0, -element.clientHeight))
      // What has just come into sight is measured with the next frame.
      await expect.poll(() => page.evaluate(lookAtBubbles)).toEqual([])
    }
    expect(seen).toEqual([])
  })
}
