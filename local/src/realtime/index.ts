/**
 * The Realtime server of the embedded stack: speaks Supabase's protocol to unmodified clients.
 *
 *   upgrade -> handshake -> socket -> channel -> hub <- logical replication <- realtime.messages
 *                                                    <- checks <- logical replication <- published tables
 *
 * Public channels need no database. Private ones ask its policies, on a pool of their own. What the database sends is
 * handed to the hub in the order of its commits. Read socket.ts, channel.ts, replication/message-feed.ts and
 * changes/postgres-changes.ts next.
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import pg from 'pg'
import { WebSocketServer } from 'ws'
import { Authorizer } from './authorization.ts'
import { PostgresChanges } from './changes/postgres-changes.ts'
import { connectionConfig, errorCode, type RealtimeDatabase } from './database-config.ts'
import { HandshakeRefusal, readHandshake, refuse } from './handshake.ts'
import { createHttpApi } from './http/http-api.ts'
import { Hub } from './hub.ts'
import { DEFAULT_LIMITS, type RealtimeLimits } from './limits.ts'
import type { RealtimeLog } from './log.ts'
import { keepPartitions } from './partitions.ts'
import { Presence } from './presence.ts'
import { createServerRates } from './rate-limits.ts'
import { Replays } from './replay.ts'
import { startMessageFeed } from './replication/message-feed.ts'
import { dropStaleSlots } from './replication/slot.ts'
import type { Services } from './services.ts'
import { RealtimeSocket } from './socket.ts'
import type { TokenChecks } from './tokens.ts'
import { Turns } from './turns.ts'
import { WriteBatch } from './write-batch.ts'

export interface RealtimeOptions extends TokenChecks {
  /**
   * A role that may stream replication, insert into realtime.messages past its policies, end backends, and `set role`
   * to anon, authenticated and service_role: supabase_admin.
   */
  readonly database: RealtimeDatabase
  /** Origins that browsers may connect from; any, if absent. */
  readonly allowedOrigins?: readonly string[]
  readonly limits?: Partial<RealtimeLimits>
  readonly log?: RealtimeLog
}

export interface RealtimeServer {
  /** For requests to `/realtime/v1/websocket`; takes the stream over. */
  handleUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void
  /** For every other request below `/realtime/v1/`. Resolves when it is answered; never rejects. */
  handleRequest(request: IncomingMessage, response: ServerResponse): Promise<void>
  health(): { replicationConnected: boolean; sockets: number; channels: number }
  /** For metrics: messages handed to sockets so far, and what the slot keeps of the log. */
  readonly delivered: number
  /** @throws when the database does not answer */
  slotLagBytes(): Promise<number | null>
  /** Closes every socket with 1012, so that clients come back, and leaves no slot behind. */
  close(): Promise<void>
}

const AUTHORIZATION_CONNECTIONS = 4
/** Changes are checked one at a time; subscriptions beside them. */
const CHANGES_CONNECTIONS = 2
const REPLAY_CONNECTIONS = 2
/** About 10 ms of work. */
const HANDSHAKES_PER_TURN = 50
const SWEEP_EVERY_MS = 5_000
const CLOSE_GRACE_MS = 1_000
const SERVICE_RESTART = 1012

/** Resolves when partitions exist and the database streams. Throws if it cannot be reached. */
export async function startRealtime(options: RealtimeOptions): Promise<RealtimeServer> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const log = options.log ?? (() => {})
  const onDatabaseError = (error: unknown) =>
    log({ level: 'warn', event: 'database-failed', detail: errorCode(error) })

  const adminPool = new pg.Pool({ ...connectionConfig(options.database, 'admin'), max: 4 })
  const underPolicies = (name: string, max: number) =>
    new pg.Pool({
      ...connectionConfig(options.database, name),
      max,
      pipeline: true,
      statement_timeout: limits.authorizationTimeoutMs,
      query_timeout: 2 * limits.authorizationTimeoutMs,
    })
  const authorizationPool = underPolicies('authorization', AUTHORIZATION_CONNECTIONS)
  const replayPool = underPolicies('replay', REPLAY_CONNECTIONS)
  const changesConfig = connectionConfig(options.database, 'changes')
  const changesPool = new pg.Pool({
    ...changesConfig,
    // As a policy is asked when a row is read over HTTP.
    options: `${changesConfig.options} -c default_transaction_read_only=on`,
    max: CHANGES_CONNECTIONS,
    statement_timeout: limits.authorizationTimeoutMs,
    query_timeout: 2 * limits.authorizationTimeoutMs,
  })
  const pools = [adminPool, authorizationPool, replayPool, changesPool]
  for (const pool of pools) {
    pool.on('error', onDatabaseError)
    // A pool takes its own listener away from a client that it hands out: without one more, losing it under way would
    // end the process. Whoever has it is told by the query.
    pool.on('connect', client => client.on('error', onDatabaseError))
  }

  const rates = createServerRates(limits)
  const hub = new Hub(
    error => log({ level: 'error', event: 'message-failed', detail: errorCode(error) }),
    events => rates.events.add(events),
  )
  const partitions = keepPartitions(adminPool, error =>
    log({ level: 'error', event: 'partitions-failed', detail: errorCode(error) }),
  )

  async function startFeed() {
    try {
      await partitions.ensure()
      // Before any feed has a slot: it would go with them.
      const stale = await dropStaleSlots(adminPool)
      if (stale > 0) log({ level: 'info', event: 'slots-stale-dropped', detail: stale })
      const { database } = options
      return await startMessageFeed({
        database,
        pool: adminPool,
        hub,
        maxPayloadBytes: limits.maxPayloadBytes,
        watchEveryMs: limits.slotWatchMs,
        log,
      })
    } catch (error) {
      partitions.stop()
      await Promise.all(pools.map(pool => pool.end()))
      throw error
    }
  }
  const feed = await startFeed()

  const { database } = options
  const changes = new PostgresChanges({ database, adminPool, pool: changesPool, hub, limits, log })

  const services: Services = {
    hub,
    presence: new Presence(hub, limits.presenceWindowMs),
    authorizer: new Authorizer(authorizationPool, partitions.ensure, code =>
      log({ level: 'warn', event: 'policy-failed', detail: code }),
    ),
    replays: new Replays(replayPool, limits.maxPayloadBytes),
    tokens: options,
    feed,
    changes,
    writes: new WriteBatch(),
    limits,
    rates,
    log,
  }
  const sockets = new Set<RealtimeSocket>()
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.maxFrameBytes,
  })
  const handshakes = new Turns(HANDSHAKES_PER_TURN)
  let isClosing = false

  const handleRequest = createHttpApi({
    services,
    isClosing: () => isClosing,
    async health() {
      const isDatabaseUp = await authorizationPool.query('select 1').then(
        () => true,
        () => false,
      )
      return {
        healthy: isDatabaseUp && feed.isConnected,
        db_connected: isDatabaseUp,
        replication_connected: feed.isConnected,
        connected_cluster: sockets.size,
      }
    },
  })

  async function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    if (isClosing) throw new HandshakeRefusal(503, 'Realtime is restarting')
    if (sockets.size >= limits.maxSockets) throw new HandshakeRefusal(429, 'Too many connected users')
    if (rates.joins.isReached) throw new HandshakeRefusal(429, 'Too many joins per second')
    const handshake = await readHandshake(request, options, options.allowedOrigins)
    if (stream.destroyed) return
    if (isClosing) throw new HandshakeRefusal(503, 'Realtime is restarting')
    webSockets.handleUpgrade(request, stream, head, webSocket => {
      const socket = new RealtimeSocket({
        ...handshake,
        webSocket,
        stream,
        services,
        onClose: closed => sockets.delete(closed),
      })
      sockets.add(socket)
    })
  }

  const sweeper = setInterval(
    () => {
      const now = Date.now()
      for (const socket of sockets) socket.sweep(now)
    },
    Math.min(SWEEP_EVERY_MS, limits.idleTimeoutMs / 4),
  )
  sweeper.unref()

  async function close(): Promise<void> {
    isClosing = true
    clearInterval(sweeper)
    partitions.stop()
    for (const socket of sockets) socket.close(SERVICE_RESTART)
    const deadline = Date.now() + CLOSE_GRACE_MS
    while (sockets.size > 0 && Date.now() < deadline) await new Promise(resolve => setTimeout(resolve, 10))
    for (const socket of sockets) socket.terminate()
    await Promise.all([feed.close(), changes.close()])
    await Promise.all(pools.map(pool => pool.end()))
  }
  let closing: Promise<void> | null = null

  return {
    handleUpgrade(request, stream, head) {
      // A stream may fail before `ws` takes it over.
      stream.on('error', () => stream.destroy())
      handshakes.run(() => {
        upgrade(request, stream, head).catch((error: unknown) => {
          const isRefusal = error instanceof HandshakeRefusal
          log({
            level: isRefusal ? 'info' : 'error',
            event: 'handshake-refused',
            detail: isRefusal ? error.status : errorCode(error),
          })
          if (isRefusal) refuse(stream, error.status, error.message)
          else refuse(stream, 500, 'Internal error')
        })
      })
    },
    handleRequest,
    health: () => ({
      replicationConnected: feed.isConnected,
      sockets: sockets.size,
      channels: [...sockets].reduce((sum, socket) => sum + socket.channelCount, 0),
    }),
    get delivered() {
      return hub.delivered
    },
    slotLagBytes: () => feed.lagBytes(),
    close: () => {
      closing ??= close()
      return closing
    },
  }
}
