/**
 * All of one person's unsent messages on this device, in every room, and the question which tab sends them. The one that
 * leads sends also for rooms that only another tab shows, or none any more.
 *
 * Must never happen: two tabs that send, but for the moment in which one takes the lead from another that hangs; a
 * message that waits for a room to be opened; a leader that cannot read what the others write.
 */
import type { ChatError } from './chat-error.ts'
import type { Env, TabMessage } from './env.ts'
import { type LeadEffect, type LeadEvent, type LeadState, reduceLead, startLead } from './lead.ts'
import { createMachine } from './machine.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import type { Message } from './records.ts'
import type { Entry, Hold, QueueEvent } from './send-queue.ts'
import { leadOf } from './tab-names.ts'
import type { Transport } from './transport.ts'

/** A tab that was killed after it wrote could tell nobody. */
const LOOK_EVERY_MS = 60_000
const LEAD_AGAIN_MS = 10_000

export interface OutboxListener {
  accepted(message: Message): void
  refused(error: ChatError): void
  changed(): void
}

export interface HeldOutbox {
  readonly entries: readonly Entry[]
  readonly hold: Hold
  /** Once it is known which room it is; what was dispatched before is done then. */
  open(roomId: string): void
  dispatch(event: QueueEvent): void
  release(): void
}

export interface Outboxes {
  /** For a room that is shown; one at a time for each. */
  hold(listener: OutboxListener): HeldOutbox
  /** From another tab. */
  hear(told: TabMessage): void
  /** The server was reached just now, or the person asks for a try: nobody need wait any longer. */
  tryNow(): void
  close(): void
}

interface Box {
  outbox: Outbox
  listener: OutboxListener | null
}

export function createOutboxes(
  context: { env: Env; transport: Transport },
  userId: string,
  tell: (message: TabMessage) => void,
  /** Also of a room that nobody shows any more. */
  onAccepted: () => void,
): Outboxes {
  const { env } = context
  const boxes = new Map<string, Box>()
  let isClosed = false
  let clearTimer = () => {}
  let clearLook = () => {}
  let clearAgain = () => {}

  const lead = createMachine<LeadState, LeadEvent, LeadEffect>({
    initial: startLead,
    reduce: reduceLead,
    perform(effect) {
      switch (effect.do) {
        case 'ask':
          tell({ is: 'lead-asked' })
          return
        case 'take':
          tabLead.take()
          return
        case 'set-timer':
          clearTimer = env.setTimer(() => lead.dispatch({ is: 'due' }), effect.ms)
          return
        case 'clear-timer':
          clearTimer()
          return
      }
    },
    onChange() {},
  })
  const isLeading = () => lead.state.is === 'leading'
  let tabLead = env.tabs.lead(leadOf(userId), { onWon, onLost })

  function onWon(): void {
    lead.dispatch({ is: 'won' })
    for (const box of boxes.values()) void start(box)
    void look()
  }

  async function look(): Promise<void> {
    clearLook()
    clearLook = env.setTimer(() => void look(), LOOK_EVERY_MS)
    try {
      const roomIds = await env.storage.rooms(userId)
      if (!isClosed && isLeading()) for (const roomId of roomIds) void changed(roomId)
    } catch {
      resign()
    }
  }

  async function changed(roomId: string): Promise<void> {
    const known = boxes.get(roomId)
    if (!known && !isLeading()) return
    if (known) {
      if (!(await known.outbox.read())) resign()
    } else boxOf(roomId)
  }

  /** A newer version of the page in another tab may have taken the storage from this one for good. */
  function resign(): void {
    if (isClosed || !isLeading()) return
    tabLead.leave()
    onLost()
    clearAgain = env.setTimer(() => {
      tabLead = env.tabs.lead(leadOf(userId), { onWon, onLost })
    }, LEAD_AGAIN_MS)
  }

  function onLost(): void {
    clearLook()
    lead.dispatch({ is: 'lost' })
    for (const { outbox } of boxes.values()) outbox.dispatch({ is: 'lead-lost' })
    review()
  }

  function boxOf(roomId: string): Box {
    const known = boxes.get(roomId)
    if (known) return known
    const outbox = createOutbox(
      context,
      { userId, roomId },
      {
        accepted(message) {
          box.listener?.accepted(message)
          onAccepted()
          tell({ is: 'message-accepted', message })
        },
        refused: error => box.listener?.refused(error),
        written: () => tell({ is: 'outbox-changed', roomId }),
        changed() {
          box.listener?.changed()
          review()
        },
      },
    )
    const box: Box = { outbox, listener: null }
    boxes.set(roomId, box)
    void start(box)
    return box
  }

  /** Whoever begins to send has to know what the tab before had not sent. */
  async function start({ outbox }: Box): Promise<void> {
    await outbox.read()
    if (isLeading()) outbox.dispatch({ is: 'lead-won' })
    review()
  }

  /** Where nobody shows a room there is nothing that would confirm its messages. */
  function review(): void {
    if (isClosed) return
    for (const [roomId, { outbox, listener }] of boxes) {
      if (listener) continue
      for (const { id, stage } of outbox.entries)
        if (stage.is === 'sent') outbox.dispatch({ is: 'shown', id })
      if (outbox.isWriting || (outbox.isWaiting && isLeading())) continue
      boxes.delete(roomId)
      outbox.close()
    }
    const isNeeded = [...boxes.values()].some(({ outbox }) => outbox.isWaiting)
    lead.dispatch({ is: isNeeded ? 'needed' : 'met' })
  }

  function resume(): void {
    for (const { outbox } of boxes.values()) outbox.dispatch({ is: 'resumed' })
  }

  return {
    hold(listener) {
      let box: Box | null = null
      let early: QueueEvent[] = []
      let isReleased = false
      return {
        get entries() {
          return box?.outbox.entries ?? []
        },
        get hold() {
          return box?.outbox.hold ?? null
        },
        open(roomId) {
          if (box || isReleased || isClosed) return
          box = boxOf(roomId)
          box.listener = listener
          for (const event of early) box.outbox.dispatch(event)
          early = []
        },
        dispatch(event) {
          if (isReleased) return
          if (box) box.outbox.dispatch(event)
          else early.push(event)
        },
        release() {
          isReleased = true
          if (box?.listener === listener) box.listener = null
          review()
        },
      }
    },
    hear(told) {
      if (isClosed) return
      switch (told.is) {
        case 'outbox-changed':
          void changed(told.roomId)
          return
        case 'message-accepted': {
          const { message } = told
          const box = boxes.get(message.roomId)
          box?.listener?.accepted(message)
          onAccepted()
          box?.outbox.dispatch({ is: 'accepted-elsewhere', id: message.id, seq: message.seq })
          return
        }
        case 'try-asked':
          resume()
          return
        case 'lead-asked':
          if (isLeading()) tell({ is: 'lead-answered' })
          return
        case 'lead-answered':
          lead.dispatch({ is: 'answered' })
          return
        case 'draft-saved':
        case 'signed-out':
          return
      }
    },
    tryNow() {
      resume()
      // A hidden tab's timers are slow, and it may have no room open that would join.
      if (!isLeading()) tell({ is: 'try-asked' })
    },
    close() {
      isClosed = true
      clearTimer()
      clearLook()
      clearAgain()
      tabLead.leave()
      for (const { outbox } of boxes.values()) outbox.close()
    },
  }
}
