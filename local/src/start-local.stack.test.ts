import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { AlreadyRunningError, PortTakenError } from './errors.ts'
import { type LocalOptions, startLocal } from './start-local.ts'

const CHILD = fileURLToPath(new URL('./testing/child-stack.ts', import.meta.url))
const undo: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function scratch(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'bedside-local-'))
  await chmod(dir, 0o755)
  undo.push(() => rm(dir, { recursive: true, force: true }))
  return dir
}

interface Child {
  process: ChildProcess
  url: string
  postgresPid: number
  publishableKey: string
  superuserUrl: string
}

/** A Node process of its own that runs the stack. */
async function startChild(options: LocalOptions, env: Record<string, string> = {}): Promise<Child> {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, JSON.stringify(options)], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  undo.push(async () => child.kill('SIGKILL'))
  let output = ''
  let errors = ''
  child.stderr?.on('data', chunk => {
    errors += chunk
  })
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', chunk => {
      output += chunk
      if (output.includes('\n')) resolve(output)
    })
    child.once('exit', code => reject(new Error(`ended with ${code}: ${errors}`)))
  })
  return { process: child, ...(JSON.parse(line) as Omit<Child, 'process'>) }
}

async function until(what: string, ms: number, probe: () => Promise<boolean> | boolean): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; await delay(25)) if (await probe()) return
  throw new Error(`not within ${ms} ms: ${what}`)
}

/** A zombie that nobody has reaped yet is no process any more. */
async function isAlive(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (state !== null) return !state.slice(state.lastIndexOf(')')).startsWith(') Z')
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux'
  } catch {
    return false
  }
}

const parentOf = async (pid: number): Promise<number> =>
  Number(/^PPid:\s*(\d+)$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1])

async function childrenOf(pid: number): Promise<number[]> {
  const all = (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number)
  const parents = await Promise.all(all.map(one => parentOf(one).catch(() => 0)))
  return all.filter((_, place) => parents[place] === pid)
}

it('L8 starts, keeps its keys between starts, and stops twice without complaint', async () => {
  const dataDir = await scratch()
  const steps: string[] = []
  const options = { port: 0, dataDir, log: () => {} }
  const first = await startLocal({ ...options, onProgress: step => steps.push(step.step) })
  expect((await fetch(`${first.url}/health`)).status).toBe(200)
  expect(steps[0]).toBe('postgres')
  expect(steps).toContain('migration')
  expect(steps.at(-1)).toBe('ready')
  const pid = (await first.postgresPid()) ?? 0
  await first.stop()
  await first.stop()
  expect(await isAlive(pid)).toBe(false)
  await expect(fetch(`${first.url}/health`)).rejects.toThrow()
  expect((await stat(join(dataDir, 'secrets.json'))).mode & 0o777).toBe(0o600)

  const began = performance.now()
  const second = await startLocal(options)
  undo.push(() => second.stop())
  const took = performance.now() - began
  expect(second.publishableKey).toBe(first.publishableKey)
  expect(second.jwtSecret).toBe(first.jwtSecret)
  expect(took).toBeLessThan(5_000)
})

it('L9 a taken port is named before anything is started', async () => {
  const dataDir = await scratch()
  const squatter = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => squatter.once('listening', resolve))
  undo.push(() => new Promise(resolve => squatter.close(resolve)))
  const address = squatter.address()
  const port = address && typeof address === 'object' ? address.port : 0
  const failure = await startLocal({ port, dataDir, log: () => {} }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(PortTakenError)
  expect(failure).toMatchObject({ port, hint: expect.stringContaining(`PORT=${port + 1}`) })
  expect(existsSync(join(dataDir, 'postgres'))).toBe(false)
})

it('L10 a second start on the same data directory names the address of the first', async () => {
  const dataDir = await scratch()
  const first = await startLocal({ port: 0, dataDir, log: () => {} })
  undo.push(() => first.stop())
  const failure = await startLocal({ port: 0, dataDir, log: () => {} }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(AlreadyRunningError)
  expect(failure).toMatchObject({ url: first.url, message: expect.stringContaining(first.url) })
  expect((await fetch(`${first.url}/health`)).status).toBe(200)
})

it('L11 kill -9 of the Node process takes PostgreSQL with it; the next start works on the same data', async () => {
  const dataDir = await scratch()
  const child = await startChild({ port: 0, dataDir })
  expect(await isAlive(child.postgresPid)).toBe(true)
  child.process.kill('SIGKILL')
  await until('no server left', 10_000, async () => !(await isAlive(child.postgresPid)))
  const next = await startLocal({ port: 0, dataDir, log: () => {} })
  undo.push(() => next.stop())
  expect((await fetch(`${next.url}/health`)).status).toBe(200)
})

it.runIf(process.platform === 'linux')(
  'L11 also where its supervisor was killed with it: the next start finds the server and takes over',
  async () => {
    const dataDir = await scratch()
    const child = await startChild({ port: 0, dataDir })
    const shell = await parentOf(child.postgresPid)
    const watchers = (await childrenOf(shell)).filter(pid => pid !== child.postgresPid)
    for (const pid of [...watchers, shell]) process.kill(pid, 'SIGKILL')
    child.process.kill('SIGKILL')
    await until(
      'the child is gone',
      5_000,
      () => child.process.exitCode !== null || child.process.signalCode !== null,
    )
    expect(await isAlive(child.postgresPid)).toBe(true)
    const next = await startLocal({ port: 0, dataDir, log: () => {} })
    undo.push(() => next.stop())
    expect(await next.postgresPid()).not.toBe(child.postgresPid)
    expect(await isAlive(child.postgresPid)).toBe(false)
    expect((await fetch(`${next.url}/health`)).status).toBe(200)
  },
)

it('L11 kill -9 of an ephemeral stack leaves no process and no files', async () => {
  const temporary = await scratch()
  // As the system's own: who made an entry may remove it.
  await chmod(temporary, 0o1777)
  const child = await startChild({ port: 0, ephemeral: true }, { TMPDIR: temporary })
  const made = async () => (await readdir(temporary)).filter(name => name.startsWith('bedside-'))
  expect(await made()).toHaveLength(1)
  child.process.kill('SIGKILL')
  await until('no server left', 10_000, async () => !(await isAlive(child.postgresPid)))
  await until('no files left', 10_000, async () => (await made()).length === 0)
})

it('L15 a data directory or an address that cannot be had is an error that says what to do', async () => {
  const start = (options: Partial<Parameters<typeof startLocal>[0]>) =>
    startLocal({ port: 0, log: () => {}, ...options })
  await expect(start({ dataDir: fileURLToPath(import.meta.url) })).rejects.toMatchObject({
    name: 'DataDirError',
    hint: expect.stringContaining('another data directory'),
  })
  // An address for documentation: no machine has it, and nothing is sent.
  await expect(start({ ephemeral: true, host: '192.0.2.1' })).rejects.toMatchObject({
    name: 'ListenError',
    hint: expect.stringContaining('PORT='),
  })
})

it('G19 told to end, it takes nobody new, sends sockets away with 1012, answers what is under way, and leaves no slot', async () => {
  const dataDir = await scratch()
  const child = await startChild({ port: 0, dataDir })
  const { url, publishableKey: apikey } = child
  const pool = new pg.Pool({ connectionString: child.superuserUrl, max: 1 })
  // It ends with the server.
  pool.on('error', () => {})
  undo.push(() => pool.end())
  await pool.query(
    `create function public.slow() returns text language sql as $$ select 'done' from pg_sleep(2) $$`,
  )
  await pool.query('grant execute on function public.slow() to anon')
  const { rows } = await pool.query<{ data_directory: string }>('show data_directory')
  const cluster = rows[0]?.data_directory ?? ''
  const count = async (sql: string) =>
    (await pool.query<{ n: number }>(`select count(*)::int as n ${sql}`)).rows[0]?.n
  expect(await count('from pg_replication_slots where active')).toBe(1)

  const sockets = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const socket = new WebSocket(
        `${url.replace('http', 'ws')}/realtime/v1/websocket?apikey=${apikey}&vsn=2.0.0`,
      )
      const closeCode = new Promise<number>(resolve => socket.on('close', resolve))
      await new Promise(resolve => socket.on('open', resolve))
      socket.send(JSON.stringify(['1', '1', 'realtime:room', 'phx_join', {}]))
      await new Promise(resolve => socket.once('message', resolve))
      return { socket, closeCode }
    }),
  )
  // One that does not answer: it is waited for, and the door is shut meanwhile.
  sockets.pop()?.socket.pause()
  const underWay = fetch(`${url}/rest/v1/rpc/slow`, { method: 'POST', headers: { apikey } })
  await until('is under way', 5_000, async () => {
    return (await count(`from pg_stat_activity where wait_event = 'PgSleep'`)) === 1
  })
  const exit = new Promise<number | null>(resolve => child.process.once('exit', resolve))
  let isAnswered = false
  underWay.finally(() => {
    isAnswered = true
  })
  child.process.kill('SIGTERM')
  expect(await Promise.all(sockets.map(({ closeCode }) => closeCode))).toEqual([1012, 1012])
  await expect(fetch(`${url}/health`, { headers: { Connection: 'close' } })).rejects.toThrow()
  expect(isAnswered).toBe(false)
  const answer = await underWay
  expect([answer.status, await answer.json()]).toEqual([200, 'done'])
  let code: number | null | undefined
  exit.then(ended => {
    code = ended
  })
  await until('has ended', 5_000, () => code !== undefined)
  expect(code).toBe(0)
  expect(await isAlive(child.postgresPid)).toBe(false)
  // Of no next start's doing.
  expect(await readdir(join(cluster, 'pg_replslot'))).toEqual([])
}, 60_000)

it('L12 kill -9 of the postmaster: the same gateway answers again within five seconds, and 503 meanwhile', async () => {
  const stack = await startLocal({ port: 0, ephemeral: true, log: () => {} })
  undo.push(() => stack.stop())
  const isUp = async () => (await fetch(`${stack.url}/health`)).status === 200
  const ask = (path: string, body?: string) =>
    fetch(stack.url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { apikey: stack.publishableKey, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    }).then(answer => answer.status)
  const askAll = () =>
    Promise.all([
      // Refused by PostgreSQL itself: a call that holds a connection.
      ask('/rest/v1/rpc/get_profile', '{}'),
      ask('/rest/v1/rpc/no_such_function', '{}'),
      ask('/rest/v1/no_such_table'),
      ask('/auth/v1/token?grant_type=refresh_token', '{"refresh_token":"unknown-token"}'),
    ])
  expect(await isUp()).toBe(true)
  const normal = await askAll()
  // More than once: what a lost connection leaves behind shows only when the next one is lost.
  for (let round = 0; round < 3; round++) {
    const pid = (await stack.postgresPid()) ?? 0
    let isOver = false
    const seen: number[] = []
    const load = Array.from({ length: 8 }, async () => {
      while (!isOver) seen.push(...(await askAll()))
    })
    await until('is under load', 5_000, async () => seen.length > 100)
    process.kill(pid, 'SIGKILL')
    await until('answers again', 5_000, async () => {
      const answers = await askAll()
      seen.push(...answers)
      return String(answers) === String(normal) && !(await isAlive(pid)) && (await isUp())
    })
    isOver = true
    await Promise.all(load)
    // A client keeps its session through 503 and drops it at 500 or 401.
    expect(seen.filter(status => status !== 503 && !normal.includes(status))).toEqual([])
  }
})
