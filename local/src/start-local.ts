/**
 * The whole stack in one process: PostgreSQL, migrations, seed, gateway. What `npm start`, end-to-end tests and benches
 * call alike.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type DataDirLock, lockDataDir } from './data-dir-lock.ts'
import { bootstrap } from './database/bootstrap.ts'
import { databaseUrl } from './database/connect.ts'
import { migrate } from './database/migrations.ts'
import { DataDirError } from './errors.ts'
import { listen } from './gateway/listener.ts'
import { loadLite } from './gateway/lite/apps.ts'
import type { LocalMail } from './gateway/mail.ts'
import type { DemoAccount } from './gateway/routes.ts'
import type { GatewayOptions } from './gateway/start-gateway.ts'
import { type Log, logToStderr } from './log.ts'
import { startCluster } from './postgres/cluster.ts'
import { makeDataDir } from './postgres/cluster-home.ts'
import { loadSecrets, makeSecrets } from './secrets.ts'

const DATABASE = 'postgres'
const SUPABASE_DIR = fileURLToPath(new URL('../../supabase', import.meta.url))

export interface StartStep {
  step: 'postgres' | 'migration' | 'gateway' | 'ready'
  /** For a person. */
  title: string
}

export interface LocalOptions {
  /** 0: any free port. */
  port: number
  /** Default 127.0.0.1. */
  host?: string
  /** Where everything is kept: data, passwords, keys. Ignored with `ephemeral`. */
  dataDir?: string
  /** A directory of its own under the system's temporary one, removed in the end. Not durable unless told so. */
  ephemeral?: boolean
  /** Whether a commit is on disk before it is acknowledged. Default: unless ephemeral. */
  durable?: boolean
  /** Whether to apply `supabase/seed.sql` to a new database. */
  seed?: boolean
  /** The built web app (`web/dist`). */
  webDir?: string
  demoAccounts?: readonly DemoAccount[]
  allowSignup?: boolean
  /** How long a session's token is good, in seconds; default 3600. */
  tokenSeconds?: number
  /** Limits of the Realtime server, and the origins that browsers may open its sockets from. */
  realtime?: NonNullable<GatewayOptions['realtime']>
  /** How much one address and one person may ask for. */
  requestLimits?: NonNullable<GatewayOptions['requestLimits']>
  /** How many proxies of ours stand before it: as many `X-Forwarded-*` are believed. Default: none. */
  trustedProxies?: number
  /** Takes the mails of auth, such as the link to a new password. */
  onMail?: (mail: LocalMail) => void
  /** Holds migrations/ and seed.sql; default: the project's. */
  supabaseDir?: string
  /** For tests of faults: given PostgreSQL's port, the port of what stands before it. */
  databaseVia?: (port: number) => Promise<number>
  onProgress?: (step: StartStep) => void
  log?: Log
}

export interface LocalStack {
  readonly url: string
  readonly publishableKey: string
  readonly secretKey: string
  /** As `postgres`, the role that migrations run as. */
  readonly databaseUrl: string
  /** As the superuser `supabase_admin`: for tests and benches that look behind the policies. */
  readonly superuserUrl: string
  readonly jwtSecret: string
  /** Process id of PostgreSQL, null while it is down. */
  postgresPid(): Promise<number | null>
  /** Idempotent; sockets, pools, slots and PostgreSQL are gone when it resolves. */
  stop(): Promise<void>
}

/** @throws AlreadyRunningError, PortTakenError, DataDirError, PostgresError, MigrationError: each says what to do. */
export async function startLocal(options: LocalOptions): Promise<LocalStack> {
  const log = options.log ?? logToStderr
  const progress = options.onProgress ?? (() => {})
  const undo: (() => Promise<unknown>)[] = []
  let stopped: Promise<void> | null = null
  const stop = () => {
    stopped ??= undoAll(undo)
    return stopped
  }
  try {
    const { dataDir, lock } = await openDataDir(options, undo)
    const host = options.host ?? '127.0.0.1'
    const listener = await listen({ host, port: options.port, log })
    undo.push(() => listener.close())

    progress({ step: 'postgres', title: 'Starting PostgreSQL' })
    const isNew = options.ephemeral || !existsSync(join(dataDir, 'secrets.json'))
    // Loading takes about as long as PostgreSQL does. A failure is met again where it is awaited.
    const gatewayModule = import('./gateway/start-gateway.ts')
    gatewayModule.catch(() => null)
    // Its tables are wanted soon.
    if (isNew) loadLite().catch(() => null)
    const secrets = options.ephemeral ? makeSecrets() : await loadSecrets(dataDir)
    const cluster = await startCluster({
      dataDir,
      superuserPassword: secrets.passwords.supabase_admin,
      ...(options.ephemeral === undefined ? {} : { ephemeral: options.ephemeral }),
      ...(options.durable === undefined ? {} : { durable: options.durable }),
      log,
    })
    undo.push(() => cluster.stop())
    const databasePort = (await options.databaseVia?.(cluster.port)) ?? cluster.port
    const address = { host: cluster.host, port: databasePort, database: DATABASE }
    await bootstrap(address, secrets, authSchemaSql)
    await migrate(address, secrets, {
      supabaseDir: options.supabaseDir ?? SUPABASE_DIR,
      seed: options.seed ?? false,
      onApply: file => progress({ step: 'migration', title: `Applying ${file}` }),
    })

    progress({ step: 'gateway', title: 'Starting the server' })
    const { startGateway } = await gatewayModule
    const gateway = await startGateway({
      address,
      secrets,
      host,
      listener,
      log,
      ...(options.webDir === undefined ? {} : { webDir: options.webDir }),
      ...(options.demoAccounts === undefined ? {} : { demoAccounts: options.demoAccounts }),
      ...(options.allowSignup === undefined ? {} : { allowSignup: options.allowSignup }),
      ...(options.tokenSeconds === undefined ? {} : { tokenSeconds: options.tokenSeconds }),
      ...(options.realtime === undefined ? {} : { realtime: options.realtime }),
      ...(options.requestLimits === undefined ? {} : { requestLimits: options.requestLimits }),
      ...(options.trustedProxies === undefined ? {} : { trustedProxies: options.trustedProxies }),
      ...(options.onMail === undefined ? {} : { onMail: options.onMail }),
    })
    undo.push(() => gateway.stop())
    await lock?.announce(gateway.url)
    progress({ step: 'ready', title: `Serving ${gateway.url}` })
    return {
      url: gateway.url,
      publishableKey: secrets.publishableKey,
      secretKey: secrets.secretKey,
      databaseUrl: databaseUrl(address, 'postgres', secrets),
      superuserUrl: databaseUrl(address, 'supabase_admin', secrets),
      jwtSecret: secrets.jwtSecret,
      postgresPid: () => cluster.pid(),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function openDataDir(
  options: LocalOptions,
  undo: (() => Promise<unknown>)[],
): Promise<{ dataDir: string; lock: DataDirLock | null }> {
  if (options.ephemeral) {
    const dataDir = await mkdtemp(join(tmpdir(), 'bedside-'))
    undo.push(() => rm(dataDir, { recursive: true, force: true }))
    return { dataDir, lock: null }
  }
  const dataDir = resolve(options.dataDir ?? '.bedside')
  const lock = await makeDataDir(dataDir)
    .then(() => lockDataDir(dataDir))
    .catch(error => {
      throw isForbidden(error) ? notOurs(dataDir, error) : error
    })
  undo.push(() => lock.release())
  return { dataDir, lock }
}

function isForbidden(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    /^(EACCES|EPERM|EROFS|EEXIST|ENOTDIR|ENOENT)$/.test(String(error.code))
  )
}

const notOurs = (dataDir: string, cause: unknown): DataDirError =>
  new DataDirError(
    `${dataDir} is no directory that this user can write to.`,
    'Start as the user who owns it, or choose another data directory.',
    { cause },
  )

async function authSchemaSql(): Promise<string> {
  return (await loadLite()).getAuthSchemaSql()
}

/** Latest first. One that fails keeps the others from nothing; the first failure is the one reported. */
async function undoAll(undo: (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const step of undo.reverse()) await step().catch(error => failures.push(error))
  if (failures.length > 0) throw failures[0]
}
