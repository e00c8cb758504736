/** Where one writes: what stands there in each state, and what is put into it other than by typing. */
import type { Page } from '@playwright/test'
import {
  chatOf,
  composer,
  desktop,
  expect,
  expectAccessible,
  phone,
  picture,
  test,
  visits,
} from './clinic.ts'

/** The server's answers, changed on the way: the page is the real one. */
async function answer(page: Page, name: string, change: (real: Record<string, unknown>) => unknown) {
  await page.route(`**/rest/v1/rpc/${name}`, async route => {
    const response = await route.fetch()
    await route.fulfill({ response, json: change(await response.json()) })
  })
}
const inLanguage = (page: Page, locale: string) =>
  answer(page, 'get_profile', profile => ({ ...profile, locale }))

const places = [
  ['henry', 'room_closed', 'call_clinic', 'link'],
  ['henry', 'reply_window_over', 'book_appointment', 'link'],
  ['henry', 'patient_may_not_reply', 'call_clinic', 'link'],
  ['henry', 'room_locked', 'call_clinic', 'link'],
  ['ines', 'room_closed', 'reopen_room', 'button'],
  ['ines', 'appointment_not_confirmed', 'confirm_appointment', 'link'],
] as const

for (const [side, options, locale] of [
  ['phone, left to right', phone, 'en-GB'],
  ['phone, right to left', phone, 'ar-MA'],
  ['desktop, left to right', desktop, 'en-GB'],
] as const) {
  test(`E28 where one cannot write stand a reason and a way on: ${side}`, async ({ as }) => {
    for (const person of ['henry', 'ines'] as const) {
      const page = await as(person, options)
      await inLanguage(page, locale)
      for (const [, block, step, way] of places.filter(([who]) => who === person)) {
        await answer(page, 'open_room', opened => ({
          ...opened,
          room: { ...(opened.room as object), reply_block: block, next_step: step },
        }))
        await page.goto(chatOf(visits.henry))
        const notice = page.getByRole('note')
        await expect(notice).toBeVisible()
        expect((await notice.locator('p').allInnerTexts()).filter(Boolean).length).toBeGreaterThanOrEqual(2)
        await expect(notice.getByRole(way).first()).toBeVisible()
        if (person === 'henry') await expect(notice.locator('a[href^="tel:"]')).toBeVisible()
        await expect(composer(page)).toHaveCount(0)
        await expectAccessible(page)
        await picture(page, `place-${block}-${person}-${side.replaceAll(/\W+/g, '-')}`)
        await page.unroute('**/rest/v1/rpc/open_room')
      }
    }
  })

  test(`E30 what is pasted and dropped costs neither the page nor the draft: ${side}`, async ({ as }) => {
    const page = await as('henry', options)
    await inLanguage(page, locale)
    await page.goto(chatOf(visits.henry))
    await composer(page).fill('My report')
    const give = (type: 'paste' | 'drop', selector: string) =>
      page.locator(selector).evaluate((element, kind) => {
        const files = new DataTransfer()
        files.items.add(new File(['%PDF'], 'report.pdf', { type: 'application/pdf' }))
        const init = { bubbles: true, cancelable: true }
        const event =
          kind === 'paste'
            ? new ClipboardEvent('paste', { ...init, clipboardData: files })
            : new DragEvent('drop', { ...init, dataTransfer: files })
        element.dispatchEvent(event)
        return event.defaultPrevented
      }, type)
    expect(await give('paste', 'textarea')).toBe(true)
    await expect(page.locator('.bs-composer-note')).not.toBeEmpty()
    await expectAccessible(page)
    await picture(page, `file-pasted-${side.replaceAll(/\W+/g, '-')}`)
    await composer(page).fill('My report, page 2')
    await expect(page.locator('.bs-composer-note')).toBeEmpty()
    expect(await give('drop', '.bs-scroller')).toBe(true)
    await expect(page.locator('.bs-composer-note')).not.toBeEmpty()
    await expect(composer(page)).toHaveValue('My report, page 2')
    await composer(page).fill('x'.repeat(3_990))
    await expect(page.locator('.bs-count')).toBeVisible()
    await picture(page, `near-the-limit-${side.replaceAll(/\W+/g, '-')}`)
    await composer(page).fill('')
  })
}

for (const [locale, word] of [
  ['en-GB', 'red heart'],
  ['es-ES', 'corazón rojo'],
  ['ar-MA', 'red heart'],
] as const) {
  test(`E30 an emoji is found and put in by keyboard, from our own origin: ${locale}`, async ({ as }) => {
    const page = await as('henry', desktop)
    const elsewhere: string[] = []
    page.on('request', request => {
      if (new URL(request.url()).hostname !== 'localhost') elsewhere.push(request.url())
    })
    await inLanguage(page, locale)
    await page.goto(chatOf(visits.henry))
    await composer(page).fill('ab')
    await composer(page).press('ArrowLeft')
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Enter')
    const search = page.getByRole('searchbox')
    await expect(search).toBeFocused()
    await expect(page.getByRole('grid').getByRole('button').first()).toBeVisible()
    await expectAccessible(page)
    await picture(page, `emoji-${locale}`)
    await page.keyboard.press('Escape')
    await expect(composer(page)).toBeFocused()
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Enter')
    await page.keyboard.type(word)
    await expect(page.getByRole('grid').getByRole('button').first()).toHaveText('❤️')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(composer(page)).toHaveValue('a❤️b')
    await expect(composer(page)).toBeFocused()
    await page.keyboard.type('!')
    await expect(composer(page)).toHaveValue('a❤️!b')
    expect(elsewhere).toEqual([])
    await composer(page).fill('')
  })
}
