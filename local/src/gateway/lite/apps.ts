/**
 * The two servers that `@supabase/lite` gives us, both behind our own checks: auth (as `supabase_auth_admin`, which owns
 * the auth tables and nothing else) and tables (as `rest_gateway`, which owns nothing and becomes the request's role).
 *
 * Must never happen: lite's own "make RLS work" routine, which grants everything to everybody. Its state is set before
 * first use so that it never runs, and neither role could grant if it did.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { fileURLToPath } from 'node:url'
import type { ResolvedKey } from '@supabase/lite'
import type { DatabaseAddress } from '../../database/connect.ts'
import { databaseUrl } from '../../database/connect.ts'
import type { Log } from '../../log.ts'
import type { LoginRole, Secrets } from '../../secrets.ts'
import { MIN_PASSWORD_CHARS } from '../auth-admin/attributes.ts'
import type { Identity } from '../identity.ts'
import { type LocalMail, linkIn } from '../mail.ts'
import { presentable, unavailable } from './failure.ts'
import { quietly } from './quiet-console.ts'
import { DatabaseGoneError, type ReplaceableLite, replaceableLite } from './replaceable.ts'
import { SteadySocket } from './steady-socket.ts'

export interface LiteApps {
  auth(request: Request, peerAddress: string): Promise<Response>
  /** As `identity`, which the caller has established; lite sees neither key nor token. */
  tables(request: Request, peerAddress: string, identity: Identity): Promise<Response>
  /** Load and build what is otherwise done by the first request. */
  warmUp(): Promise<void>
  close(): Promise<void>
}

/** Takes some hundred milliseconds the first time: nobody should wait for it who needs a page only. */
export async function loadLite() {
  process.env.LITE_TELEMETRY ??= '0'
  process.env.DO_NOT_TRACK ??= '1'
  const [lite, postgres] = await Promise.all([import('@supabase/lite'), import('@supabase/lite/postgres')])
  return { ...lite, createPostgresConnection: postgres.createPostgresConnection }
}

const RECOVERY_TEMPLATE = fileURLToPath(
  new URL('../../../../supabase/templates/recovery.html', import.meta.url),
)

type Lite = Awaited<ReturnType<typeof loadLite>>

export interface LiteOptions {
  address: DatabaseAddress
  secrets: Secrets
  siteUrl: string
  allowSignup: boolean
  tokenSeconds: number
  onMail?: (mail: LocalMail) => void
  log: Log
}

export function createLiteApps(options: LiteOptions): LiteApps {
  const { log } = options
  let building: Promise<Built> | null = null
  const built = () => {
    building ??= loadLite().then(lite => build(lite, options))
    return building
  }
  const serve = async (app: ReplaceableLite, request: Request, peerAddress: string): Promise<Response> => {
    try {
      const { value, errors } = await quietly(log, () => app.fetch(request, { peerAddress }))
      return await presentable(value, errors)
    } catch (error) {
      if (error instanceof DatabaseGoneError) return unavailable()
      throw error
    }
  }
  return {
    auth: async (request, peer) => serve((await built()).authApp, request, peer),
    tables: async (request, peer, identity) => {
      const { tablesApp } = await built()
      return identified.run(identity, () => serve(tablesApp, withoutCredentials(request), peer))
    },
    warmUp: async () => {
      await built()
    },
    close: async () => {
      if (!building) return
      const { authApp, tablesApp } = await building
      await Promise.all([authApp.close(), tablesApp.close()])
    },
  }
}

interface Built {
  authApp: ReplaceableLite
  tablesApp: ReplaceableLite
}

function build(lite: Lite, options: LiteOptions): Built {
  const { secrets, log } = options
  const auth = {
    jwt_secret: secrets.jwtSecret,
    jwt_expiry: options.tokenSeconds,
    site_url: options.siteUrl,
    additional_redirect_urls: [],
    publishable_key: secrets.publishableKey,
    secret_key: secrets.secretKey,
    enable_signup: options.allowSignup,
    minimum_password_length: MIN_PASSWORD_CHARS,
    email: {
      enable_signup: options.allowSignup,
      enable_confirmations: false,
      // A link holds a hash of the address and of this code: nobody must come upon one by trying.
      otp_length: 10,
      otp_expiry: 3600,
      template: { recovery: { subject: 'Set a new password', content_path: RECOVERY_TEMPLATE } },
    },
  }
  const drivers = {
    email: {
      send: async ({ to, subject, html }: { to: string; subject: string; html?: string }) => {
        const link = linkIn(html ?? '')
        // A mail's text must not be printed.
        if (!options.onMail || link === null)
          log('auth: a mail was not sent, the local stack has no mail server')
        else options.onMail({ to, subject, link })
      },
    },
  }
  return {
    authApp: replaceableLite(onDeath => {
      const connection = connect(lite, options, AUTH_CONNECTION, onDeath)
      const app = new lite.App({
        connection,
        auth: { ...auth, enabled: true },
        studio: { enabled: false },
        options: { drivers },
      })
      return { fetch: app.fetch, end: () => connection.driver.end(END_OPTIONS) }
    }),
    tablesApp: replaceableLite(onDeath => {
      const connection = connect(lite, options, TABLES_CONNECTION, onDeath)
      const app = new lite.App({
        connection,
        auth: { ...auth, enabled: false },
        api: { schemas: ['public'], max_rows: 1000 },
        studio: { enabled: false },
        options: { drivers, server: { apiKeys: { resolver: resolveIdentity } } },
      })
      return { fetch: app.fetch, end: () => connection.driver.end(END_OPTIONS) }
    }),
  }
}

interface ConnectionKind {
  role: LoginRole
  max: number
  /** `active`: become the request's role each time, and never run lite's own granting. */
  rlsState: 'active' | 'inactive'
}

const AUTH_CONNECTION: ConnectionKind = { role: 'supabase_auth_admin', max: 4, rlsState: 'inactive' }
const TABLES_CONNECTION: ConnectionKind = { role: 'rest_gateway', max: 6, rlsState: 'active' }
const END_OPTIONS = { timeout: 2 }

function connect(lite: Lite, options: LiteOptions, kind: ConnectionKind, onDeath: () => void) {
  // Not in the driver's types.
  const overSteadySocket = { socket: () => new SteadySocket(options.address, onDeath) }
  const connection = lite.createPostgresConnection({
    url: databaseUrl(options.address, kind.role, options.secrets),
    postgresOptions: {
      ...overSteadySocket,
      max: kind.max,
      max_lifetime: null,
      connect_timeout: 10,
      onnotice: () => {},
      connection: { application_name: `gateway ${kind.role}` },
    },
  })
  if (!('rlsState' in connection))
    throw new Error('This version of @supabase/lite has no rlsState: do not use it.')
  Object.assign(connection, { rlsState: kind.rlsState })
  return connection
}

/** Who the request under way is: asked for by lite where it would look up a key. */
const identified = new AsyncLocalStorage<Identity>()

async function resolveIdentity(): Promise<ResolvedKey | null> {
  const identity = identified.getStore()
  // The type only decides about browsers showing secret keys, which is ours to judge.
  return identity ? { type: 'publishable', claims: identity.claims } : null
}

/** Without a token there is nothing that lite could verify in its own way, or look its owner up for. */
function withoutCredentials(request: Request): Request {
  const headers = new Headers(request.headers)
  headers.delete('authorization')
  headers.set('apikey', 'identified')
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD'
  return new Request(request.url, {
    method: request.method,
    headers,
    ...(hasBody ? { body: request.body, duplex: 'half' } : {}),
  })
}
