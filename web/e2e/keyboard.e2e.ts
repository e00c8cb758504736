/** A doctor's and a patient's whole way through the app without a mouse. */
import type { Page } from '@playwright/test'
import {
  bubble,
  chatOf,
  composer,
  desktop,
  expect,
  message,
  PASSWORD,
  type PersonName,
  people,
  publish,
  sendAll,
  signIn,
  test,
  visits,
  withdrawConsent,
} from './clinic.ts'
import { Keyboard } from './keyboard.ts'
import { withShortTokens } from './short-tokens.ts'

/** The details are a sheet of their own there. */
const narrow = { viewport: { width: 900, height: 800 } }
/** Of an appointment's card. */
const toChat = 'a[href$="/chat"]'
const heading = (page: Page) => page.locator('h1')
const scroller = (page: Page) => page.locator('.bs-scroller')
/** What opens the menu of a message. */
const menuOf = (page: Page, text: string) =>
  page.locator('.bs-row', { hasText: text }).last().locator('.bs-bubble-row > .bs-more')
const action = (page: Page, name: string) => page.locator('.bs-actions').getByRole('button', { name })

async function signInByKeyboard(page: Page, keys: Keyboard, person: PersonName) {
  await page.goto('/sign-in')
  await keys.tabTo(page.locator('input[type=email]'))
  await keys.type(people[person].email)
  await keys.tabTo(page.locator('input[type=password]'))
  await keys.type(PASSWORD)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/appointments/)
  await expect(heading(page)).toBeFocused()
  await keys.expectSeen()
}

test('E47 a doctor goes the whole way by keyboard, and always sees where they are', async ({ stranger }) => {
  test.setTimeout(180_000)
  const henry = await stranger(withShortTokens)
  await signIn(henry, 'henry')
  await sendAll(
    henry,
    visits.henry,
    Array.from({ length: 30 }, (_, i) => `Question ${i + 1}. ${'And so on. '.repeat((i * 5) % 9)}`),
  )

  const page = await stranger({ ...desktop, ...withShortTokens })
  const keys = new Keyboard(page)
  await signInByKeyboard(page, keys, 'ines')

  const inbox = page.getByRole('link', { name: 'Inbox' })
  await keys.activate(inbox, inbox)
  await expect(inbox).toHaveAttribute('aria-current', 'page')
  const longest = page.getByRole('article').first()
  await expect(longest).toContainText('Henry Whitfield')
  await keys.activate(longest.locator(toChat), heading(page))
  await expect(composer(page)).toBeVisible()

  await test.step('reads', async () => {
    await keys.tabTo(scroller(page))
    const top = () => scroller(page).evaluate(box => box.scrollTop)
    const last = page.locator('.bs-bubble', { hasText: 'Question 30.' })
    await keys.press('End', scroller(page))
    await expect(last).toBeInViewport()
    await keys.press('Home', scroller(page))
    await expect.poll(top).toBeLessThan(2)
    await keys.press('ArrowDown', scroller(page))
    await expect.poll(top).toBeGreaterThan(10)
    const before = await top()
    await keys.press('ArrowUp', scroller(page))
    await expect.poll(top).toBeLessThan(before)
    await keys.press('u', scroller(page))
    await expect(page.locator('[data-unread-line]')).toBeInViewport()
    // The way down is a button that goes when one is there.
    const pill = page.locator('.bs-pill')
    await keys.activate(pill, scroller(page), 'Shift+Tab')
    await expect(last).toBeInViewport()
    await expect(pill).toHaveCount(0)
  })

  await test.step('answers a message', async () => {
    const menu = menuOf(page, 'Question 30.')
    // Backwards from the page's end: the first that Tab reaches are messages far above the screen.
    await keys.activate(menu, menu, 'Shift+Tab')
    await keys.press('Escape', menu)
    await expect(menu).toHaveAttribute('aria-expanded', 'false')
    await keys.press('Enter', menu)
    await keys.tabTo(action(page, 'Reply'))
    await keys.press('Escape', menu)
    await keys.press('Enter', menu)
    await keys.activate(action(page, 'Reply'), composer(page))
    await keys.type('Answered by keyboard')
    await keys.press('Enter', composer(page))
    await expect(bubble(page, 'Answered by keyboard').getByText('Question 30.')).toBeVisible()
  })

  await test.step('takes a quick reply', async () => {
    const quick = page.getByRole('button', { name: 'Quick replies' })
    const ready = page.getByRole('button', { name: /Results are in/ })
    await keys.tabTo(quick, 'Shift+Tab')
    await keys.press('Enter', quick)
    await keys.tabTo(ready)
    await keys.press('Escape', quick)
    await expect(ready).toHaveCount(0)
    await keys.press('Enter', quick)
    await keys.activate(ready, composer(page))
    await keys.press('Enter', composer(page))
    await expect(
      message(page, 'Your results are in. I will go through them with you at the visit.'),
    ).toBeVisible()
  })

  await test.step('changes the last message', async () => {
    const edit = page.getByRole('textbox', { name: 'Your message, changed' })
    await keys.press('ArrowUp', edit)
    await keys.press('Escape', composer(page))
    await keys.press('ArrowUp', edit)
    await keys.type(' Changed by keyboard.')
    await page.keyboard.press('Enter')
    await expect(edit).toHaveCount(0)
    await expect(composer(page)).toBeFocused()
    await keys.expectSeen()
    await expect(bubble(page, 'at the visit. Changed by keyboard.')).toContainText('Edited')
  })

  await test.step('removes it', async () => {
    const menu = menuOf(page, 'Changed by keyboard.')
    await keys.tabTo(menu, 'Shift+Tab')
    await keys.press('Enter', menu)
    await keys.activate(action(page, 'Remove'), action(page, 'Keep it'))
    await keys.press('Enter', menu)
    await keys.press('Enter', menu)
    await keys.activate(action(page, 'Remove'), action(page, 'Keep it'))
    const row = page.locator('.bs-row').last()
    await keys.activate(action(page, 'Yes, remove it'), row, 'Shift+Tab')
    await expect(row).toContainText('You removed this message.')
    await expect(row).toBeFocused()
    await keys.expectSeen()
  })

  await test.step('puts an emoji in', async () => {
    const emoji = page.getByRole('button', { name: 'Emoji' })
    const search = page.getByRole('searchbox')
    await keys.activate(emoji, search)
    await keys.tabTo(page.getByLabel('Skin tone'))
    await keys.press('Escape', composer(page))
    await keys.tabTo(emoji, 'Shift+Tab')
    await keys.press('Enter', search)
    await keys.type('red heart')
    const found = page.getByRole('grid').getByRole('button').first()
    await expect(found).toHaveText('❤️')
    await keys.press('ArrowDown', found)
    await keys.press('Enter', composer(page))
    await expect(composer(page)).toHaveValue('❤️')
    await page.keyboard.press('Control+A')
    await keys.press('Backspace', composer(page))
  })

  await test.step('takes a step of the appointment', async () => {
    const complete = page.getByRole('button', { name: 'Complete', exact: true })
    const yes = page.getByRole('button', { name: 'Yes, complete' })
    const consequence = page.getByText(/^The appointment ends\./)
    await keys.activate(complete, consequence)
    await keys.activate(page.getByRole('button', { name: 'Go back' }), complete)
    await keys.press('Enter', consequence)
    await keys.activate(yes, page.getByText('Completed', { exact: true }).locator('..'))
    await expect(page.getByRole('heading', { name: 'Next steps' })).toHaveCount(0)
  })

  await test.step('goes back, and reopens a chat that is over', async () => {
    await keys.activate(page.getByRole('link', { name: 'Back to appointments' }), heading(page))
    await keys.activate(inbox, inbox)
    const henrys = page.getByRole('article').filter({ hasText: 'Henry Whitfield' })
    await expect(page.getByRole('article').first()).toBeVisible()
    await expect(henrys.filter({ hasText: 'answer' })).toHaveCount(0)
    const past = page.getByRole('link', { name: 'Past' })
    await keys.activate(past, past)
    const visit = page.getByRole('article').filter({ hasText: 'Amira Haddad' })
    await keys.activate(visit.locator(toChat), heading(page))
    await keys.activate(page.getByRole('button', { name: 'Reopen the chat' }), composer(page))
  })

  await keys.activate(page.getByRole('button', { name: 'Sign out' }), heading(page))
  await expect(page).toHaveURL(/sign-in/)
})

test.describe(() => {
  test.afterEach(withdrawConsent)

  test('E47 a patient goes the whole way by keyboard, from right to left', async ({ stranger }) => {
    test.setTimeout(180_000)
    const admin = await stranger(withShortTokens)
    await signIn(admin, 'marta')
    await publish(admin, { ar: 'نص جديد للموافقة.' })
    await patientsWay(await stranger({ ...narrow, ...withShortTokens, locale: 'ar-MA' }))
  })
})

async function patientsWay(page: Page) {
  const keys = new Keyboard(page)
  const sheet = page.getByRole('dialog')
  await signInByKeyboard(page, keys, 'layla')
  await keys.activate(page.locator(`a[href="${chatOf(visits.layla)}"]`), heading(page))
  await keys.activate(page.getByRole('link', { name: 'القراءة واتخاذ القرار' }), heading(page))
  await keys.activate(page.getByRole('button', { name: 'أوافق', exact: true }), heading(page))
  await expect(page).toHaveURL(chatOf(visits.layla))

  await test.step('writes two lines', async () => {
    await keys.tabTo(composer(page))
    await keys.type('السطر الأول')
    await keys.press('Shift+Enter', composer(page))
    await keys.type('السطر الثاني')
    await keys.press('Enter', composer(page))
    await expect(page.locator('.bs-bubble', { hasText: 'السطر الأول\nالسطر الثاني' })).toBeVisible()
  })

  await test.step('answers and removes', async () => {
    const menu = menuOf(page, 'السطر الأول')
    await keys.tabTo(menu, 'Shift+Tab')
    await keys.press('Enter', menu)
    await keys.activate(action(page, 'رد'), composer(page))
    await keys.press('Escape', composer(page))
    await keys.type('كلمة أخرى')
    await keys.press('Enter', composer(page))
    const mine = menuOf(page, 'كلمة أخرى')
    await keys.tabTo(mine, 'Shift+Tab')
    await keys.press('Enter', mine)
    await keys.activate(action(page, 'حذف'), action(page, 'إبقاؤها'))
    const row = page.locator('.bs-row').last()
    await keys.activate(action(page, 'نعم، حذفها'), row, 'Shift+Tab')
    await expect(row).toContainText('تم حذف هذه الرسالة من قِبلك.')
  })

  await test.step('asks to cancel, and leaves it', async () => {
    const details = page.getByRole('button', { name: 'التفاصيل' })
    await keys.tabTo(details)
    await page.keyboard.press('Enter')
    await expect(sheet).toBeVisible()
    await keys.expectSeen()
    const cancel = sheet.getByRole('button', { name: 'إلغاء الموعد' })
    await keys.activate(cancel, sheet.getByText(/^يُلغى الموعد للجميع/))
    await keys.tabTo(sheet.getByRole('textbox'))
    await keys.type('أنا مسافرة')
    await keys.activate(sheet.getByRole('button', { name: 'رجوع' }), cancel)
    await keys.press('Escape', details)
    await expect(composer(page)).toBeVisible()
    await page.keyboard.press('Enter')
    await expect(sheet).toBeVisible()
  })

  await keys.activate(sheet.getByRole('link', { name: 'حسابك' }), heading(page))
  await expect(page).toHaveURL(/account/)
  await keys.activate(page.getByRole('button', { name: 'خروج', exact: true }), heading(page))
  await expect(page).toHaveURL(/sign-in/)
}
