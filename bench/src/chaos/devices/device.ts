/** Somebody's device: its line, its disk, the tab that is open on it, and what that tab shows. */

import { setTimeout as delay } from 'node:timers/promises'
import type { ChatRoom, ChatService, RoomList } from '@bedside/core'
import { PASSWORD, type Person, type Visit } from '../clinic/clinic.ts'
import type { Ledger } from '../ledger.ts'
import type { Line } from '../network/line.ts'
import { type Disk, makeDisk } from './disk.ts'
import { openTab, type Tab } from './tab.ts'

export interface Device {
  readonly name: string
  readonly person: Person
  readonly visits: readonly Visit[]
  readonly line: Line
  readonly disk: Disk
  isRefreshBlocked: boolean
  /** How long a socket may be gone before the screen has to say so. */
  noticesWithinMs: number
  readonly rooms: ReadonlyMap<string, ChatRoom>
  readonly list: RoomList | null
  readonly chat: ChatService | null
  /** Opens a tab where none is open. Resolves when it is signed in and its rooms are asked for. */
  open(): Promise<void>
  killTab(): void
  readonly isOpen: boolean
  close(): void
}

const WATCH_MS = 50
/** A reset that arrived is an event in the queue of a busy process. */
export const NOTICES_CUT_WITHIN_MS = 1_000

export function makeDevice(parts: {
  name: string
  person: Person
  visits: readonly Visit[]
  line: Line
  publishableKey: string
  ledger: Ledger
  random(): number
  /** That of another tab of the same browser. */
  disk?: Disk
}): Device {
  const { name, person, visits, line, ledger } = parts
  const disk = parts.disk ?? makeDisk()
  let tab: Tab | null = null
  let rooms = new Map<string, ChatRoom>()
  let list: RoomList | null = null
  let chat: ChatService | null = null
  let goneSince: number | null = null

  function look(roomId: string, room: ChatRoom): void {
    const { current } = room
    if (current.is !== 'ready') return
    const ids = new Set<string>()
    let last: number | null = null
    for (const message of current.messages) {
      if (last !== null && message.seq !== last + 1)
        ledger.violated(`${name} shows seq ${message.seq} after ${last}`)
      last = message.seq
      if (ids.has(message.id)) ledger.violated(`${name} shows a message twice`)
      ids.add(message.id)
      if (!ledger.shown.has(message.id)) ledger.shown.set(message.id, roomId)
      // Of people; what the room says of itself has ids of the database.
      if (message.kind !== 'system' && !disk.heard.has(message.id))
        ledger.violated(`${name} shows as sent what the server never spoke of`)
      ledger.acknowledge(message.id)
    }
    for (const each of current.outgoing)
      if (ids.has(each.id)) ledger.violated(`${name} shows one message as sent and as unsent`)
  }

  const watch = setInterval(() => {
    if (tab === null || line.hasSocket) {
      goneSince = null
      return
    }
    goneSince ??= performance.now()
    const gone = performance.now() - goneSince
    if (gone < device.noticesWithinMs) return
    for (const { current } of rooms.values())
      if (current.is === 'ready' && current.connection.is === 'live')
        ledger.violated(`${name} says live ${Math.round(gone)} ms after its socket was gone`)
  }, WATCH_MS)

  const device: Device = {
    name,
    person,
    visits,
    line,
    disk,
    isRefreshBlocked: false,
    noticesWithinMs: NOTICES_CUT_WITHIN_MS,
    get rooms() {
      return rooms
    },
    get list() {
      return list
    },
    get chat() {
      return chat
    },
    get isOpen() {
      return tab !== null
    },
    async open() {
      if (tab) return
      const mine = openTab({
        port: line.port,
        publishableKey: parts.publishableKey,
        disk,
        isRefreshBlocked: () => device.isRefreshBlocked,
        random: parts.random,
      })
      tab = mine
      while (mine.session.current.is === 'loading' && tab === mine) await delay(5)
      if (mine.session.current.is === 'signed-out') await mine.session.signIn(person.email, PASSWORD)
      if (mine.session.current.is !== 'signed-in' || tab !== mine) return
      chat = mine.session.current.chat
      list = chat.rooms()
      rooms = new Map()
      for (const { roomId, appointmentId } of visits) {
        const room = chat.openRoom(appointmentId)
        rooms.set(roomId, room)
        room.subscribe(() => {
          if (tab === mine) look(roomId, room)
        })
      }
      mine.session.subscribe(() => {
        if (tab === mine && mine.session.current.is === 'signed-out')
          ledger.violated(`${name} was signed out: ${mine.session.current.reason}`)
      })
    },
    killTab() {
      if (!tab) return
      const dying = tab
      tab = null
      // Not yet on the disk, and not on its way either: nobody but the tab knew of it.
      for (const room of rooms.values()) {
        if (room.current.is !== 'ready') continue
        for (const { id } of room.current.outgoing) {
          const typed = ledger.find(id)
          if (typed && !disk.saved.has(id)) typed.mayBeGone = true
        }
      }
      dying.kill()
      rooms = new Map()
      list = null
      chat = null
    },
    close() {
      clearInterval(watch)
      tab?.close()
      tab = null
    },
  }
  return device
}
