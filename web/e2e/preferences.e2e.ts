/** For those who want no motion, see with colours of their own, or read on paper. */
import type { Page } from '@playwright/test'
import { desktop, expect, picture, test } from './clinic.ts'
import { GALLERY_NOW, type Gallery, openGallery } from './gallery-server.ts'

let gallery: Gallery
test.beforeAll(async () => {
  gallery = await openGallery()
})
test.afterAll(() => gallery.close())

async function show(page: Page, scene: string, locale = '') {
  await page.goto(gallery.address(scene) + (locale && `&locale=${locale}`))
  await expect(page.locator('#root h1').first()).toBeAttached()
}

/** What moves for longer than 10 ms, or would. */
const moving = (page: Page) =>
  page.evaluate(() => {
    const running = document.getAnimations().map(animation => {
      const { duration = 0, iterations = 1 } = animation.effect?.getTiming() ?? {}
      return Number(duration) * iterations > 10 ? `${animation.constructor.name} runs` : ''
    })
    const waiting = [...document.querySelectorAll('*')].map(element => {
      const { transitionDuration, animationName, animationDuration, scrollBehavior } =
        getComputedStyle(element)
      const takes = (durations: string) => durations.split(', ').some(each => Number.parseFloat(each) > 0.01)
      const isMoving = takes(transitionDuration) || (animationName !== 'none' && takes(animationDuration))
      return isMoving || scrollBehavior === 'smooth' ? `${element.tagName} ${element.className} moves` : ''
    })
    return [...running, ...waiting].filter(each => each !== '')
  })

test('E49 where no motion is wanted nothing moves', async ({ stranger }) => {
  const page = await stranger({ ...desktop, viewport: { width: 900, height: 800 }, reducedMotion: 'reduce' })
  await page.clock.setFixedTime(GALLERY_NOW)
  const scenes = ['sign-in-demo', 'appointments', 'appointments-loading', 'inbox', 'chat', 'chat-loading']
  for (const scene of [
    ...scenes,
    'chat-reconnecting',
    'consent',
    'account',
    'idle-warning',
    'update-notice',
  ]) {
    await show(page, scene)
    if (scene === 'chat') {
      await page.getByRole('button', { name: 'Details' }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
    }
    expect(await moving(page), scene).toEqual([])
  }
})

/** The sides of a box that can be seen by somebody who is shown no backgrounds. */
const bordersOf = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate(element => {
      const style = getComputedStyle(element)
      return ['top', 'right', 'bottom', 'left']
        .map(side => {
          const kind = style.getPropertyValue(`border-${side}-style`)
          const width = Number.parseFloat(style.getPropertyValue(`border-${side}-width`))
          return kind === 'none' || width < 1 ? 'none' : `${kind} ${width}`
        })
        .join(', ')
    })

for (const colorScheme of ['light', 'dark'] as const) {
  test(`E49 in colours of the reader’s own everything is still told apart: ${colorScheme}`, async ({
    stranger,
  }) => {
    const page = await stranger({ ...desktop, colorScheme, forcedColors: 'active' })
    await page.clock.setFixedTime(GALLERY_NOW)
    await show(page, 'chat')
    const mine = await bordersOf(page, '.bs-bubble[data-mine][data-state=plain]')
    const theirs = await bordersOf(page, '.bs-bubble:not([data-mine])[data-state=plain]')
    for (const borders of [mine, theirs]) expect(borders).not.toContain('none')
    expect(mine).not.toBe(theirs)
    for (const control of ['.bs-send', 'textarea', '.bs-button', '[data-state=confirmed]'])
      expect(await bordersOf(page, control), control).not.toContain('none')
    await page.locator('textarea').fill('To be sent')
    for (const control of ['textarea', '.bs-send', 'header a']) {
      // By keyboard: a ring is for those who use one.
      await page.locator(control).first().focus()
      const { outlineStyle, outlineWidth } = await page
        .locator(control)
        .first()
        .evaluate(element => getComputedStyle(element))
      expect(outlineStyle, control).not.toBe('none')
      expect(Number.parseFloat(outlineWidth), control).toBeGreaterThanOrEqual(2)
    }
    await picture(page, `forced-colors-chat-${colorScheme}`)

    await show(page, 'chat-failed-message')
    const failed = await bordersOf(page, '.bs-bubble[data-state=failed]')
    expect([mine, theirs]).not.toContain(failed)
    await picture(page, `forced-colors-failed-${colorScheme}`)

    await show(page, 'inbox')
    await expect(page.getByRole('article').first()).toBeVisible()
    const current = await bordersOf(page, 'nav a[aria-current=page]')
    expect(current).not.toBe(await bordersOf(page, 'nav a:not([aria-current])'))
    for (const each of await page.locator('article [data-state]').all()) await expect(each).not.toBeEmpty()
    expect(await bordersOf(page, 'article [data-state]')).not.toContain('none')
    await picture(page, `forced-colors-inbox-${colorScheme}`)

    await show(page, 'idle-warning')
    expect(await bordersOf(page, 'dialog')).not.toContain('none')
    await picture(page, `forced-colors-dialog-${colorScheme}`)
  })
}

/** Of everything that is printed: what is not dark on a white sheet. */
const unreadable = (page: Page) =>
  page.evaluate(() => {
    const bright = (colour: string) => {
      const [r = 0, g = 0, b = 0, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number)
      return alpha === 0 ? 255 : (r + g + b) / 3
    }
    const shown = [...document.querySelectorAll('main *')].filter(element => element.checkVisibility())
    return shown.flatMap(element => {
      const { color, backgroundColor } = getComputedStyle(element)
      return bright(color) > 100 || bright(backgroundColor) < 250
        ? [`${element.className}: ${color} on ${backgroundColor}`]
        : []
    })
  })

const languages = {
  en: 'This is not the whole conversation',
  es: 'Esta no es la conversación completa',
  fr: 'Ce n’est pas toute la conversation',
  ar: 'هذه ليست المحادثة كاملة',
}

test('E49 a printed chat is black on white, says who, when and what is missing, and has nothing to press', async ({
  stranger,
}) => {
  const page = await stranger({ ...desktop, colorScheme: 'dark' })
  await page.clock.setFixedTime(GALLERY_NOW)
  await show(page, 'chat-doctor')
  const visible = () =>
    page.locator('body').evaluate(body => (body instanceof HTMLElement ? body.innerText : ''))
  await page.emulateMedia({ media: 'print' })
  await expect(page.locator('.bs-print-head')).toBeVisible()
  expect(await unreadable(page)).toEqual([])
  // What is quoted is read, whoever could press it.
  const toPress = page.locator('button:not(.bs-quote *), textarea, header a, nav, aside, .bs-foot')
  for (const control of await toPress.all()) await expect(control).toBeHidden()
  const text = await visible()
  for (const part of ['Margaret Ellis', 'Dr. Amara Okafor', 'Sunday 22 November', 'Monday 23 November'])
    expect(text).toContain(part)
  expect(text).not.toMatch(/^You\b(?! can read)|Today|Yesterday|whole conversation/m)
  expect(text).toMatch(/Printed on 23 Nov 2026/)
  for (const time of await page.locator('.bs-list time').all()) await expect(time).toBeVisible()
  await picture(page, 'print-chat-dark')

  for (const [locale, missing] of Object.entries(languages)) {
    await page.emulateMedia({ media: 'screen' })
    await show(page, 'chat-long', locale)
    expect(await page.locator('.bs-row').count()).toBeLessThan(60)
    await page.emulateMedia({ media: 'print' })
    await expect(page.locator('.bs-print-head')).toContainText(missing)
    // All that is loaded, one below the other.
    await expect(page.locator('.bs-row')).toHaveCount(80)
    const tops = await page
      .locator('.bs-item')
      .evaluateAll(items => items.map(item => Math.round(item.getBoundingClientRect().top)))
    expect(tops).toEqual([...tops].sort((a, b) => a - b))
    expect(new Set(tops).size).toBeGreaterThan(75)
    await picture(page, `print-chat-${locale}`)
  }
})

test('E49 a browser that prints is given all that is loaded', async ({ stranger }) => {
  const page = await stranger(desktop)
  await page.clock.setFixedTime(GALLERY_NOW)
  await show(page, 'chat-long')
  await expect(page.locator('.bs-row').first()).toBeVisible()
  const pages = async () =>
    ((await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length
  expect(await pages()).toBeGreaterThanOrEqual(4)
  await expect(page.locator('.bs-print-head')).toHaveCount(0)
})
