import {
  chatOf,
  composer,
  desktop,
  expect,
  expectAccessible,
  expectInOrder,
  message,
  pageOf,
  people,
  phone,
  picture,
  signIn,
  test,
  visits,
} from './clinic.ts'
import { GALLERY_NOW, type Gallery, openGallery } from './gallery-server.ts'
import { clipped, tooWide } from './layout-checks.ts'

let gallery: Gallery
test.beforeAll(async () => {
  gallery = await openGallery()
})
test.afterAll(() => gallery.close())

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [size, options] of Object.entries({ phone, desktop })) {
    test(`E7 every page is accessible and fits: ${size}, ${colorScheme}`, async ({ as, stranger }) => {
      const signInPage = await stranger({ ...options, colorScheme })
      await signInPage.goto('/sign-in')
      await expect(signInPage.locator('input[type=email]')).toBeVisible()
      await expectAccessible(signInPage)
      await picture(signInPage, `sign-in-${size}-${colorScheme}`)

      const page = await as('ines', { ...options, colorScheme })
      for (const [name, path] of [
        ['appointments', '/appointments'],
        ['appointment', pageOf(visits.henry)],
        ['chat', chatOf(visits.henry)],
        ['not-found', chatOf(visits.amira)],
      ] as const) {
        await page.goto(path)
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        if (name === 'appointment') await expect(page.getByText('Results of the exercise test')).toBeVisible()
        if (name === 'chat') await expect(composer(page)).toBeVisible()
        if (name === 'appointments') await expect(page.getByText('Henry Whitfield').first()).toBeVisible()
        await expectInOrder(page)
        await picture(page, `${name}-${size}-${colorScheme}`)
      }
    })
  }
}

const seldomSeen = [
  ...['consent', 'consent-agreed', 'account', 'account-doctor', 'forgot-password', 'set-password'],
  ...['set-password-gone', 'idle-warning', 'update-notice', 'inbox', 'inbox-desk', 'appointments-desk'],
]

const looks = {
  'phone-light-ar': { ...phone, colorScheme: 'light', locale: 'ar-MA' },
  'desktop-dark-en': { ...desktop, colorScheme: 'dark', locale: 'en-GB' },
} as const

for (const [look, options] of Object.entries(looks)) {
  test(`E7 so are those that one seldom sees: ${look}`, async ({ stranger }) => {
    const page = await stranger(options)
    await page.clock.setFixedTime(GALLERY_NOW)
    for (const scene of seldomSeen) {
      await page.goto(`${gallery.address(scene)}&locale=${options.locale}`)
      await expect(page.locator('#root h1').first()).toBeAttached()
      if (/inbox|appointments/.test(scene)) await expect(page.getByRole('article').first()).toBeVisible()
      if (scene.startsWith('consent')) await expect(page.locator('main section')).toBeVisible()
      expect.soft(await tooWide(page), scene).toBe(0)
      expect.soft(await clipped(page), scene).toEqual([])
      await expectAccessible(page)
      await picture(page, `${scene}-${look}`)
    }
  })
}

test('E8 a whole visit by keyboard alone: sign in, choose the appointment, write, sign out', async ({
  stranger,
}) => {
  const page = await stranger()
  await page.goto('/sign-in')
  const tabTo = async (isThere: () => Promise<boolean>) => {
    for (let i = 0; i < 40; i++) {
      if (await isThere()) return
      await page.keyboard.press('Tab')
    }
    throw new Error('The keyboard does not reach it.')
  }
  const focused = (selector: string) => () =>
    page.evaluate(s => document.activeElement?.matches(s) ?? false, selector)
  const focusedButton = (text: string) => () =>
    page.evaluate(
      t =>
        document.activeElement?.matches('button') === true &&
        document.activeElement.textContent?.includes(t) === true,
      text,
    )

  await tabTo(focused('input[type=email]'))
  await page.keyboard.type(people.henry.email)
  await tabTo(focused('input[type=password]'))
  await page.keyboard.type('bedside-demo')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/appointments$/)
  await expect(page.getByText('Dr. Inés Castellano').first()).toBeVisible()

  await tabTo(focused(`a[href*="${visits.henry}"]`))
  await page.keyboard.press('Enter')
  await expect(composer(page)).toBeVisible()
  await tabTo(focused('textarea'))
  // What somebody began to write here before has come back.
  await page.keyboard.press('Control+A')
  await page.keyboard.type('written by keyboard')
  await page.keyboard.press('Enter')
  await expect(message(page, 'written by keyboard')).toBeVisible()

  await page.goto('/appointments')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await tabTo(focusedButton('Sign out'))
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/sign-in/)
})

test('E9 a wrong password says so and what to do; a page asked for before signing in opens after it', async ({
  stranger,
}) => {
  const page = await stranger(phone)
  await page.goto(chatOf(visits.henry))
  await page.waitForURL(/\/sign-in/)
  await page.locator('input[type=email]').fill(people.henry.email)
  await page.locator('input[type=password]').fill('not the password')
  await page.locator('form button[type=submit]').click()
  await expect(
    page.getByText('The email address or the password is not right', { exact: false }),
  ).toBeVisible()
  await picture(page, 'sign-in-refused-phone')
  await page.locator('input[type=password]').fill('bedside-demo')
  await page.locator('form button[type=submit]').click()
  await page.waitForURL(url => url.pathname === chatOf(visits.henry))
  await expect(composer(page)).toBeVisible()
})

test('E11 a link to the sign-in page cannot lead away from the app, signed in or not', async ({
  stranger,
}) => {
  const page = await stranger()
  const left: string[] = []
  page.on('request', request => {
    if (new URL(request.url()).hostname !== 'localhost') left.push(request.url())
  })
  const address = `/sign-in?next=${encodeURIComponent('https://evil.example/login')}`
  await page.goto(address)
  await page.locator('input[type=email]').fill(people.henry.email)
  await page.locator('input[type=password]').fill('bedside-demo')
  await page.locator('form button[type=submit]').click()
  await page.waitForURL(url => url.pathname === '/appointments')
  await page.goto(address)
  await page.waitForURL(url => url.pathname === '/appointments')
  await expect(page.getByText('Dr. Inés Castellano').first()).toBeVisible()
  expect(left).toEqual([])
})

test('E10 signing out leaves no session and no conversation behind', async ({ as }) => {
  const page = await as('henry')
  await page.goto(chatOf(visits.henry))
  await expect(composer(page)).toBeVisible()
  await page.goto('/appointments')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(/\/sign-in/)
  const left = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))
  expect(left).not.toContain('access_token')
  await page.goto(chatOf(visits.henry))
  await page.waitForURL(/\/sign-in/)
  await signIn(page, 'amira')
  await page.goto(chatOf(visits.henry))
  await expect(page.getByText('This chat cannot be shown')).toBeVisible()
})
