/** The shell around `receipts.ts`. */
import type { ChatError } from './chat-error.ts'
import type { Env } from './env.ts'
import { createMachine } from './machine.ts'
import {
  type Cursors,
  isNews,
  news,
  type ReceiptEffect,
  type ReceiptEvent,
  type ReceiptState,
  reduceReceipts,
  startReceipts,
} from './receipts.ts'
import type { Transport } from './transport.ts'

export interface ReceiptSender {
  dispatch(event: ReceiptEvent): void
  /** Tells the server what it does not know yet, without waiting for an answer: the person is leaving. */
  close(): void
}

export function createReceiptSender(
  { env, transport }: { env: Env; transport: Transport },
  roomId: string,
  onAnswered: (cursors: Cursors) => void,
): ReceiptSender {
  let isClosed = false
  let clearTimer = () => {}
  const machine = createMachine<ReceiptState, ReceiptEvent, ReceiptEffect>({
    initial: startReceipts(),
    reduce: reduceReceipts,
    perform(effect) {
      if (effect.do === 'set-timer') {
        clearTimer = env.setTimer(() => machine.dispatch({ is: 'due' }), effect.ms)
        return
      }
      const { readSeq, deliveredSeq } = effect
      transport.markRead({ roomId, readSeq, deliveredSeq }).then(
        cursors => {
          if (isClosed) return
          machine.dispatch({ is: 'answered', cursors })
          onAnswered(cursors)
        },
        (error: ChatError) => {
          if (!isClosed) machine.dispatch({ is: 'failed', error, random: env.random() })
        },
      )
    },
    onChange() {},
  })
  return {
    dispatch(event) {
      if (!isClosed) machine.dispatch(event)
    },
    close() {
      if (isClosed) return
      isClosed = true
      clearTimer()
      if (machine.state.call.is === 'calling' || !isNews(machine.state)) return
      // Lost if it fails: then the room is marked read at the next visit.
      transport.markRead({ roomId, ...news(machine.state) }).catch(() => {})
    },
  }
}
