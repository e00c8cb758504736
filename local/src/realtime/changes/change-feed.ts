/**
 * The changes of the tables in the publication `supabase_realtime`, streamed while someone wants them. Its slot is apart
 * from that of the messages, so that slow checks of changes never hold up a chat.
 *
 *   off -> starting -> on        the first `acquire`
 *   on -> off                    some time after the last release, or `close`
 *
 * Changes are handed over one at a time in the order of their commits; a commit is acknowledged when its last one was.
 * Never: more than a bounded backlog in memory; a slot kept for nobody.
 */

import type pg from 'pg'
import { errorCode, type RealtimeDatabase } from '../database-config.ts'
import type { RealtimeLog } from '../log.ts'
import type { PgOutputMessage, Relation } from '../replication/pgoutput.ts'
import { openSlotStream, type SlotStream } from '../replication/slot-stream.ts'
import { SerialQueue } from '../serial-queue.ts'
import { type RowMessage, readChange, type TableChange, type Transaction } from './table-change.ts'

export interface ChangeFeedOptions {
  readonly database: RealtimeDatabase
  readonly pool: pg.Pool
  readonly log: RealtimeLog
  /** How long the slot is kept when nobody wants changes. */
  readonly lingerMs: number
  readonly watchEveryMs: number
  /** Rows of other tables are not even read. */
  isWanted(relation: Relation): boolean
  onChange(change: TableChange): Promise<void>
  /** Changes were lost. */
  onGap(): void
}

const PUBLICATION = 'supabase_realtime'
const BACKLOG_MAX_CHANGES = 200
const BACKLOG_MAX_BYTES = 8_000_000
const RETRY_MS = 500

export class ChangeFeed {
  readonly #options: ChangeFeedOptions
  readonly #queue: SerialQueue
  readonly #relations = new Map<number, Relation>()
  readonly #waiters = new Set<() => void>()
  #transaction: Transaction = { transactionId: 0, committedAtMs: 0 }
  #stream: SlotStream | null = null
  #isOn = false
  #isClosed = false
  #holders = 0
  #lingerTimer: NodeJS.Timeout | null = null
  #settling: Promise<void> | null = null
  #backlogChanges = 0
  #backlogBytes = 0
  #resume: (() => void) | null = null

  constructor(options: ChangeFeedOptions) {
    this.#options = options
    this.#queue = new SerialQueue(
      error => options.log({ level: 'error', event: 'change-failed', detail: errorCode(error) }),
      () => {},
    )
  }

  /** Keeps it on until the function returned is called. */
  acquire(): () => void {
    this.#holders++
    if (this.#lingerTimer) clearTimeout(this.#lingerTimer)
    this.#lingerTimer = null
    this.#settle()
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      if (--this.#holders > 0 || this.#isClosed) return
      this.#lingerTimer = setTimeout(() => {
        this.#lingerTimer = null
        this.#settle()
      }, this.#options.lingerMs)
      this.#lingerTimer.unref()
    }
  }

  /** Calls back once, as soon as changes are streamed. Returns its own undo. */
  whenConnected(then: () => void): () => void {
    if (this.#isOn && this.#stream) return this.#stream.whenConnected(then)
    let undo = () => {
      this.#waiters.delete(waiter)
    }
    const waiter = () => {
      undo = this.#stream?.whenConnected(then) ?? undo
    }
    this.#waiters.add(waiter)
    return () => undo()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#lingerTimer) clearTimeout(this.#lingerTimer)
    await this.#stream?.close()
    await this.#settling
  }

  get #isWanted(): boolean {
    return !this.#isClosed && (this.#holders > 0 || this.#lingerTimer !== null)
  }

  #settle(): void {
    this.#settling ??= this.#switch().finally(() => {
      this.#settling = null
      if (this.#isWanted !== this.#isOn) this.#settle()
    })
  }

  async #switch(): Promise<void> {
    while (this.#isWanted !== this.#isOn) {
      if (this.#isOn) {
        this.#isOn = false
        await this.#stream?.close()
        this.#stream = null
      } else if (!(await this.#start()) && this.#isWanted) {
        await new Promise(resolve => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  async #start(): Promise<boolean> {
    const { database, pool, log, watchEveryMs, onGap } = this.#options
    const stream = openSlotStream({
      database,
      pool,
      log,
      kind: 'changes',
      publication: PUBLICATION,
      watchEveryMs,
      onMessage: message => this.#receive(message),
      onGap,
    })
    this.#stream = stream
    try {
      await stream.ready
    } catch (error) {
      this.#stream = null
      if (!this.#isClosed) log({ level: 'warn', event: 'replication-retry', detail: errorCode(error) })
      return false
    }
    this.#isOn = true
    for (const waiter of this.#waiters) waiter()
    this.#waiters.clear()
    return true
  }

  #receive(message: PgOutputMessage): void | Promise<void> {
    switch (message.kind) {
      case 'begin':
        this.#transaction = message
        return
      case 'relation':
        this.#relations.set(message.relation.oid, message.relation)
        return
      case 'insert':
      case 'update':
      case 'delete':
        return this.#enqueue(message)
      case 'commit':
        return this.#queue.isIdle ? undefined : new Promise(resolve => this.#queue.push(resolve))
    }
  }

  #enqueue(message: RowMessage): void {
    const relation = this.#relations.get(message.relationOid)
    if (!relation || !this.#options.isWanted(relation)) return
    const change = readChange(relation, this.#transaction, message)
    this.#backlogChanges++
    this.#backlogBytes += change.bytes
    if (this.#backlogChanges > BACKLOG_MAX_CHANGES || this.#backlogBytes > BACKLOG_MAX_BYTES) {
      this.#resume ??= this.#stream?.pause() ?? null
    }
    this.#queue.push(() =>
      this.#options.onChange(change).finally(() => {
        this.#backlogChanges--
        this.#backlogBytes -= change.bytes
        if (this.#backlogChanges > BACKLOG_MAX_CHANGES / 2 || this.#backlogBytes > BACKLOG_MAX_BYTES / 2)
          return
        this.#resume?.()
        this.#resume = null
      }),
    )
  }
}
