/** Compares: the database with what people did, and each screen with the database. */
import { type OutgoingMessage, receiptOf } from '@bedside/core'
import type { TrueRoom } from './clinic/truth.ts'
import type { Device } from './devices/device.ts'
import type { Ledger } from './ledger.ts'

export interface Counts {
  sends: number
  acknowledged: number
  lost: number
  doubled: number
  outOfOrder: number
}

export const noCounts: Counts = { sends: 0, acknowledged: 0, lost: 0, doubled: 0, outOfOrder: 0 }

/** Of everything that was typed since the ledger was opened. What is wrong besides is told to the ledger. */
export function judge(ledger: Ledger, truth: ReadonlyMap<string, TrueRoom>): Counts {
  const counts: Counts = { ...noCounts, sends: ledger.typed.size }
  const places = new Map<string, { seq: number; roomId: string }>()
  for (const [roomId, { messages }] of truth) {
    for (const [index, message] of messages.entries()) {
      if (message.seq !== index + 1) ledger.violated(`a room has seq ${message.seq} in place ${index + 1}`)
      if (places.has(message.id)) counts.doubled++
      places.set(message.id, { seq: message.seq, roomId })
      const typed = ledger.find(message.id)
      if (message.senderId === null) continue
      // Nobody typed it: somebody's words under another id.
      if (!typed) {
        counts.doubled++
        continue
      }
      if (typed.retraction === 'acknowledged' && !message.isRetracted)
        ledger.violated('a message that was taken back is there again')
      if (typed.retraction === 'none' && message.isRetracted)
        ledger.violated('a message was taken back by nobody')
      if (
        !message.isRetracted &&
        message.body !== typed.acknowledgedBody &&
        !typed.openEdits.has(message.body ?? '')
      )
        ledger.violated('a message does not say what was acknowledged last')
    }
  }
  const lastOf = new Map<string, number>()
  for (const typed of ledger.typed.values()) {
    if (typed.isAcknowledged) counts.acknowledged++
    const place = places.get(typed.id)
    if (!place) {
      if (!typed.mayBeGone || typed.isAcknowledged) counts.lost++
      continue
    }
    const key = `${typed.device} ${typed.roomId}`
    if (place.seq < (lastOf.get(key) ?? 0)) counts.outOfOrder++
    lastOf.set(key, place.seq)
  }
  for (const [id, roomId] of ledger.shown)
    if (places.get(id)?.roomId !== roomId) ledger.violated('a screen showed what the database does not have')
  return counts
}

/** The first thing in which a device is not as the database says, or not live. Null: equal. */
export function difference(device: Device, truth: ReadonlyMap<string, TrueRoom>): string | null {
  const { name, chat, list } = device
  if (!chat || !list) return `${name} is not signed in`
  if (chat.connection.current.is !== 'live') return `${name} is ${chat.connection.current.is}`
  for (const { roomId } of device.visits) {
    const room = device.rooms.get(roomId)?.current
    const real = truth.get(roomId)
    if (!room || !real) return `${name} has no room`
    if (room.is !== 'ready') return `${name} has a room that is ${room.is}`
    if (room.connection.is !== 'live') return `${name} has a room that is ${room.connection.is}`
    const [unsent] = room.outgoing
    if (unsent) return `${name} has ${room.outgoing.length} unsent: ${saidOf(unsent.state)}`
    const from = (room.messages[0]?.seq ?? 1) - 1
    if (room.messages.length !== real.messages.length - from)
      return `${name} shows ${from + room.messages.length} of ${real.messages.length} messages`
    for (const [index, mine] of room.messages.entries()) {
      const theirs = real.messages[from + index]
      const isSame =
        theirs !== undefined &&
        mine.id === theirs.id &&
        mine.seq === theirs.seq &&
        mine.senderId === theirs.senderId &&
        mine.body === theirs.body &&
        (mine.editedAt !== null) === theirs.isEdited &&
        (mine.retractedAt !== null) === theirs.isRetracted &&
        mine.change === theirs.change
      if (!isSame) return `${name} shows another message at seq ${mine.seq}`
    }
    // Not the bare cursors: that somebody's own words moved theirs is told to nobody, and shows nowhere.
    const participants = room.room.participants.map(each => ({ ...each, ...real.cursors.get(each.id) }))
    for (const mine of room.messages) {
      if (mine.senderId !== room.me || mine.retractedAt !== null) continue
      const [shown, is] = [room.room.participants, participants].map(all => receiptOf(mine, all, room.me))
      if (shown !== is) return `${name} shows seq ${mine.seq} as ${shown}, and it is ${is}`
    }
    const own = real.cursors.get(device.person.id)
    const lastOfOthers = real.messages.findLast(message => message.senderId !== device.person.id)?.seq ?? 0
    if (own && own.deliveredSeq < lastOfOthers) return `${name} has not told what it has received`
    const listed = list.current.page?.rooms.find(each => each.id === roomId)
    if (listed?.lastSeq !== real.messages.length) return `${name} lists a room up to another message`
    if (own && listed.unread !== own.unread)
      return `${name} lists ${listed.unread} unread instead of ${own.unread}`
  }
  return null
}

function saidOf(state: OutgoingMessage['state']): string {
  return state.is === 'failed' ? `failed, ${state.error.kind} ${state.error.detail}` : state.is
}
