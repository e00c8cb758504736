/**
 * The shell around `send-queue.ts`: reads and writes storage one after the other, sends, waits. Other tabs write into
 * the same storage: what is read is taken only if this tab has begun to write nothing since, and what is to be sent is
 * looked up once more.
 *
 * Must never happen: a removal that overtakes the write it undoes; a message that is sent though another tab has
 * discarded it.
 */

import { ChatError } from './chat-error.ts'
import type { Env, StoredMessage } from './env.ts'
import { createMachine } from './machine.ts'
import type { Message } from './records.ts'
import {
  type Entry,
  emptyQueue,
  type Hold,
  type QueueEffect,
  type QueueEvent,
  type QueueState,
  reduceQueue,
} from './send-queue.ts'
import type { Transport } from './transport.ts'

const FORGET_AGAIN_MS = 5_000

export interface Outbox {
  readonly entries: readonly Entry[]
  readonly hold: Hold
  /** Something is to be sent, by this tab or by the one that leads. */
  readonly isWaiting: boolean
  readonly isWriting: boolean
  dispatch(event: QueueEvent): void
  /** Takes what lies in storage now. Whether it could be read. */
  read(): Promise<boolean>
  close(): void
}

export function createOutbox(
  { env, transport }: { env: Env; transport: Transport },
  owner: { userId: string; roomId: string },
  on: {
    accepted(message: Message): void
    refused(error: ChatError): void
    /** What lies in storage is another than before. */
    written(): void
    changed(): void
  },
): Outbox {
  const { userId, roomId } = owner
  let isClosed = false
  let storageTurn: Promise<unknown> = Promise.resolve()
  let writesBegun = 0
  let writesOpen = 0
  let clearTimer = () => {}
  /** What storage may still hold although it is gone. */
  const forgetting = new Set<string>()
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

  async function write(operation: () => Promise<void>): Promise<void> {
    writesBegun++
    writesOpen++
    try {
      await inTurn(operation)
      on.written()
    } finally {
      writesOpen--
    }
  }

  async function stored(): Promise<StoredMessage[]> {
    const messages = await env.storage.list(userId, roomId)
    return messages.filter(({ id }) => !forgetting.has(id))
  }

  async function read(): Promise<boolean> {
    const before = writesBegun
    try {
      const messages = await inTurn(stored)
      if (before !== writesBegun) return await read()
      dispatch({ is: 'outbox-read', messages })
      return true
    } catch {
      // Nothing can be read. What is typed now will say so when it cannot be written either.
      if (!machine.state.isLoaded) dispatch({ is: 'outbox-read', messages: [] })
      return false
    }
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
        void send(effect.id)
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
    write(async () => {
      const entry = entryOf(id)
      if (entry) await put(storedOf(entry, owner))
    }).then(
      () => dispatch({ is: 'saved', id }),
      cause => dispatch({ is: 'save-failed', id, error: outboxError(cause) }),
    )
  }

  /** What a person wrote is worth more than what can be fetched again. */
  async function put(message: StoredMessage): Promise<void> {
    try {
      await env.storage.put(message)
    } catch (cause) {
      if (!isFull(cause)) throw cause
      await env.cache.empty()
      await env.storage.put(message)
    }
  }

  function forget(id: string): void {
    forgetting.add(id)
    write(() => env.storage.remove(userId, roomId, id)).then(
      () => {
        forgetting.delete(id)
        on.changed()
      },
      () => {
        // It would be sent again at the next visit: under the same id, so that is harmless unless it was discarded.
        if (isClosed) return
        const clear = env.setTimer(() => {
          forgetTimers.delete(clear)
          forget(id)
        }, FORGET_AGAIN_MS)
        forgetTimers.add(clear)
      },
    )
  }

  async function send(id: string): Promise<void> {
    if (await isWithdrawn(id)) {
      dispatch({ is: 'withdrawn', id })
      await read()
      return
    }
    const entry = entryOf(id)
    if (!entry || isClosed) return
    const { body, replyTo } = entry
    try {
      const message = await transport.sendMessage({ id, roomId, body, replyTo })
      if (isClosed) return
      on.accepted(message)
      dispatch({ is: 'accepted', id, seq: message.seq })
    } catch (cause) {
      const error = cause as ChatError
      dispatch({ is: 'send-failed', id, error, random: env.random() })
      if (!isClosed) on.refused(error)
    }
  }

  /** It was saved before, so this need not wait its turn. */
  async function isWithdrawn(id: string): Promise<boolean> {
    try {
      const message = (await stored()).find(each => each.id === id)
      return message === undefined || message.refusal !== null || !machine.state.isLeading
    } catch {
      return false
    }
  }

  return {
    get entries() {
      return machine.state.entries
    },
    get hold() {
      return machine.state.hold
    },
    get isWaiting() {
      return machine.state.entries.some(({ stage }) => stage.is !== 'failed' && stage.is !== 'sent')
    },
    get isWriting() {
      return writesOpen > 0 || forgetting.size > 0
    },
    dispatch,
    read,
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
  return new ChatError('unavailable', { detail: isFull(cause) ? 'outbox-full' : 'outbox-unavailable', cause })
}

function isFull(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'QuotaExceededError'
}
