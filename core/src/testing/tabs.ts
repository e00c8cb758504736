/** A person's session in each tab of a virtual browser, at a fake clinic. */
import type { ChatRoom, ReadyChat, Session } from '../api.ts'
import { openSession } from '../session.ts'
import { APPOINTMENT, createFakeClinic, type FakeClinic, PATIENT } from './fake-clinic.ts'
import { createVirtualBrowser, type VirtualBrowser, type VirtualTab } from './virtual-browser.ts'
import { createVirtualClock, type VirtualClock } from './virtual-env.ts'

export interface Tab extends VirtualTab {
  session: Session
  /** Opens it where it is not open. */
  room(): ChatRoom
  ready(): ReadyChat
  /** What a person sees: bodies, those that are not sent with how far they are. */
  seen(): string[]
}

export interface Tabs {
  readonly clock: VirtualClock
  readonly clinic: FakeClinic
  readonly browser: VirtualBrowser
  /** Bodies of messages that were sent by a tab which did not have the lead. */
  readonly strays: string[]
  /** null: nobody's tokens are on the device. */
  open(userId?: string | null): Tab
  /** A tab whose room is open. */
  opened(): Promise<Tab>
}

export function createTabs(): Tabs {
  const clock = createVirtualClock()
  const clinic = createFakeClinic(clock)
  const browser = createVirtualBrowser(clinic)
  const strays: string[] = []

  function open(userId: string | null = PATIENT): Tab {
    const tab = browser.open(userId)
    const { sendMessage } = tab.bare
    tab.bare.sendMessage = message => {
      if (!tab.leads) strays.push(message.body)
      return sendMessage(message)
    }
    const session = openSession({ env: tab.env, transport: tab.transport })
    let held: { by: unknown; room: ChatRoom } | null = null
    const room = () => {
      if (session.current.is !== 'signed-in') throw new Error(session.current.is)
      const { chat } = session.current
      if (held?.by !== chat) held = { by: chat, room: chat.openRoom(APPOINTMENT) }
      return held.room
    }
    const ready = () => {
      const { current } = room()
      if (current.is !== 'ready') throw new Error(`the room is ${current.is}`)
      return current
    }
    const seen = () => [
      ...ready().messages.map(each => `${each.body}`),
      ...ready().outgoing.map(each => `${each.body} ${each.state.is}`),
    ]
    const own = { session, room, ready, seen }
    return Object.assign(Object.create(tab, Object.getOwnPropertyDescriptors(tab)), own)
  }

  return {
    clock,
    clinic,
    browser,
    strays,
    open,
    async opened() {
      const tab = open()
      await clock.advance(500)
      tab.room()
      await clock.advance(500)
      return tab
    },
  }
}
