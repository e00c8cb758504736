import type { APIRequestContext, BrowserContextOptions, Page } from '@playwright/test'
import {
  chatOf,
  composer,
  desktop,
  expect,
  expectInOrder,
  message,
  PASSWORD,
  type PersonName,
  people,
  phone,
  picture,
  signIn,
  test,
  visits,
  write,
} from './clinic.ts'
import { clipped } from './layout-checks.ts'

const readers = {
  ar: {
    person: 'amira',
    visit: visits.amira,
    locale: 'ar-MA',
    dir: 'rtl',
    signIn: 'تسجيل الدخول',
    appointments: 'المواعيد',
    details: 'التفاصيل',
  },
  fr: {
    person: 'henry',
    visit: visits.henry,
    locale: 'fr-CA',
    dir: 'ltr',
    signIn: 'Connexion',
    appointments: 'Rendez-vous',
    details: 'Détails',
  },
} as const

/** As the person themselves, through the same API as the app. */
async function setLocale(request: APIRequestContext, person: PersonName, locale: string) {
  const { key } = await (await request.get('/config.json')).json()
  const signedIn = await request.post('/auth/v1/token?grant_type=password', {
    headers: { apikey: key },
    data: { email: people[person].email, password: PASSWORD },
  })
  const { access_token, user } = await signedIn.json()
  const changed = await request.patch(`/rest/v1/profiles?id=eq.${user.id}`, {
    headers: { apikey: key, authorization: `Bearer ${access_token}` },
    data: { locale },
  })
  expect(changed.ok(), await changed.text()).toBe(true)
}

test.beforeAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext(baseURL ? { baseURL } : {})
  for (const { person, locale } of Object.values(readers)) await setLocale(request, person, locale)
  await request.dispose()
})

test.afterAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext(baseURL ? { baseURL } : {})
  for (const { person } of Object.values(readers)) await setLocale(request, person, 'en')
  await request.dispose()
})

async function expectInPlace(page: Page, lang: string, dir: string) {
  const root = page.locator('html')
  await expect(root).toHaveAttribute('dir', dir)
  await expect(root).toHaveAttribute('lang', lang)
  expect(await clipped(page)).toEqual([])
  await expectInOrder(page)
}

for (const [language, reader] of Object.entries(readers)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [size, options] of Object.entries<BrowserContextOptions>({ phone, desktop })) {
      test(`E17 every page in ${language} is accessible and fits: ${size}, ${colorScheme}`, async ({
        stranger,
      }) => {
        const page = await stranger({ ...options, colorScheme, locale: reader.locale })
        const shoot = (name: string) => picture(page, `${name}-${size}-${colorScheme}-${language}`)
        await page.goto('/sign-in')
        await expect(page.getByRole('heading', { level: 1, name: reader.signIn })).toBeVisible()
        // What is typed from left to right must not run under the button that shows it.
        await page.locator('input[type=password]').fill('four words that are long')
        const { x: field = 0, width = 0 } = (await page.locator('#password').boundingBox()) ?? {}
        const { x: eye = 0 } = (await page.locator('#password + button').boundingBox()) ?? {}
        expect(eye).toBeGreaterThan(field + width / 2)
        await expectInPlace(page, reader.locale, reader.dir)
        await shoot('sign-in')

        await signIn(page, reader.person)
        await expect(page.getByRole('heading', { level: 1, name: reader.appointments })).toBeVisible()
        await expect(page.locator('article').first()).toBeVisible()
        await expectInPlace(page, reader.locale, reader.dir)
        await shoot('appointments')

        await page.goto(chatOf(reader.visit))
        await expect(composer(page)).toBeVisible()
        await expectInPlace(page, reader.locale, reader.dir)
        await shoot('chat')

        if (size === 'phone') {
          await page.getByRole('button', { name: reader.details }).click()
          await expect(page.getByRole('dialog')).toBeVisible()
          await expectInPlace(page, reader.locale, reader.dir)
          await shoot('details')
        }
      })
    }
  }
}

test('E17 a page whose words cannot be loaded is English from left to right, and whole', async ({
  browser,
}) => {
  // Not a stranger's context: it would not let the page report what was missing.
  const context = await browser.newContext({ ...phone, locale: 'ar' })
  const page = await context.newPage()
  await page.route(/\/assets\/ar-[^/]*\.js$/, route => route.abort())
  const told = page.waitForEvent('pageerror')
  await page.goto('/sign-in')
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('dir', 'ltr')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  expect((await told).message).toContain('/assets/ar-')
  await context.close()
})

test('E18 English in an Arabic page and Arabic in an English page each read in their own direction', async ({
  as,
}) => {
  const patient = await as('amira', { ...phone, locale: 'ar-MA' })
  const doctor = await as('samuel', desktop)
  await patient.goto(chatOf(visits.amira))
  await doctor.goto(chatOf(visits.amira))
  await expect(composer(patient)).toBeVisible()
  await expect(composer(doctor)).toBeVisible()

  const english = 'Please call us (before noon), then rest.'
  const arabic = 'شكراً لكم، سأتصل غداً صباحاً.'
  const telephone = '+44 20 7946 0000'
  const pressure = '120 / 80'
  await write(doctor, english)
  await write(doctor, `الرقم هو ${telephone} والضغط ${pressure} اليوم`)
  await composer(patient).fill(arabic)
  expect(await composer(patient).evaluate(field => getComputedStyle(field).direction)).toBe('rtl')
  await patient.locator('form button[type=submit]').click()

  for (const page of [patient, doctor]) {
    const directionOf = (text: string) =>
      message(page, text).evaluate(element => getComputedStyle(element).direction)
    await expect(message(page, english)).toBeVisible()
    await expect(message(page, arabic)).toBeVisible()
    expect(await directionOf(english)).toBe('ltr')
    expect(await directionOf(arabic)).toBe('rtl')
    for (const [first, last] of [
      ['+44', '0000'],
      ['120', '80'],
    ] as const) {
      expect(await leftOf(page, telephone, first)).toBeLessThan(await leftOf(page, telephone, last))
    }
    await picture(page, `chat-mixed-${page === patient ? 'phone-ar' : 'desktop-en'}`)
  }
})

/** Where a part of a message's text is painted. */
async function leftOf(page: Page, text: string, part: string): Promise<number> {
  return await page.locator('.bs-message-text', { hasText: text }).evaluate((element, wanted) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const at = (node.textContent ?? '').indexOf(wanted)
      if (at < 0) continue
      const range = document.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + wanted.length)
      return range.getBoundingClientRect().left
    }
    throw new Error(`${wanted} is not there`)
  }, part)
}

test('E19 a page in the other direction is its mirror image', async ({ as }) => {
  for (const [size, options] of Object.entries({ phone, desktop })) {
    const page = await as('ines', options)
    for (const path of ['/appointments', chatOf(visits.henry)]) {
      await page.goto(path)
      await expect(page.getByText('Henry Whitfield').first()).toBeVisible()
      if (path !== '/appointments') await expect(composer(page)).toBeVisible()
      await page.mouse.move(0, 0)
      // What is still coming moves the rest between the two looks.
      await expect(async () => {
        const [before, after] = [await boxes(page, 'ltr'), await boxes(page, 'rtl')]
        expect(before.length, `${path}, ${size}`).toBeGreaterThan(40)
        expect(after.filter((each, index) => !isSamePlace(each, before[index]))).toEqual([])
      }).toPass({ timeout: 10_000 })
    }
  }
})

interface Box {
  what: string
  fromStart: number
  down: number
}

/** A text's width has fractions of a pixel, which the two directions round apart. */
function isSamePlace(box: Box, other: Box | undefined): boolean {
  if (!other || box.what !== other.what) return false
  return Math.abs(box.fromStart - other.fromStart) < 1 && Math.abs(box.down - other.down) < 1
}

/**
 * How far each box is from where lines start, and how its two sides are made. Text itself is left out: it keeps its own
 * direction, and so do the insides of what has one.
 */
async function boxes(page: Page, dir: 'ltr' | 'rtl'): Promise<Box[]> {
  return await page.evaluate(direction => {
    document.documentElement.dir = direction
    document.querySelector('.bs-chat')?.setAttribute('dir', direction)
    const [start, end] = direction === 'ltr' ? (['Left', 'Right'] as const) : (['Right', 'Left'] as const)
    return [...document.querySelectorAll('body *')].flatMap(element => {
      const style = getComputedStyle(element)
      const { left, right, top, width } = element.getBoundingClientRect()
      if (style.display === 'inline' || width < 2 || element.closest('svg svg, .bs-sr-only, .sr-only')) {
        return []
      }
      const fromStart = direction === 'ltr' ? left : document.documentElement.clientWidth - right
      const sides = [start, end].map(side => [
        style[`padding${side}`],
        style[`border${side}Width`],
        style[`borderTop${side}Radius`],
        style[`borderBottom${side}Radius`],
      ])
      const name = `${element.tagName} ${element.getAttribute('class') ?? ''}`
      const followsPage = element.closest('[dir]')?.matches('html, .bs-chat')
      return [{ what: followsPage ? `${name}: ${sides.join(' and ')}` : name, fromStart, down: top }]
    })
  }, dir)
}
