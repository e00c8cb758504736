/**
 * One connection that streams a slot's changes: `pg` for the connection itself, the rest by hand on its CopyBoth mode.
 *
 *   connecting -> streaming -> ended
 *
 * The position acknowledged is that of the last commit handed over, or where the server says its log ends while nothing
 * is open or on its way. Never: an acknowledgement of a transaction that was not handed over whole; a keepalive left unanswered
 * (PostgreSQL cannot shut down before its log is confirmed).
 */

import pg from 'pg'
import { connectionConfig, type RealtimeDatabase } from '../database-config.ts'
import { parseCopyData, statusUpdate } from './copy-data.ts'
import { type PgOutputMessage, parsePgOutput } from './pgoutput.ts'

export interface StreamOptions {
  readonly database: RealtimeDatabase
  readonly slot: string
  readonly publications: readonly string[]
  /**
   * Called in order. What it needs of the message it must copy. Of a commit: a promise of when it is handed over; those
   * must come true in order.
   */
  onMessage(message: PgOutputMessage): void | Promise<void>
  /** Once, when the stream is over, unless `close` was called. */
  onEnd(error: unknown): void
  /** How often PostgreSQL is asked whether it is there; `SILENT_PERIODS` of it without a word end the stream. */
  readonly statusEveryMs?: number
}

export interface ReplicationStream {
  /** The server waits once its own buffers are full. */
  pause(): void
  resume(): void
  /** As if the connection was lost. */
  abort(error: unknown): void
  /** Confirms what was handed over and ends the connection. */
  close(): Promise<void>
}

const ACKNOWLEDGE_WITHIN_MS = 200
const STATUS_EVERY_MS = 10_000
/** A server that decodes a large transaction, or is paused for a while, is slow to answer. */
const SILENT_PERIODS = 9

/** Resolves when the server has begun to stream. */
export async function openStream(options: StreamOptions): Promise<ReplicationStream> {
  const statusEveryMs = options.statusEveryMs ?? STATUS_EVERY_MS
  const config: pg.ClientConfig & { replication: 'database' } = {
    ...connectionConfig(options.database, options.slot),
    replication: 'database',
  }
  const client = new pg.Client(config)
  let failure: unknown = null
  client.on('error', error => {
    failure = error
  })
  await client.connect()

  const { connection } = client
  let acknowledged = 0n
  let confirmed = 0n
  let isInTransaction = false
  let isPaused = false
  let handingOver = 0
  let isOver = false
  let lastHeardAt = Date.now()
  let acknowledgeTimer: NodeJS.Timeout | null = null

  function sendStatus(wantsReply = false): void {
    if (acknowledgeTimer) clearTimeout(acknowledgeTimer)
    acknowledgeTimer = null
    if (isOver || !connection.stream.writable) return
    connection.stream.write(statusUpdate(acknowledged, Date.now(), wantsReply))
    confirmed = acknowledged
  }

  function acknowledgeSoon(): void {
    if (acknowledged !== confirmed) acknowledgeTimer ??= setTimeout(() => sendStatus(), ACKNOWLEDGE_WITHIN_MS)
  }

  function acknowledge(lsn: bigint): void {
    if (lsn > acknowledged) acknowledged = lsn
    acknowledgeSoon()
  }

  function acknowledgeWhen(handedOver: Promise<void>, lsn: bigint): void {
    handingOver++
    handedOver
      .then(() => {
        handingOver--
        acknowledge(lsn)
      })
      .catch(end)
  }

  function receive(chunk: Buffer): void {
    lastHeardAt = Date.now()
    const received = parseCopyData(chunk)
    if (received.kind === 'wal') {
      const message = parsePgOutput(received.data)
      if (message.kind === 'begin') isInTransaction = true
      const handedOver = options.onMessage(message)
      if (message.kind === 'commit') {
        isInTransaction = false
        if (handedOver) acknowledgeWhen(handedOver, message.endLsn)
        else acknowledge(message.endLsn)
      }
    } else if (received.kind === 'keepalive') {
      if (!isInTransaction && handingOver === 0) acknowledge(received.walEnd)
      if (received.isReplyRequested) sendStatus()
    }
  }

  function end(error: unknown): void {
    if (isOver) return
    isOver = true
    clearInterval(statusTimer)
    if (acknowledgeTimer) clearTimeout(acknowledgeTimer)
    connection.stream.destroy()
    options.onEnd(error)
  }

  connection.on('copyData', ({ chunk }: { chunk: Buffer }) => {
    if (isOver) return
    try {
      receive(chunk)
    } catch (error) {
      end(error)
    }
  })

  const statusTimer = setInterval(() => {
    if (isPaused) lastHeardAt = Date.now()
    // To who speaks often an idle server says nothing of itself.
    if (Date.now() - lastHeardAt <= SILENT_PERIODS * statusEveryMs) sendStatus(true)
    else end(new Error('The replication connection went silent'))
  }, statusEveryMs)
  statusTimer.unref()

  const names = options.publications.map(name => `"${name}"`).join(',')
  const streaming = client.query(
    `START_REPLICATION SLOT "${options.slot}" LOGICAL 0/0 (proto_version '1', publication_names '${names}')`,
  )
  const started = new Promise<null>(resolve => connection.once('replicationStart', () => resolve(null)))
  const over = streaming.then(
    () => new Error('The server ended the stream'),
    (error: unknown) => failure ?? error,
  )
  const early = await Promise.race([started, over])
  if (early !== null) {
    isOver = true
    clearInterval(statusTimer)
    connection.stream.destroy()
    throw early
  }
  over.then(end)

  return {
    pause() {
      isPaused = true
      connection.stream.pause()
    },
    resume() {
      isPaused = false
      connection.stream.resume()
    },
    abort: end,
    async close() {
      if (isOver) return
      sendStatus()
      isOver = true
      clearInterval(statusTimer)
      const closed = new Promise<void>(resolve => connection.once('end', resolve))
      connection.stream.end(Buffer.from([0x58, 0, 0, 0, 4]), () => connection.stream.destroy())
      await closed
    },
  }
}
