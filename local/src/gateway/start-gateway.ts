/** One gateway: HTTP and sockets for one database of a running cluster. Many may serve many databases of one cluster. */
import type { IncomingMessage } from 'node:http'
import { getRequestListener, RequestError } from '@hono/node-server'
import type { DatabaseAddress } from '../database/connect.ts'
import { errorLabel, type Log, logToStderr } from '../log.ts'
import { startRealtime } from '../realtime/index.ts'
import type { Secrets } from '../secrets.ts'
import { type Listener, listen, refuseUpgrade } from './listener.ts'
import { createLiteApps } from './lite/apps.ts'
import type { LocalMail } from './mail.ts'
import { HttpError, internalError, preflightHeaders, send } from './reply.ts'
import { answer, createRoutes, type DemoAccount, type Health, isApi } from './routes.ts'
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

const HEALTH_TIMEOUT_MS = 1_000

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
  const realtime = await startRealtime({
    database: { ...address, user: 'supabase_admin', password: secrets.passwords.supabase_admin },
    verifyToken: verifier.verifyToken,
    apiKeyRole: verifier.apiKeyRole,
    log: ({ level, event, detail }) => {
      if (level !== 'info') log(`realtime: ${event}${detail === undefined ? '' : ` (${detail})`}`)
    },
  })
  const rpc = createRpcDispatcher({ calls, verifier, log })

  const health = async (): Promise<Health> => {
    const answered = calls.pool.query('select 1').then(
      () => true,
      () => false,
    )
    const tooLate = new Promise<false>(resolve => setTimeout(() => resolve(false), HEALTH_TIMEOUT_MS).unref())
    const isUp = await Promise.race([answered, tooLate])
    return { database: isUp ? 'up' : 'down', realtime: realtime.health() }
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
      if (!url) throw new HttpError(400, 'bad_request', 'The request target is no path')
      if (req.method === 'OPTIONS' && isApi(url.pathname)) {
        send(res, 200, preflightHeaders(req.headers['access-control-request-headers']), null)
        return
      }
      if (isRpcPath(url.pathname) && (await rpc.handle(req, res, url))) return
      await serveRest(req, res)
    },
    upgrade: (req, socket, head) => {
      if (targetOf(req)?.pathname === '/realtime/v1/websocket') realtime.handleUpgrade(req, socket, head)
      else refuseUpgrade(socket, 404)
    },
  })

  const warmedUp = liteApps
    .warmUp()
    .catch(error => log(`gateway: lite could not be loaded (${errorLabel(error)})`))

  let stopped: Promise<void> | null = null
  const stop = async () => {
    // Sockets first: they hold the listener open, and their slot must be gone before PostgreSQL stops.
    await warmedUp
    await realtime.close()
    await listener.close()
    await Promise.all([calls.close(), liteApps.close()])
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
