/**
 * L10: `npm start` until its page is served, in a process of its own as a person starts it: with nothing but the
 * packages installed, and again with what the first run left behind. Beside it, in turns, what no start can do without:
 * Node running npm's script of one line.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { compare, keep, print } from '../report.ts'

const TURNS = 5
const FIRST = { atMost: 5 }
const AGAIN = { atMost: 2 }
const GIVE_UP_AFTER_MS = 60_000
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const DATA = join(ROOT, 'artefacts/bench/start')

export async function start(): Promise<void> {
  const taken = { first: [] as number[], again: [] as number[], npm: [] as number[] }
  for (let turn = 0; turn < TURNS; turn++) {
    for (const left of [DATA, join(ROOT, 'web/dist')]) await rm(left, { recursive: true, force: true })
    taken.first.push(await untilServed())
    taken.again.push(await untilServed())
    taken.npm.push(await untilEnded('npm', ['exec', '--call', 'node --eval 0']))
  }
  await rm(DATA, { recursive: true, force: true })
  const figures = [
    ...compare('start.first', 's', taken.first, taken.npm, FIRST, [0.5, 1]),
    ...compare('start.again', 's', taken.again, taken.npm, AGAIN, [0.5, 1]),
  ]
  print(`npm start until the page and its scripts are served, ${TURNS} times`, figures)
  keep('start', figures)
}

/** Seconds from `npm start` to the last byte of the page and of the scripts it names. Ends it again. */
async function untilServed(): Promise<number> {
  const port = await freePort()
  const began = performance.now()
  const npm = spawn('npm', ['start'], {
    cwd: ROOT,
    env: { ...process.env, PORT: String(port), BEDSIDE_DATA_DIR: DATA },
    stdio: 'ignore',
    // A group of its own, to be told to end as by Ctrl+C.
    detached: true,
  })
  const ended = once(npm, 'exit')
  try {
    await served(`http://127.0.0.1:${port}`, npm)
    return (performance.now() - began) / 1000
  } finally {
    if (npm.pid !== undefined && npm.exitCode === null) process.kill(-npm.pid, 'SIGINT')
    await ended
  }
}

async function served(origin: string, npm: ChildProcess): Promise<void> {
  const deadline = performance.now() + GIVE_UP_AFTER_MS
  while (npm.exitCode === null && performance.now() < deadline) {
    const page = await fetch(origin).catch(() => null)
    if (page?.ok) {
      const html = await page.text()
      const scripts = [...html.matchAll(/<script[^>]+src="([^"]+)"/g)].map(([, path]) => path ?? '')
      if (scripts.length === 0) throw new Error('The page names no script.')
      for (const path of scripts) {
        const script = await fetch(new URL(path, origin))
        if (!script.ok) throw new Error(`A script of the page was answered ${script.status}.`)
        await script.arrayBuffer()
      }
      return
    }
    await wait(10)
  }
  throw new Error('`npm start` served no page in time.')
}

async function untilEnded(...command: [string, string[]]): Promise<number> {
  const began = performance.now()
  const [code] = await once(spawn(...command, { cwd: ROOT, stdio: 'ignore' }), 'exit')
  if (code !== 0) throw new Error(`${command[0]} ended with code ${code}.`)
  return (performance.now() - began) / 1000
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
