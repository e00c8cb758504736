/** Visits of one person to a virtual browser whose cache is looked at between them. */
import type { ChatService } from '../api.ts'
import { APPOINTMENT, calm, DOCTOR, PATIENT } from './fake-clinic.ts'
import { createTabs, type Tab, type Tabs } from './tabs.ts'

export const noNetwork = { ...calm, request: () => null, isSocketUp: () => false }

export interface Visits extends Tabs {
  /** From the doctor. */
  say(body: string, appointmentId?: string): void
  /** Whatever lies in the cache, as text. */
  cached(): string
  /** A visit in which the room is opened and "hello" is read. */
  visited(): Promise<void>
  /** The next visit, with no network at all. */
  openedOffline(userId?: string): Promise<Tab>
}

export function createVisits(): Visits {
  const tabs = createTabs()
  const { clock, clinic, browser, open, opened } = tabs
  let said = 0

  function say(body: string, appointmentId = APPOINTMENT): void {
    const { id: roomId } = clinic.room(appointmentId)
    clinic.send(DOCTOR, { id: `m${++said}`, roomId, body, replyTo: null })
  }

  return {
    ...tabs,
    say,
    cached: () => `[${[...browser.cacheRecords.values()].join()}]`,
    async visited() {
      say('hello')
      const tab = await opened()
      await clock.advance(2_000)
      tab.kill()
    },
    async openedOffline(userId = PATIENT) {
      for (const tab of browser.tabs) tab.kill()
      clinic.faults = noNetwork
      clinic.cutSockets()
      const tab = open(userId)
      tab.env.online.set(false)
      await clock.advance(1_000)
      return tab
    },
  }
}

export function chatOf({ session }: Tab): ChatService {
  if (session.current.is !== 'signed-in') throw new Error(session.current.is)
  return session.current.chat
}
