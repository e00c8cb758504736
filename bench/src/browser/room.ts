/** Rooms of the product in the browser of their patient: how soon one is shown, and how it scrolls. */
import type { Browser, Page } from 'playwright-core'
import type { Scrolled } from '../../pages/probe.ts'
import { sign } from '../clients/population.ts'
import { makeVolume } from '../clients/volume.ts'
import type { BedsideFacts } from '../servers/bedside.ts'
import { WINDOW } from './chromium.ts'
import type { Pages } from './pages.ts'
import { scriptsOf } from './scripts-of.ts'

export interface ReadyRoom {
  appointment: string
  patient: string
  messages: number
}

/** Two rooms, all of it read. */
export async function makeRooms(databaseUrl: string, sizes: [number, number]): Promise<ReadyRoom[]> {
  const volume = await makeVolume(databaseUrl, 2, 1)
  try {
    const rooms: ReadyRoom[] = []
    for (const [i, room] of [volume.room, ...volume.others].entries()) {
      const messages = sizes[i] ?? 0
      await volume.client.query('select volume.add_messages($1, $2, $3)', [room, [], messages])
      await volume.client.query(
        'update public.chat_participants set delivered_seq = $2, read_seq = $2 where room_id = $1',
        [room, messages],
      )
      const found = await volume.client.query<{ appointment: string; patient: string }>(
        `select a.id as appointment, a.patient_id as patient
         from public.chat_rooms r join public.appointments a on a.id = r.appointment_id where r.id = $1`,
        [room],
      )
      const facts = found.rows[0]
      if (!facts) throw new Error('A room of the bench was not made.')
      rooms.push({ ...facts, messages })
    }
    await volume.client.query('vacuum analyze public.chat_messages, public.chat_rooms')
    return rooms
  } finally {
    await volume.close()
  }
}

/** A browser of the patient's own, signed in, with nothing in its cache. */
export async function openAs(browser: Browser, pages: Pages, facts: BedsideFacts, patient: string) {
  const context = await browser.newContext({ ...WINDOW, baseURL: facts.url })
  await context.addInitScript({ path: pages.probe })
  const token = sign(patient, facts.jwtSecret)
  const session = {
    access_token: token,
    refresh_token: 'none',
    token_type: 'bearer',
    expires_in: 3600,
    expires_at: Math.floor(Date.now() / 1000) + 3600,
    user: { id: patient, aud: 'authenticated', app_metadata: {}, user_metadata: {}, created_at: '' },
  }
  await context.addInitScript(
    `localStorage.setItem('bedside-session', ${JSON.stringify(JSON.stringify(session))})`,
  )
  return { context, page: await context.newPage() }
}

export const chatOf = (room: ReadyRoom) => `/appointments/${room.appointment}/chat`

/** Milliseconds from the answer that holds the messages to the first of them painted. */
export async function firstMessage(page: Page, room: ReadyRoom): Promise<number> {
  await page.goto(chatOf(room))
  // Not with waitForFunction: what it does inside the page the content security policy forbids.
  return await page.evaluate<number>(
    `window.probe.firstMessageAt.then(at => at - performance.getEntriesByType('resource')
      .filter(({ name, responseEnd }) => name.includes('/rpc/list_messages') && responseEnd <= at)
      .at(-1).responseEnd)`,
  )
}

/** Bytes of JavaScript that a first visit to the address fetches until it shows what it is for. */
export async function weightOf(page: Page, address: string, ready: string): Promise<number> {
  const bytes = scriptsOf(page)
  await page.goto(address)
  await page.locator(ready).first().waitFor()
  await page.waitForLoadState('networkidle')
  return await bytes()
}

export function scroll(page: Page, step: number, until: string): Promise<Scrolled> {
  return page.evaluate<Scrolled>(`window.probe.scroll(${step}, ${until})`)
}
