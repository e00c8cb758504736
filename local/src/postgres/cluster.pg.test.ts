import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { afterEach, expect, it } from 'vitest'
import { SYSTEM_DIR } from './binaries.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { stopLeftover } from './leftover.ts'
import { isRoot } from './os-user.ts'

const PASSWORD = 'for-this-test-only'
const undo: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function scratch(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'bedside-cluster-'))
  await chmod(dir, 0o755)
  undo.push(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** Where the data went because PostgreSQL's user cannot enter the data directory; null: it is in place. */
async function awayFrom(dataDir: string): Promise<string | null> {
  return (await readFile(join(dataDir, 'postgres.path'), 'utf8').catch(() => '')).trim() || null
}

async function start(dataDir: string, options: { ephemeral?: boolean } = {}): Promise<Cluster> {
  const cluster = await startCluster({
    dataDir,
    superuserPassword: PASSWORD,
    durable: false,
    ...options,
    log: () => {},
  })
  // The latest first: files go only when the server that writes them is gone.
  undo.push(
    async () => {
      const away = await awayFrom(dataDir)
      if (away) await rm(away, { recursive: true, force: true })
    },
    () => cluster.stop(),
  )
  return cluster
}

async function query(cluster: Cluster, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({
    host: cluster.host,
    port: cluster.port,
    user: 'supabase_admin',
    password: PASSWORD,
    database: 'postgres',
  })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

async function until<T>(what: string, ms: number, probe: () => Promise<T | null | false>): Promise<T> {
  for (const end = Date.now() + ms; Date.now() < end; await delay(25)) {
    const found = await probe().catch(() => null)
    if (found) return found
  }
  throw new Error(`not within ${ms} ms: ${what}`)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** A backend that computes for minutes and does not notice that its postmaster died. `ended`: it is gone. */
async function busyBackend(cluster: Cluster): Promise<{ ended: Promise<'gone'> }> {
  const ended = query(cluster, 'select sum(n) from generate_series(1, 1e9) n').then(
    () => 'gone' as const,
    () => 'gone' as const,
  )
  await until('a busy backend', 5_000, async () => {
    const found = await query(
      cluster,
      `select from pg_stat_activity where query like '%generate_series%' and state = 'active'`,
    )
    return found.length > 1
  })
  return { ended }
}

it('L1 listens on loopback only, in UTC, for logical replication, with passwords', async () => {
  const cluster = await start(await scratch(), { ephemeral: true })
  const [settings] = await query(
    cluster,
    `select current_setting('listen_addresses') as listen, current_setting('timezone') as zone,
       current_setting('wal_level') as wal, current_setting('unix_socket_directories') as sockets,
       current_setting('password_encryption') as passwords`,
  )
  expect(settings).toEqual({
    listen: '127.0.0.1',
    zone: 'UTC',
    wal: 'logical',
    sockets: '',
    passwords: 'scram-sha-256',
  })
  const stranger = new Client({
    host: '127.0.0.1',
    port: cluster.port,
    user: 'supabase_admin',
    password: 'guess',
  })
  await expect(stranger.connect()).rejects.toMatchObject({ code: '28P01' })
})

it('L2 is back within five seconds after kill -9 of the postmaster, with everything committed', async () => {
  const cluster = await start(await scratch(), { ephemeral: true })
  await query(cluster, `create table kept (n int); insert into kept values (1)`)
  const before = await cluster.pid()
  const busy = await busyBackend(cluster)
  process.kill(before ?? 0, 'SIGKILL')
  const killedAt = performance.now()
  const rows = await until('the server', 5_000, async () => {
    const answer = await query(cluster, 'select n from kept')
    return (await cluster.pid()) === before ? null : answer
  })
  expect(rows).toEqual([{ n: 1 }])
  expect(performance.now() - killedAt).toBeLessThan(5_000)
  await busy.ended
})

it('L3 keeps its data across stop and start, and the stop leaves no process', async () => {
  const dir = await scratch()
  const first = await start(dir)
  await query(first, `create table kept (n int); insert into kept values (7)`)
  const pid = (await first.pid()) ?? 0
  expect(isAlive(pid)).toBe(true)
  await first.stop()
  await first.stop()
  expect(isAlive(pid)).toBe(false)
  const second = await start(dir)
  expect(await query(second, 'select n from kept')).toEqual([{ n: 7 }])
})

it('L3 a stop leaves no process, not even where the postmaster was killed the moment before', async () => {
  const dir = await scratch()
  const cluster = await start(dir, { ephemeral: true })
  const busy = await busyBackend(cluster)
  process.kill((await cluster.pid()) ?? 0, 'SIGKILL')
  await cluster.stop()
  expect(existsSync(join(dir, 'postgres'))).toBe(false)
  expect(await Promise.race([busy.ended, delay(2_000, 'still at work')])).toBe('gone')
})

it('L4 an ephemeral cluster leaves nothing on disk', async () => {
  const dir = await scratch()
  const cluster = await start(dir, { ephemeral: true })
  await cluster.stop()
  expect(existsSync(join(dir, 'postgres'))).toBe(false)
  expect(existsSync(join(dir, 'postgres.path'))).toBe(false)
})

it('L5 never signals a process that only inherited the recorded pid', async () => {
  const dir = await scratch()
  const cluster = await start(dir)
  const data = join(dir, 'postgres', 'data')
  await cluster.stop()
  const innocent = spawn('sleep', ['60'])
  undo.push(async () => innocent.kill())
  await writeFile(join(data, 'postmaster.pid'), `${innocent.pid}\n${data}\n`)
  await stopLeftover(data)
  expect(innocent.exitCode).toBeNull()
  expect(isAlive(innocent.pid ?? 0)).toBe(true)
})

it.runIf(isRoot())(
  'L6 as root it runs below a directory that no other user can enter, and finds its data again',
  async () => {
    const closed = await scratch()
    await chmod(closed, 0o700)
    const dir = join(closed, 'project')
    await mkdir(dir)
    const first = await start(dir)
    const away = (await awayFrom(dir)) ?? ''
    expect(away.startsWith(SYSTEM_DIR)).toBe(true)
    expect((await stat(away)).mode & 0o777).toBe(0o700)
    expect((await stat(away)).uid).not.toBe(0)
    await query(first, `create table kept (n int); insert into kept values (5)`)
    await first.stop()
    const second = await start(dir)
    expect(await query(second, 'select n from kept')).toEqual([{ n: 5 }])
  },
)

it.runIf(isRoot())('L6 data that became unreachable moves with its cluster', async () => {
  const parent = await scratch()
  const dir = join(parent, 'project')
  const first = await start(dir)
  await query(first, `create table kept (n int); insert into kept values (6)`)
  await first.stop()
  expect(existsSync(join(dir, 'postgres', 'data'))).toBe(true)
  await chmod(parent, 0o700)
  const second = await start(dir)
  expect(await awayFrom(dir)).toContain(SYSTEM_DIR)
  expect(await query(second, 'select n from kept')).toEqual([{ n: 6 }])
})

it('L7 the server writes no statement and no error text into its log', async () => {
  const dir = await scratch()
  const cluster = await start(dir)
  await query(cluster, `select 'patients-words'::int`).catch(() => null)
  await query(cluster, `do $$ begin raise warning 'patients-words'; end $$`)
  await cluster.stop()
  const log = await readFile(join(dir, 'postgres', 'postgres.log'), 'utf8')
  expect(log).toContain('ready to accept connections')
  expect(log).not.toContain('patients-words')
})
