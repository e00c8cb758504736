/**
 * What is served where. Functions go the short way (`rpc/`); everything else passes through here: auth and tables to
 * lite after our own checks, and the web app with what it needs to know.
 */
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { errorLabel, type Log } from '../log.ts'
import type { Admission } from './admission/request-limits.ts'
import { createAuthDoor, sessionOf, wishOf } from './auth-door.ts'
import { identify, requireSecretKey } from './identity.ts'
import type { LiteApps } from './lite/apps.ts'
import type { Health } from './observe/health.ts'
import type { Metrics } from './observe/metrics.ts'
import { createRecovery } from './recovery.ts'
import { createRefreshLane } from './refresh-lane.ts'
import { API_CORS, HttpError, internalError } from './reply.ts'
import { MAX_BODY_BYTES, tooLarge } from './request-body.ts'
import { ownHost, securityHeaders } from './static/security-headers.ts'
import type { WebApp } from './static/web-app.ts'
import { admitTableRequest } from './table-request.ts'
import type { TokenVerifier } from './token-verifier.ts'

export interface DemoAccount {
  email: string
  password: string
  /** What the button says. */
  label: string
  role: string
}

type Env = { Bindings: HttpBindings }

export function createRoutes(options: {
  lite: LiteApps
  verifier: TokenVerifier
  webApp: WebApp | null
  publishableKey: string
  allowSignup: boolean
  demoAccounts: readonly DemoAccount[]
  /** Whether somebody takes the mails: only then is there a way to a new password. */
  hasMail: boolean
  health: () => Promise<Health>
  metrics: Metrics
  admission: Admission
  /** Answers what is below `/auth/v1/admin/`. */
  administer: (request: Request) => Promise<Response>
  /** What a request counts for. */
  networkOf: (req: IncomingMessage) => string
  log: Log
}): Hono<Env> {
  const { lite, verifier, log } = options
  const app = new Hono<Env>()

  app.onError((error, c) => {
    if (!(error instanceof HttpError)) log(`gateway: a route failed (${errorLabel(error)})`)
    return answer(error instanceof HttpError ? error : internalError(error), isApi(c.req.path))
  })

  app.use(async (c, next) => {
    await next()
    if (!isApi(c.req.path)) return
    for (const [name, value] of Object.entries(API_CORS)) c.res.headers.set(name, value)
  })
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: () => answer(tooLarge(), true) }))

  const refreshes = createRefreshLane()
  const door = createAuthDoor({ verifier, allowSignup: options.allowSignup, hasMail: options.hasMail })
  const recovery = createRecovery({
    sessionOf: shown => sessionOf(shown, verifier),
    onFailure: error => log(`auth: a link could not be made (${errorLabel(error)})`),
  })
  app.all('/auth/v1/admin/*', c => options.administer(c.req.raw))
  app.all('/auth/v1/*', async c => {
    const refusal = await door.check(c.req.raw)
    if (refusal) return refusal
    const network = options.networkOf(c.env.incoming)
    const wish = wishOf(c.req.raw)
    const pass = (request = c.req.raw) => lite.auth(request, network)
    const recovered = await recovery.handle(c.req.raw, wish, network, pass)
    if (recovered) return recovered
    if (wish === 'POST /token?password' || wish === 'POST /signup')
      return options.admission.signIn(network, await accountIn(c.req.raw), pass)
    if (c.req.query('grant_type') !== 'refresh_token') return pass()
    return refreshes.run(await c.req.raw.clone().text(), () => pass())
  })
  app.all('/rest/v1/*', async c => {
    const identity = await identify(
      {
        apikey: c.req.header('apikey') ?? c.req.query('apikey') ?? null,
        authorization: c.req.header('authorization') ?? null,
      },
      verifier,
    )
    return lite.tables(await admitTableRequest(c.req.raw), options.networkOf(c.env.incoming), identity)
  })

  app.get('/config.json', c =>
    c.json(
      {
        url: originOf(c),
        key: options.publishableKey,
        demoAccounts: options.demoAccounts,
        passwordReset: options.hasMail,
      },
      200,
      { ...securityHeaders(null), 'Cache-Control': 'no-store' },
    ),
  )
  app.get('/health', async c => {
    const health = await options.health()
    return c.json(health, health.database === 'up' ? 200 : 503, { 'Cache-Control': 'no-store' })
  })
  app.get('/metrics', async c => {
    requireSecretKey(c.req.raw.headers, verifier)
    const { type, text } = await options.metrics.render()
    return c.body(text, 200, { 'Content-Type': type, 'Cache-Control': 'no-store' })
  })

  app.all('*', async c => {
    if (isApi(c.req.path)) return answer(notFound(), true)
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
      return answer(
        new HttpError(405, 'method_not_allowed', 'Only GET and HEAD', { headers: { Allow: 'GET, HEAD' } }),
      )
    }
    return (await options.webApp?.serve(c.req.raw)) ?? answer(notFound())
  })
  return app
}

/** A hash of the address that somebody signs in with: a key that is short, whatever was sent, and tells nothing. */
async function accountIn(request: Request): Promise<string | null> {
  const body: unknown = await request
    .clone()
    .json()
    .catch(() => null)
  const email = typeof body === 'object' && body !== null && 'email' in body ? body.email : null
  if (typeof email !== 'string') return null
  return createHash('sha256').update(email.trim().toLowerCase()).digest('base64')
}

export const isApi = (path: string): boolean =>
  /^\/(auth|rest|realtime|storage|functions|graphql)\/v1(\/|$)/.test(path)

const notFound = () => new HttpError(404, 'not_found', 'There is nothing at this address')

export function answer(error: HttpError, isApiAnswer = false): Response {
  return Response.json(error.body, {
    status: error.status,
    headers: { ...(isApiAnswer ? API_CORS : securityHeaders(null)), ...error.headers },
  })
}

/** Where the browser reached us: the one origin that works for it, whatever stands in between. */
function originOf(c: Context<Env>): string {
  const url = new URL(c.req.url)
  const scheme = c.req.header('x-forwarded-proto') === 'https' ? 'https:' : url.protocol
  return `${scheme}//${ownHost(c.req.header('host')) ?? url.host}`
}
