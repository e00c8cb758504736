/**
 * `GET /metrics` for Prometheus. Every label is one of a few words that are written here or in route-class.ts.
 *
 * Must never happen: a label from a request (path, id, token, address); it would tell who did what, and grow for ever.
 */
import type { ServerResponse } from 'node:http'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { inTime } from './in-time.ts'
import { type RouteClass, statusLabel } from './route-class.ts'

export type LimitKind = 'address' | 'user' | 'sign_in_address' | 'sign_in_account'

export interface Metrics {
  /** Counts the request once it is answered, or its client is gone. */
  watch(res: ServerResponse, route: RouteClass): void
  rateLimited(kind: LimitKind): void
  render(): Promise<{ type: string; text: string }>
}

export interface Sources {
  realtime: {
    readonly delivered: number
    health(): { replicationConnected: boolean; sockets: number; channels: number }
    slotLagBytes(): Promise<number | null>
  }
  pool: { readonly totalCount: number; readonly idleCount: number; readonly waitingCount: number }
}

const DURATION_BUCKETS_S = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Memory, CPU, event loop lag, garbage: of the process, so once for all gateways in it. */
let processRegistry: Registry | null = null
function ofTheProcess(): Registry {
  if (!processRegistry) {
    processRegistry = new Registry()
    collectDefaultMetrics({ register: processRegistry })
  }
  return processRegistry
}

export function createMetrics(sources: Sources): Metrics {
  const { realtime, pool } = sources
  const registry = new Registry()
  const registers = [registry]
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })

  const requests = new Counter({
    name: 'bedside_http_requests_total',
    help: 'HTTP requests by what they are about and how they were answered; aborted: the client went away',
    labelNames: ['route', 'status'],
    registers,
  })
  const durations = new Histogram({
    name: 'bedside_http_request_duration_seconds',
    help: 'From the head of a request to the last byte of its answer',
    labelNames: ['route'],
    buckets: DURATION_BUCKETS_S,
    registers,
  })
  const limited = new Counter({
    name: 'bedside_rate_limited_total',
    help: 'Requests refused with 429 by the gateway, by the limit that they met',
    labelNames: ['limit'],
    registers,
  })

  gauge('bedside_realtime_sockets', 'Open Realtime sockets', () => realtime.health().sockets)
  gauge('bedside_realtime_channels', 'Joined channels', () => realtime.health().channels)
  new Counter({
    name: 'bedside_realtime_messages_out_total',
    help: 'Messages handed to sockets, each counted once for each socket',
    registers,
    collect() {
      this.reset()
      this.inc(realtime.delivered)
    },
  })
  gauge('bedside_replication_connected', '1 while the database streams to Realtime', () =>
    Number(realtime.health().replicationConnected),
  )
  new Gauge({
    name: 'bedside_replication_slot_lag_bytes',
    help: 'Bytes of log that the slot of Realtime has not acknowledged; NaN: not known',
    registers,
    async collect() {
      this.set((await inTime(realtime.slotLagBytes(), null)) ?? Number.NaN)
    },
  })
  gauge('bedside_pool_in_use', 'Database connections that run a call', () => pool.totalCount - pool.idleCount)
  gauge('bedside_pool_waiting', 'Calls that wait for a database connection', () => pool.waitingCount)

  return {
    watch(res, route) {
      const end = durations.startTimer({ route })
      res.once('close', () => {
        requests.inc({ route, status: res.writableFinished ? statusLabel(res.statusCode) : 'aborted' })
        end()
      })
    },
    rateLimited: kind => limited.inc({ limit: kind }),
    render: async () => {
      const all = Registry.merge([registry, ofTheProcess()])
      return { type: all.contentType, text: await all.metrics() }
    },
  }
}
