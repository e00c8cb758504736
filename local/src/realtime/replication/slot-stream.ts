/**
 * A replication slot of this server's own and the stream from it, for as long as someone wants it.
 *
 *   starting -> streaming -> lost -> (slot usable: the same slot | slot gone: a new one, and `onGap`) -> streaming
 *
 * Never: a row twice (what a reconnected slot repeats is known by its position in the log); a row of an uncommitted
 * transaction; a slot left behind.
 */

import type pg from 'pg'
import { errorCode, type RealtimeDatabase, sqlState } from '../database-config.ts'
import type { RealtimeLog } from '../log.ts'
import { openStream, type ReplicationStream } from './connection.ts'
import type { PgOutputMessage } from './pgoutput.ts'
import {
  createSlot,
  dropSlot,
  freeSlot,
  isSlotUsable,
  newSlotName,
  readSlotState,
  slotLagBytes,
} from './slot.ts'
import { watchSlot } from './slot-watch.ts'

export interface SlotStreamOptions {
  readonly database: RealtimeDatabase
  readonly pool: pg.Pool
  readonly log: RealtimeLog
  /** Part of the slot's name. */
  readonly kind: string
  readonly publication: string
  /** How often it is looked at from outside. */
  readonly watchEveryMs: number
  /** In order; see `StreamOptions.onMessage`. */
  onMessage(message: PgOutputMessage): void | Promise<void>
  /**
   * The slot was gone, and what was committed meanwhile will not be streamed; the new slot exists already. Called again
   * if it fails.
   */
  onGap(): void | Promise<void>
}

export interface SlotStream {
  readonly isConnected: boolean
  /** Done when the first connection streams. Fails, and leaves nothing behind, if there is none or it is closed first. */
  readonly ready: Promise<void>
  /** Bytes of log that are committed and not yet acknowledged; null: the slot is gone. */
  lagBytes(): Promise<number | null>
  /** Calls back once, as soon as it is connected. Returns its own undo. */
  whenConnected(then: () => void): () => void
  /** Reads no further until the function returned is called. */
  pause(): () => void
  close(): Promise<void>
}

const RETRY_MIN_MS = 25
const RETRY_MAX_MS = 500
const UNDEFINED_OBJECT = '42704'
const OBJECT_IN_USE = '55006'

export function openSlotStream(options: SlotStreamOptions): SlotStream {
  const { database, pool, log } = options
  const waiters = new Set<() => void>()
  let slot = ''
  let stream: ReplicationStream | null = null
  let isClosed = false
  let isPaused = false
  let hasGap = false
  let isSlotBroken = false
  // The last row handed over: its transaction's commit position, and which row of it.
  let done = { lsn: 0n, index: 0 }
  let current = { lsn: 0n, index: 0 }

  function receive(message: PgOutputMessage): void | Promise<void> {
    if (message.kind === 'begin') {
      current = { lsn: message.commitLsn, index: 0 }
    } else if (message.kind === 'insert' || message.kind === 'update' || message.kind === 'delete') {
      current.index++
      if (current.lsn < done.lsn || (current.lsn === done.lsn && current.index <= done.index)) return
      done = { ...current }
    }
    return options.onMessage(message)
  }

  async function connect(): Promise<void> {
    const opened = await openStream({
      database,
      slot,
      publications: [options.publication],
      onMessage: receive,
      onEnd: error => {
        stream = null
        log({ level: 'warn', event: 'replication-lost', detail: errorCode(error) })
        // The log holds changes from when the publication did not exist: this slot will never get past them.
        if (sqlState(error) === UNDEFINED_OBJECT) isSlotBroken = true
        if (!isClosed) reconnecting = reconnect()
      },
    })
    if (isClosed) return opened.close()
    stream = opened
    if (isPaused) opened.pause()
    log({ level: 'info', event: 'replication-connected' })
    for (const then of waiters) then()
    waiters.clear()
  }

  async function reconnect(): Promise<void> {
    for (let delay = RETRY_MIN_MS; !isClosed; delay = Math.min(delay * 2, RETRY_MAX_MS)) {
      try {
        if (isSlotBroken || !(await isSlotUsable(pool, slot))) await replaceSlot()
        if (hasGap) await options.onGap()
        hasGap = false
        await connect()
        return
      } catch (error) {
        log({ level: 'warn', event: 'replication-retry', detail: errorCode(error) })
        // By a connection that we lost, for which PostgreSQL would wait a minute.
        if (sqlState(error) === OBJECT_IN_USE) await freeSlot(pool, slot).catch(() => {})
      }
      await new Promise(resolve => setTimeout(resolve, delay))
    }
  }

  async function replaceSlot(): Promise<void> {
    hasGap = true
    await dropSlot(pool, slot)
    await createSlot(pool, slot)
    isSlotBroken = false
    log({ level: 'warn', event: 'slot-recreated' })
  }

  async function start(): Promise<void> {
    slot = await newSlotName(pool, options.kind)
    try {
      if (isClosed) throw new Error('Closed before it streamed')
      await createSlot(pool, slot)
      await connect()
    } catch (error) {
      stopWatching()
      await dropSlot(pool, slot)
      throw error
    }
  }

  async function drop(): Promise<void> {
    if (slot === '') return
    try {
      await dropSlot(pool, slot)
    } catch (error) {
      log({ level: 'warn', event: 'slot-drop-failed', detail: errorCode(error) })
    }
  }

  let reconnecting: Promise<void> = Promise.resolve()
  const ready = start()
  const stopWatching = watchSlot({
    everyMs: options.watchEveryMs,
    read: () => readSlotState(pool, slot),
    // What we do not read for now cannot move on.
    stream: () => (isPaused ? null : stream),
    onDead: dead => dead.abort(new Error('The replication slot is not streamed from')),
    log,
  })

  return {
    get isConnected() {
      return stream !== null
    },
    ready,
    lagBytes: () => slotLagBytes(pool, slot),
    whenConnected(then) {
      if (stream) then()
      else waiters.add(then)
      return () => waiters.delete(then)
    },
    pause() {
      isPaused = true
      stream?.pause()
      return () => {
        isPaused = false
        stream?.resume()
      }
    },
    async close() {
      if (isClosed) return
      isClosed = true
      stopWatching()
      const streaming = stream
      stream = null
      await streaming?.close()
      // A slot is made once older transactions are over, whenever that is: dropping it ends the wait.
      const idle = Promise.allSettled([ready, reconnecting])
      while (!(await settlesWithin(idle, RETRY_MAX_MS))) await drop()
      await drop()
    },
  }
}

async function settlesWithin(settled: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<false>(resolve => {
    timer = setTimeout(resolve, ms, false)
  })
  const isSettled = await Promise.race([settled.then(() => true), timeout])
  clearTimeout(timer)
  return isSettled
}
