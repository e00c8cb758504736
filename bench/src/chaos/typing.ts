/** People at work: they send, change, take back and read, at random, on every device that is open. */
import { setTimeout as delay } from 'node:timers/promises'
import { ChatError, type ChatRoom } from '@bedside/core'
import type { Device } from './devices/device.ts'
import type { Ledger } from './ledger.ts'
import type { Chance } from './random.ts'

export interface Typing {
  /** Resolves when the last step is begun. What is unsent stays so. */
  stop(): Promise<void>
}

export function startTyping(
  devices: () => readonly Device[],
  ledger: Ledger,
  random: Chance,
  paceMs: { min: number; max: number },
): Typing {
  let isOver = false
  let count = 0
  const run = async () => {
    while (!isOver) {
      const open = devices().filter(device => device.rooms.size > 0)
      if (open.length > 0) {
        const device = random.pick(open)
        const [roomId, room] = random.pick([...device.rooms])
        step(device, roomId, room)
      }
      await delay(random.between(paceMs.min, paceMs.max))
    }
  }
  const running = run()

  function step(device: Device, roomId: string, room: ChatRoom): void {
    const { current } = room
    if (current.is !== 'ready') return
    const what = random.next()
    if (what < 0.6) {
      const body =
        `${device.name} ${++count} ${random.isLucky(0.1) ? 'x'.repeat(random.between(1, 3_000)) : ''}`.trim()
      ledger.type({ id: room.send({ body }), roomId, device: device.name, body })
    } else if (what < 0.75) {
      const last = current.messages.at(-1)
      if (last) room.markRead(last.seq)
    } else change(device, room, what < 0.93)
  }

  function change(device: Device, room: ChatRoom, isEdit: boolean): void {
    const { current } = room
    if (current.is !== 'ready') return
    const own = current.messages.slice(-20).filter(message => {
      const typed = ledger.find(message.id)
      return typed?.device === device.name && typed.retraction === 'none' && message.retractedAt === null
    })
    if (own.length === 0) return
    const { id } = random.pick(own)
    const typed = ledger.find(id)
    if (!typed) return
    const isUnknown = (error: unknown) =>
      error instanceof ChatError &&
      (error.kind === 'offline' || error.kind === 'unavailable' || error.kind === 'not-signed-in')
    if (isEdit) {
      // Of two under way nobody knows which comes last.
      if (typed.openEdits.size > 0) return
      const body = `${typed.body} edited ${++count}`
      typed.openEdits.add(body)
      room.edit(id, body).then(
        () => {
          typed.openEdits.delete(body)
          typed.acknowledgedBody = body
        },
        (error: unknown) => {
          if (!isUnknown(error)) typed.openEdits.delete(body)
        },
      )
      return
    }
    typed.retraction = 'open'
    room.retract(id).then(
      () => {
        typed.retraction = 'acknowledged'
      },
      (error: unknown) => {
        if (!isUnknown(error)) typed.retraction = 'none'
      },
    )
  }

  return {
    async stop() {
      isOver = true
      await running
    },
  }
}
