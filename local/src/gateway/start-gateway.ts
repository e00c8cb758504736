/** One gateway: HTTP and sockets for one database of a running cluster. Many may serve many databases of one cluster. */
import type { IncomingMessage } from 'node:http'
import { getRequestListener, RequestError } from '@hono/node-server'
import type { DatabaseAddress } from '../database/connect.ts'
import { errorLabel, type Log, logToStderr } from '../log.ts'
import { type RealtimeOptions, startRealtime } from '../realtime/index.ts'
import type { Secrets } from '../secrets.ts'
import { peerOf } from './admission/peer.ts'
import { createAdmission, type RequestLimits, sendTooMany } from './admission/request-limits.ts'
import { createAccounts } from './auth-admin/accounts.ts'
import { createAdminApi } from './auth-admin/admin-api.ts'
import { subjectOf } from './identity.ts'
import { type Listener, listen, refuseUpgrade } from './listener.ts'
import { createLiteApps } from './lite/apps.ts'
import type { LocalMail } from './mail.ts'
import { createHealth } from './observe/health.ts'
import { createMetrics } from './observe/metrics.ts'
import { routeClassOf } from './observe/route-class.ts'
import { HttpError, internalError, preflightHeaders, send } from './reply.ts'
import { answer, createRoutes, type DemoAccount, isApi } from './routes.ts'
import { createCallPool } from './rpc/call-pool.ts'
import { createRpcDispatcher } from './rpc/dispatcher.ts'
import { isRpcPath } from './rpc/request.ts'
import { createWebApp } from './static/web-app.ts'
import { createTokenVerifier } from './token-verifier.ts'

export interface GatewayOptions {
  address: DatabaseAddress
  secrets: Secrets
  /** 0: any free port. */
  port?: number
  host?: string
  /** The built web app; without it there are only the APIs. */
  webDir?: string
  demoAccounts?: readonly DemoAccount[]
  /** Whether anybody may make themselves an account. */
  allowSignup?: boolean
  /** How long a session's token is good, in seconds; default 3600. */
  tokenSeconds?: number
  realtime?: Pick<RealtimeOptions, 'limits' | 'allowedOrigins'>
  /** How much one address and one person may ask for; see request-limits.ts. */
  requestLimits?: Partial<RequestLimits>
  /** How many proxies of ours stand before this server: as many `X-Forwarded-*` are believed. Default: none. */
  trustedProxies?: number
  /** Takes the mails of auth. Without it there are none, and no way to a new password. */
  onMail?: (mail: LocalMail) => void
  log?: Log
  /** Already bound by the caller; else done here. */
  listener?: Listener
}

export interface Gateway {
  readonly url: string
  readonly port: number
  /** Idempotent. */
  stop(): Promise<void>
}

/** null where the target is no path, as in a proxy's request. */
function targetOf(req: IncomingMessage): URL | null {
  const target = req.url ?? ''
  return target.startsWith('/') ? new URL(`http://gateway${target}`) : null
}

/** A year. Subdomains are other people's. */
const HSTS = 'max-age=31536000'

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { address, secrets } = options
  const log = options.log ?? logToStderr
  const host = options.host ?? '127.0.0.1'
  const allowSignup = options.allowSignup ?? false
  const listener = options.listener ?? (await listen({ host, port: options.port ?? 0, log }))
  const url = `http://${host === '127.0.0.1' || host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${listener.port}`

  const verifier = createTokenVerifier(secrets)
  const calls = createCallPool({
    ...address,
    user: 'authenticator',
    password: secrets.passwords.authenticator,
  })
  const liteApps = createLiteApps({
    address,
    secrets,
    siteUrl: url,
    allowSignup,
    tokenSeconds: options.tokenSeconds ?? 3600,
    ...(options.onMail && { onMail: options.onMail }),
    log,
  })
  const accounts = createAccounts({ ...address, password: secrets.passwords.supabase_auth_admin })
  const realtime = await startRealtime({
    ...options.realtime,
    database: { ...address, user: 'supabase_admin', password: secrets.passwords.supabase_admin },
    verifyToken: verifier.verifyToken,
    apiKeyRole: verifier.apiKeyRole,
    log: ({ level, event, detail }) => {
      if (level !== 'info') log(`realtime: ${event}${detail === undefined ? '' : ` (${detail})`}`)
    },
  })
  const rpc = createRpcDispatcher({ calls, verifier, log })

  const health = createHealth({ askDatabase: () => calls.pool.query('select 1'), realtime })
  const metrics = createMetrics({ realtime, pool: calls.pool })

  const trustedProxies = options.trustedProxies ?? 0
  const admission = createAdmission({
    ...(options.requestLimits && { limits: options.requestLimits }),
    onRefused: metrics.rateLimited,
  })
  const waitOf = async (req: IncomingMessage, network: string): Promise<number> => {
    const waitMs = admission.address(network)
    if (waitMs > 0) return waitMs
    const subject = await subjectOf(req.headers.authorization, verifier)
    return subject === null ? 0 : admission.user(subject)
  }

  const routes = createRoutes({
    lite: liteApps,
    verifier,
    webApp: options.webDir ? createWebApp(options.webDir) : null,
    publishableKey: secrets.publishableKey,
    allowSignup,
    demoAccounts: options.demoAccounts ?? [],
    hasMail: options.onMail !== undefined,
    health,
    metrics,
    admission,
    administer: createAdminApi({ accounts, verifier, log }),
    networkOf: req => peerOf(req, trustedProxies).network,
    log,
  })
  const serveRest = getRequestListener(routes.fetch, {
    errorHandler: error => {
      if (error instanceof RequestError)
        return answer(new HttpError(400, 'bad_request', 'Not a valid request'))
      log(`gateway: a request failed (${errorLabel(error)})`)
      return answer(internalError(error))
    },
  })

  listener.use({
    request: async (req, res) => {
      const url = targetOf(req)
      const route = routeClassOf(url)
      metrics.watch(res, route)
      const { network, isSecure } = peerOf(req, trustedProxies)
      if (isSecure) res.setHeader('Strict-Transport-Security', HSTS)
      // Who watches us must hear of us, above all under load.
      const waitMs = route === 'health' || route === 'metrics' ? 0 : await waitOf(req, network)
      if (waitMs > 0) {
        sendTooMany(res, waitMs, req.method === 'HEAD')
        return
      }
      if (!url) throw new HttpError(400, 'bad_request', 'The request target is no path')
      if (req.method === 'OPTIONS' && isApi(url.pathname)) {
        send(res, 200, preflightHeaders(req.headers['access-control-request-headers']), null)
        return
      }
      // Its bodies may be larger than ours.
      if (url.pathname.startsWith('/realtime/v1/')) return realtime.handleRequest(req, res)
      if (isRpcPath(url.pathname) && (await rpc.handle(req, res, url))) return
      await serveRest(req, res)
    },
    upgrade: (req, socket, head) => {
      const waitMs = admission.address(peerOf(req, trustedProxies).network)
      if (waitMs > 0) refuseUpgrade(socket, 429, waitMs)
      else if (targetOf(req)?.pathname !== '/realtime/v1/websocket') refuseUpgrade(socket, 404)
      else realtime.handleUpgrade(req, socket, head)
    },
  })

  const warmedUp = liteApps
    .warmUp()
    .catch(error => log(`gateway: lite could not be loaded (${errorLabel(error)})`))

  let stopped: Promise<void> | null = null
  const stop = async () => {
    await warmedUp
    // At once: nobody new comes in, sockets are told to come back (they would hold the listener open), requests under
    // way are answered. The slot must be gone before PostgreSQL stops.
    await Promise.all([listener.close(), realtime.close()])
    await Promise.all([calls.close(), liteApps.close(), accounts.close()])
  }
  return {
    url,
    port: listener.port,
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}
