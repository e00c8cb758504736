/** The real gateway and the real PostgreSQL on a fixed port and data directory, to be killed, paused and started again. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Line, openLine } from '../network/line.ts'
import { familyOf, signal } from './processes.ts'
import type { FromServer, ToServer } from './server.ts'
import { mountSmallDisk } from './small-disk.ts'

export interface Stack {
  readonly port: number
  readonly publishableKey: string
  readonly jwtSecret: string
  readonly dataDir: string
  /** Past every line, as the superuser. Another one after a restart. */
  readonly superuserUrl: string
  /** Between the gateway and PostgreSQL. */
  readonly databaseLine: Line
  /** kill -9; the gateway's process starts it again. Resolves when it answers, to how long that took. */
  killPostgres(): Promise<number>
  pausePostgres(ms: number): Promise<void>
  /** kill -9, and started again at once. Resolves when it serves. */
  killGateway(): Promise<void>
  stop(): Promise<void>
}

type Serving = FromServer & { is: 'serving' }

const SERVER = fileURLToPath(new URL('./server.ts', import.meta.url))

export async function startStack(random: () => number, disk?: { megabytes: number }): Promise<Stack> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bedside-chaos-'))
  const unmount = disk ? await mountSmallDisk(dataDir, disk.megabytes) : null
  // Run by root, PostgreSQL is another user and has to reach its data.
  await chmod(dataDir, 0o755)
  const port = await freePort()
  let databasePort = 0
  const databaseLine = await openLine(() => databasePort, random, 'postgres')

  async function start(): Promise<{ child: ChildProcess; serving: Serving }> {
    const child = fork(SERVER, [JSON.stringify({ port, dataDir })], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const serving = await new Promise<Serving>((resolve, reject) => {
      child.on('message', (message: FromServer) => {
        if (message.is === 'database') {
          databasePort = message.port
          child.send({ is: 'database-line', port: databaseLine.port } satisfies ToServer)
        }
        if (message.is === 'serving') resolve(message)
      })
      child.once('exit', code => reject(new Error(`The stack ended with ${code}.`)))
    })
    return { child, serving }
  }

  let { child, serving } = await start()

  async function postgresPid(): Promise<number> {
    child.send({ is: 'postgres?' } satisfies ToServer)
    for (;;) {
      const [message] = (await once(child, 'message')) as [FromServer]
      if (message.is !== 'postgres') continue
      if (message.pid === null) throw new Error('PostgreSQL is not running.')
      return message.pid
    }
  }

  return {
    port,
    publishableKey: serving.publishableKey,
    jwtSecret: serving.jwtSecret,
    dataDir,
    get superuserUrl() {
      const url = new URL(serving.superuserUrl)
      url.port = String(databasePort)
      return url.href
    },
    databaseLine,
    async killPostgres() {
      const killed = await postgresPid()
      signal(killed, 'SIGKILL')
      const began = performance.now()
      while (!(await isServing(port))) await delay(20)
      return performance.now() - began
    },
    async pausePostgres(ms) {
      const pid = await postgresPid()
      signal(pid, 'SIGSTOP')
      const family = await familyOf(pid)
      for (const each of family) signal(each, 'SIGSTOP')
      await delay(ms)
      for (const each of family) signal(each, 'SIGCONT')
    },
    async killGateway() {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
      ;({ child, serving } = await start())
    },
    async stop() {
      // Killed, and not started again: what broke says so itself.
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit')
        child.send({ is: 'stop' } satisfies ToServer)
        await ended
      }
      await databaseLine.close()
      await unmount?.()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** The gateway with its database. The old one may still be answering for a moment. */
async function isServing(port: number): Promise<boolean> {
  await delay(100)
  return fetch(`http://127.0.0.1:${port}/health`).then(
    answer => answer.status === 200,
    () => false,
  )
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (address && typeof address === 'object') resolve(address.port)
        else reject(new Error('no port'))
      })
    })
  })
}
