/** The demo clinic's people in browsers of their own, and what every screen must keep to while a test drives it. */
import path from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { type Browser, type BrowserContextOptions, test as base, expect, type Page } from '@playwright/test'
import { tooWide } from './layout-checks.ts'
import { withShortTokens } from './short-tokens.ts'

export const PASSWORD = 'bedside-demo'

export const people = {
  rosa: { email: 'rosa.delgado@bedside.example', name: 'Rosa Delgado', language: 'es' },
  henry: { email: 'henry.whitfield@bedside.example', name: 'Henry Whitfield', language: 'en' },
  amira: { email: 'amira.haddad@bedside.example', name: 'Amira Haddad', language: 'en' },
  layla: { email: 'layla.nasser@bedside.example', name: 'ليلى ناصر', language: 'ar' },
  camille: { email: 'camille.moreau@bedside.example', name: 'Camille Moreau', language: 'fr' },
  marta: { email: 'front.desk@bedside.example', name: 'Marta Lindqvist', language: 'en' },
  ines: { email: 'ines.castellano@bedside.example', name: 'Dr. Inés Castellano', language: 'en' },
  samuel: { email: 'samuel.okafor@bedside.example', name: 'Dr. Samuel Okafor', language: 'en' },
} as const

export type PersonName = keyof typeof people

/** Appointments of the demo clinic. */
export const visits = {
  /** Rosa with Dr. Castellano, confirmed. */
  rosa: 'b0000000-0000-4000-8000-000000000001',
  /** Rosa with Dr. Okafor, requested. */
  rosaRequested: 'b0000000-0000-4000-8000-000000000002',
  /** Henry with Dr. Castellano, in progress. */
  henry: 'b0000000-0000-4000-8000-000000000003',
  /** Amira with Dr. Okafor, confirmed. */
  amira: 'b0000000-0000-4000-8000-000000000005',
  /** Layla, who has agreed to nothing yet, with Dr. Okafor, confirmed. */
  layla: 'b0000000-0000-4000-8000-000000000009',
  /** Camille, who reads French, with Dr. Okafor, confirmed. */
  camille: 'b0000000-0000-4000-8000-000000000010',
} as const

export const pageOf = (appointment: string) => `/appointments/${appointment}`
export const chatOf = (appointment: string) => `${pageOf(appointment)}/chat`

export const phone: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  hasTouch: true,
  isMobile: true,
}
export const desktop: BrowserContextOptions = { viewport: { width: 1440, height: 900 } }

interface Fixtures {
  /** Opens a browser context of its own for a signed-in person. */
  as(person: PersonName, options?: BrowserContextOptions): Promise<Page>
  /** The same without signing in. */
  stranger(options?: BrowserContextOptions): Promise<Page>
}

export const test = base.extend<Fixtures>({
  stranger: async ({ browser }, use) => {
    const { open, settle } = contexts(browser)
    await use(open)
    await settle()
  },
  as: async ({ browser }, use) => {
    const { open, settle } = contexts(browser)
    await use(async (person, options) => {
      const page = await open(options)
      await signIn(page, person)
      return page
    })
    await settle()
  },
})

/** Contexts that are closed at the end, after asserting that no page reported an error or broke the CSP. */
function contexts(browser: Browser) {
  const opened: { close(): Promise<void>; problems: string[] }[] = []
  return {
    async open(options: BrowserContextOptions = desktop) {
      const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/London', ...options })
      const problems: string[] = []
      context.on('page', page => {
        page.on('pageerror', error => problems.push(`page error: ${error.message}`))
        page.on('console', message => {
          // The browser reports every failed request of its own; which ones are expected is each test's to say.
          const isNetwork =
            message.text().startsWith('Failed to load resource') ||
            message.text().includes('ERR_INTERNET_DISCONNECTED')
          if (message.type() === 'error' && !isNetwork) problems.push(message.text())
        })
      })
      opened.push({ close: () => context.close(), problems })
      return await context.newPage()
    },
    async settle() {
      for (const context of opened) {
        expect.soft(context.problems).toEqual([])
        await context.close()
      }
    },
  }
}

export async function signIn(page: Page, person: PersonName) {
  await page.goto('/sign-in')
  await page.locator('input[type=email]').fill(people[person].email)
  await page.locator('input[type=password]').fill(PASSWORD)
  await page.locator('form button[type=submit]').click()
  await page.waitForURL(/\/appointments/)
}

export const composer = (page: Page) => page.locator('textarea')

/** A message's text where it stands in the list of messages. */
export const message = (page: Page, text: string) => page.locator('.bs-list').getByText(text, { exact: true })

/** The bubble that holds a text, with its time and its receipt. */
export const bubble = (page: Page, text: string) => page.locator('.bs-bubble', { hasText: text })

/** That a page shows each of these messages once, and all of them in this order. */
export async function expectOnceInOrder(page: Page, texts: readonly string[]) {
  // The list draws only what fits.
  await page.setViewportSize({ width: page.viewportSize()?.width ?? 1440, height: 1_800 })
  for (const text of texts) await expect(message(page, text)).toHaveCount(1)
  const order = async () => {
    const shown = await page.locator('.bs-list .bs-bubble').allTextContents()
    return shown.flatMap(each => texts.filter(text => each.includes(text)))
  }
  await expect.poll(order).toEqual(texts)
}

/** Everything that this page could read of what its browser keeps, as text. */
export async function keptOnDevice(page: Page): Promise<string> {
  return await page.evaluate(async () => {
    const kept: unknown[] = [{ ...localStorage }, { ...sessionStorage }]
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        kept.push(request.url, await (await cache.match(request))?.text())
      }
    }
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.onsuccess = () => resolve(opening.result)
        opening.onerror = () => reject(opening.error)
      })
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store).getAll()
        kept.push(
          await new Promise((resolve, reject) => {
            all.onsuccess = () => resolve({ [store]: all.result })
            all.onerror = () => reject(all.error)
          }),
        )
      }
      database.close()
    }
    return JSON.stringify(kept)
  })
}

export async function write(page: Page, text: string) {
  await composer(page).fill(text)
  await page.locator('form button[type=submit]').click()
}

/** As the composer would, one after another, without drawing each of them. */
export async function sendAll(page: Page, appointment: string, bodies: readonly string[]) {
  await page.evaluate(
    async ([visit, texts]) => {
      const { key } = await (await fetch('/config.json')).json()
      const { access_token } = JSON.parse(localStorage.getItem('bedside-session') ?? '{}')
      const headers = {
        apikey: key,
        authorization: `Bearer ${access_token}`,
        'content-type': 'application/json',
      }
      const rooms = await fetch(`/rest/v1/chat_rooms?select=id&appointment_id=eq.${visit}`, { headers })
      const [room] = await rooms.json()
      for (const body of texts) {
        const answer = await fetch('/rest/v1/rpc/send_message', {
          method: 'POST',
          headers,
          body: JSON.stringify({ id: crypto.randomUUID(), room_id: room.id, body }),
        })
        if (!answer.ok) throw new Error(`send_message: HTTP ${answer.status}`)
      }
    },
    [appointment, bodies] as const,
  )
}

/** As the administrator would through a screen of their own. */
export async function publish(page: Page, texts: Record<string, string>) {
  const status = await page.evaluate(async body => {
    const { key } = await (await fetch('/config.json')).json()
    const { access_token } = JSON.parse(localStorage.getItem('bedside-session') ?? '{}')
    const answer = await fetch('/rest/v1/rpc/publish_consent', {
      method: 'POST',
      headers: { apikey: key, authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ texts: body }),
    })
    return answer.status
  }, texts)
  expect(status).toBe(200)
}

/** For `afterEach`: what the second stack's whole clinic has to agree to is no other test's to find. */
export async function withdrawConsent({ stranger }: Pick<Fixtures, 'stranger'>) {
  const admin = await stranger(withShortTokens)
  await signIn(admin, 'marta')
  await publish(admin, {})
}

/** A picture for a person to look at, kept in artefacts/screenshots. */
export async function picture(page: Page, name: string) {
  await page.screenshot({
    path: path.join(import.meta.dirname, '../../artefacts/screenshots', `${name}.png`),
  })
}

/** What axe finds. `except`: its rules that cannot hold on this page. */
export async function violationsOn(page: Page, except: readonly string[] = []): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .disableRules([...except])
    .analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target).join(' | ')}`)
}

export async function expectAccessible(page: Page, except: readonly string[] = []) {
  expect(await violationsOn(page, except)).toEqual([])
}

/** Accessible, and no wider than its window. */
export async function expectInOrder(page: Page) {
  await expectAccessible(page)
  expect(await tooWide(page), 'pixels wider than the window').toBe(0)
}

export { expect }
