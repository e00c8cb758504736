/**
 * What Realtime answers to plain requests below `/realtime/v1`. Preflights are the gateway's.
 *
 * Never: an exception past this module, or one of its texts in an answer.
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { ClientGoneError } from '../../read-bytes.ts'
import { errorCode } from '../database-config.ts'
import type { Services } from '../services.ts'
import { createBroadcasts } from './broadcasts.ts'
import { identifyRequest } from './identify-request.ts'
import { HttpRefusal, type Reply, sendReply } from './reply.ts'

interface HttpApiOptions {
  readonly services: Services
  readonly isClosing: () => boolean
  readonly health: () => Promise<TenantHealth>
}

interface TenantHealth {
  readonly healthy: boolean
  readonly db_connected: boolean
  readonly replication_connected: boolean
  /** Sockets. */
  readonly connected_cluster: number
}

type HttpApi = (request: IncomingMessage, response: ServerResponse) => Promise<void>

interface Route {
  readonly methods: readonly string[]
  readonly path: RegExp
  /** `captured`: the groups of the path. */
  answer(request: IncomingMessage, url: URL, captured: readonly string[]): Reply | Promise<Reply>
}

const READ = ['GET', 'HEAD']

export function createHttpApi({ services, isClosing, health }: HttpApiOptions): HttpApi {
  const broadcasts = createBroadcasts(services)
  const routes: Route[] = [
    { methods: ['POST'], path: /^\/api\/broadcast$/, answer: broadcasts.batch },
    {
      methods: ['POST'],
      path: /^\/api\/broadcast\/([^/]+)\/events\/([^/]+)$/,
      answer: (request, url, [topic = '', event = '']) => broadcasts.one(request, url, topic, event),
    },
    { methods: READ, path: /^\/healthcheck$/, answer: () => ({ status: 200, body: 'ok' }) },
    { methods: READ, path: /^\/api\/ping$/, answer: () => ({ status: 200, body: { message: 'Success' } }) },
    {
      methods: READ,
      // There is one tenant, whatever it is called.
      path: /^\/api\/tenants\/[^/]+\/health$/,
      async answer(request, url) {
        await identifyRequest(request, url, services.tokens)
        return { status: 200, body: { data: { ...(await health()), region: 'local', node: 'local' } } }
      },
    },
  ]

  async function answer(request: IncomingMessage): Promise<Reply> {
    if (isClosing()) throw new HttpRefusal(503, 'Realtime is restarting', { 'Retry-After': '1' })
    const url = new URL(`http://realtime${request.url}`)
    const path = url.pathname.replace(/^\/realtime\/v1/, '')
    for (const route of routes) {
      const match = route.path.exec(path)
      if (!match) continue
      if (!route.methods.includes(request.method ?? '')) {
        throw new HttpRefusal(405, 'Method Not Allowed', { Allow: route.methods.join(', ') })
      }
      return route.answer(request, url, match.slice(1))
    }
    throw new HttpRefusal(404, 'Not Found')
  }

  return async (request, response) => {
    const isHead = request.method === 'HEAD'
    try {
      sendReply(response, await answer(request), isHead)
    } catch (error) {
      if (error instanceof ClientGoneError) return
      const isRefusal = error instanceof HttpRefusal
      if (!isRefusal) services.log({ level: 'error', event: 'request-failed', detail: errorCode(error) })
      sendReply(response, (isRefusal ? error : new HttpRefusal(500, 'Internal error')).reply, isHead)
    }
  }
}
