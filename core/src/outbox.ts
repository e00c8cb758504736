/**
 * The shell around `send-queue.ts`: writes to storage one after the other, sends, waits.
 *
 * Must never happen: a removal that overtakes the write it undoes.
 */

import { ChatError } from './chat-error.ts'
import type { Env, StoredMessage } from './env.ts'
import { createMachine } from './machine.ts'
import type { Message } from './records.ts'
import {
  type Entry,
  emptyQueue,
  type QueueEffect,
  type QueueEvent,
  type QueueState,
  reduceQueue,
} from './send-queue.ts'
import type { Transport } from './transport.ts'

const FORGET_AGAIN_MS = 5_000

export interface Outbox {
  readonly entries: readonly Entry[]
  /** Reads what an earlier visit left, then begins to send. Once. */
  open(owner: { userId: string; roomId: string }): void
  dispatch(event: QueueEvent): void
  close(): void
}

export function createOutbox(
  { env, transport }: { env: Env; transport: Transport },
  on: {
    accepted(message: Message): void
    refused(error: ChatError): void
    changed(): void
  },
): Outbox {
  let owner: { userId: string; roomId: string } | null = null
  let isClosed = false
  let storageTurn: Promise<unknown> = Promise.resolve()
  let clearTimer = () => {}
  const forgetTimers = new Set<() => void>()

  const machine = createMachine<QueueState, QueueEvent, QueueEffect>({
    initial: emptyQueue,
    reduce: reduceQueue,
    perform,
    onChange: on.changed,
  })
  const dispatch = (event: QueueEvent) => {
    if (!isClosed) machine.dispatch(event)
  }
  const entryOf = (id: string) => machine.state.entries.find(entry => entry.id === id)

  function inTurn<T>(operation: () => Promise<T>): Promise<T> {
    const result = storageTurn.then(operation)
    storageTurn = result.catch(() => {})
    return result
  }

  function perform(effect: QueueEffect): void {
    switch (effect.do) {
      case 'save':
        save(effect.id)
        return
      case 'forget':
        forget(effect.id)
        return
      case 'send':
        send(effect.id)
        return
      case 'set-timer':
        clearTimer = env.setTimer(() => dispatch({ is: 'retry-due' }), effect.ms)
        return
      case 'clear-timer':
        clearTimer()
        return
    }
  }

  function save(id: string): void {
    inTurn(async () => {
      const entry = entryOf(id)
      if (entry && owner) await env.storage.put(storedOf(entry, owner))
    }).then(
      () => dispatch({ is: 'saved', id }),
      cause => dispatch({ is: 'save-failed', id, error: outboxError(cause) }),
    )
  }

  function forget(id: string): void {
    const from = owner
    if (!from) return
    inTurn(() => env.storage.remove(from.userId, from.roomId, id)).catch(() => {
      // It would be sent again at the next visit: under the same id, so that is harmless unless it was discarded.
      if (isClosed) return
      const clear = env.setTimer(() => {
        forgetTimers.delete(clear)
        forget(id)
      }, FORGET_AGAIN_MS)
      forgetTimers.add(clear)
    })
  }

  function send(id: string): void {
    const entry = entryOf(id)
    if (!entry || !owner) return
    const { body, replyTo } = entry
    transport.sendMessage({ id, roomId: owner.roomId, body, replyTo }).then(
      message => {
        if (isClosed) return
        on.accepted(message)
        dispatch({ is: 'accepted', id, seq: message.seq })
      },
      (error: ChatError) => {
        dispatch({ is: 'send-failed', id, error, random: env.random() })
        if (!isClosed) on.refused(error)
      },
    )
  }

  return {
    get entries() {
      return machine.state.entries
    },
    open(by) {
      if (owner) return
      owner = by
      inTurn(() => env.storage.list(by.userId, by.roomId)).then(
        messages => dispatch({ is: 'outbox-loaded', messages }),
        // Nothing can be read. What is typed now will say so when it cannot be written either.
        () => dispatch({ is: 'outbox-loaded', messages: [] }),
      )
    },
    dispatch,
    close() {
      isClosed = true
      clearTimer()
      for (const clear of forgetTimers) clear()
    },
  }
}

function storedOf(entry: Entry, { userId, roomId }: { userId: string; roomId: string }): StoredMessage {
  const { id, body, replyTo, queuedAt, position, stage } = entry
  const refusal = stage.is === 'failed' ? { kind: stage.error.kind, detail: stage.error.detail } : null
  return { id, userId, roomId, body, replyTo, queuedAt, position, refusal }
}

function outboxError(cause: unknown): ChatError {
  const isFull = cause instanceof Error && cause.name === 'QuotaExceededError'
  return new ChatError('unavailable', { detail: isFull ? 'outbox-full' : 'outbox-unavailable', cause })
}
