/**
 * One PostgreSQL server for as long as this process lives.
 *
 *   starting -> up -> (died) -> restarting -> up … -> stopped
 *
 * Must never happen: a server that outlives this process, or one that listens beyond loopback.
 */
import { existsSync } from 'node:fs'
import { chmod, chown, type FileHandle, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { PostgresError } from '../errors.ts'
import type { Log } from '../log.ts'
import { POSTGRES_PACKAGE } from './binaries.ts'
import { type ClusterHome, dataOf, makeDataDir, prepareHome } from './cluster-home.ts'
import { freePort } from './free-port.ts'
import { postmasterPid, stopLeftover } from './leftover.ts'
import { isRoot } from './os-user.ts'
import { runAs } from './run-as.ts'
import { superviseServer } from './supervisor.ts'

export const SUPERUSER = 'supabase_admin'

const HOST = '127.0.0.1'
const START_TIMEOUT_MS = 60_000
const MAX_LOG_BYTES = 5_000_000

const BUILTIN = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8']
/** Best first: PostgreSQL before 17 has no locales of its own, and not every system has C.UTF-8. */
const LOCALES = [
  [...BUILTIN, '--locale=C.UTF-8'],
  [...BUILTIN, '--locale=C'],
  ['--locale=C.UTF-8'],
  ['--locale=C'],
]

export interface Cluster {
  readonly host: string
  readonly port: number
  /** Process id of the postmaster, null while there is none. */
  pid(): Promise<number | null>
  /** Idempotent. With `ephemeral` the files go too. */
  stop(): Promise<void>
}

export interface ClusterOptions {
  dataDir: string
  superuserPassword: string
  /** Files are removed in the end, whatever ends us. */
  ephemeral?: boolean
  /** false: a crash of the machine (not of a process) may lose what was committed. Never for data that matters. */
  durable?: boolean
  /** The npm package whose PostgreSQL runs; default: the one of the product. */
  postgresPackage?: string
  /** Of PostgreSQL, by name, over our own. */
  settings?: Record<string, string>
  log: Log
}

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  await makeDataDir(options.dataDir)
  if (options.ephemeral && isRoot()) await chmod(options.dataDir, 0o711)
  const home = await prepareHome(options.dataDir, options.postgresPackage ?? POSTGRES_PACKAGE)
  // The supervisor, who is that user, removes it all where we no longer can.
  if (options.ephemeral && home.user) await chown(options.dataDir, home.user.uid, home.user.gid)
  const isInPlace = home.dir.startsWith(options.dataDir)
  const data = dataOf(home)
  await stopLeftover(data)
  if (!existsSync(data)) await initialise(home, options.superuserPassword)

  let isStopping = false
  let port = await freePort()
  const start = async () => {
    const logFile = await openLog(join(home.dir, 'postgres.log'))
    const server = superviseServer({
      program: join(home.native, 'bin', 'postgres'),
      args: ['-D', data, '-p', String(port), ...settings(options)],
      user: home.user,
      logFd: logFile.fd,
      removeWhenVanished: options.ephemeral ? (isInPlace ? options.dataDir : home.dir) : null,
    })
    await logFile.close()
    try {
      await untilReady(server, port, options.superuserPassword)
    } catch (cause) {
      server.stop()
      await server.ended
      throw new PostgresError(
        `PostgreSQL did not start.`,
        `The end of its log (${join(home.dir, 'postgres.log')}):\n${await lastLines(home)}`,
        { cause },
      )
    }
    return server
  }

  let server = await start().catch(async error => {
    // Somebody may have taken the port between our look and the server's.
    options.log(`postgres: first start failed, trying another port`)
    port = await freePort()
    return start().catch(() => {
      throw error
    })
  })

  const keepAlive = async () => {
    while (!isStopping) {
      await server.ended
      if (isStopping) return
      const diedAt = performance.now()
      options.log('postgres: the server died, starting it again')
      for (let attempt = 0; !isStopping; attempt++) {
        try {
          await stopLeftover(data)
          server = await start()
          options.log(`postgres: back after ${Math.round(performance.now() - diedAt)} ms`)
          break
        } catch {
          options.log(`postgres: start attempt ${attempt + 1} failed`)
          await delay(Math.min(100 * 2 ** attempt, 2_000))
        }
      }
    }
  }
  const watch = keepAlive()

  let stopped: Promise<void> | null = null
  const stop = async () => {
    isStopping = true
    server.stop()
    await server.ended
    await watch
    // A restart may have been under way when we were told to stop.
    server.stop()
    await server.ended
    // Where the postmaster was killed, backends outlive it and still write.
    await stopLeftover(data)
    if (options.ephemeral) await rm(home.dir, { recursive: true, force: true })
  }
  return {
    host: HOST,
    get port() {
      return port
    },
    pid: () => postmasterPid(data),
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

function settings(options: ClusterOptions): string[] {
  const isDurable = options.durable ?? !options.ephemeral
  const values: Record<string, string> = {
    listen_addresses: HOST,
    unix_socket_directories: '',
    timezone: 'UTC',
    max_connections: '200',
    // Replication for Realtime: one slot a gateway; a forgotten slot must not fill the disk.
    wal_level: 'logical',
    max_wal_senders: '60',
    max_replication_slots: '60',
    max_slot_wal_keep_size: '512MB',
    jit: 'off',
    // The server's log holds life-cycle lines only: statements and error messages quote what people wrote.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_statement: 'none',
    log_checkpoints: 'off',
    log_autovacuum_min_duration: '-1',
    log_lock_waits: 'off',
    ...(isDurable ? {} : { fsync: 'off', full_page_writes: 'off' }),
    ...options.settings,
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

async function initialise(home: ClusterHome, password: string): Promise<void> {
  const half = join(home.dir, 'data.new')
  const passwordFile = join(home.dir, 'password.new')
  await rm(passwordFile, { force: true })
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (home.user) await runAs(null, 'chown', [`${home.user.uid}:${home.user.gid}`, passwordFile])
  const initdb = async (locale: readonly string[]) => {
    await rm(half, { recursive: true, force: true })
    await runAs(home.user, join(home.native, 'bin', 'initdb'), [
      ...['-D', half, '-U', SUPERUSER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8'],
      ...['--no-instructions', ...locale],
    ])
  }
  try {
    const [best = [], ...lesser] = LOCALES
    let made = initdb(best)
    for (const locale of lesser) made = made.catch(() => initdb(locale))
    await made
  } catch (cause) {
    throw new PostgresError(
      'PostgreSQL could not make its data directory (initdb failed).',
      `Is there room on the disk, and may this user write to ${home.dir}?`,
      { cause },
    )
  } finally {
    await rm(passwordFile, { force: true })
  }
  await rename(half, dataOf(home))
}

async function openLog(file: string): Promise<FileHandle> {
  const size = await stat(file).then(
    found => found.size,
    () => 0,
  )
  return open(file, size > MAX_LOG_BYTES ? 'w' : 'a', 0o600)
}

async function lastLines(home: ClusterHome): Promise<string> {
  const text = await readFile(join(home.dir, 'postgres.log'), 'utf8').catch(() => '')
  return text.trimEnd().split('\n').slice(-8).join('\n')
}

async function untilReady(server: { hasEnded: boolean }, port: number, password: string): Promise<void> {
  let lastError: unknown
  for (const end = Date.now() + START_TIMEOUT_MS; Date.now() < end; await delay(15)) {
    if (server.hasEnded) throw new Error('the server ended', { cause: lastError })
    const client = new Client({ host: HOST, port, user: SUPERUSER, password, database: 'postgres' })
    client.on('error', () => {
      // The connection attempt below reports it.
    })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      lastError = error
      // Not listening yet, or still recovering. Anything else will not get better by waiting.
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code !== 'ECONNREFUSED' && code !== '57P03' && code !== 'ECONNRESET') throw error
    }
  }
  throw new Error('timed out', { cause: lastError })
}
