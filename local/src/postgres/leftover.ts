/**
 * Ends what a killed supervisor left behind: a server on this data directory, or backends that outlived theirs. A pid
 * read from a file is never trusted: it may be anybody's by now. Only a process proved to be a postgres of this very
 * directory gets a signal.
 */
import { readdir, readFile, readlink, realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { PostgresError } from '../errors.ts'
import { runAs } from './run-as.ts'

const FAST_STOP_MS = 5_000
const IMMEDIATE_STOP_MS = 1_000

export async function postmasterPid(data: string): Promise<number | null> {
  const file = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(file.split('\n')[0])
  return Number.isInteger(pid) && pid > 1 ? pid : null
}

/** Every process that is a postgres working in that directory (a server changes into it, its backends inherit that). */
async function serversOf(data: string): Promise<number[]> {
  if (process.platform !== 'linux') {
    const pid = await postmasterPid(data)
    const line = pid ? await runAs(null, 'ps', ['-ww', '-o', 'args=', '-p', String(pid)]).catch(() => '') : ''
    return pid && line.includes('postgres') && line.includes(data) ? [pid] : []
  }
  const found: number[] = []
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const [cwd, exe] = await Promise.all([linkOf(entry, 'cwd'), linkOf(entry, 'exe')])
    if (cwd === data && basename(exe.replace(/ \(deleted\)$/, '')) === 'postgres') found.push(Number(entry))
  }
  return found
}

const linkOf = (pid: string, name: string): Promise<string> =>
  readlink(`/proc/${pid}/${name}`).catch(() => '')

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name)
    } catch {
      // Gone since we looked.
    }
  }
}

async function goneWithin(data: string, ms: number): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; await delay(25)) {
    if ((await serversOf(data)).length === 0) return true
  }
  return false
}

/** @throws PostgresError when one of them cannot be stopped. */
export async function stopLeftover(data: string): Promise<void> {
  const pid = await postmasterPid(data)
  if (!pid) return
  const real = await realpath(data)
  const running = await serversOf(real)
  if (running.length === 0) return
  if (running.includes(pid)) {
    signal([pid], 'SIGINT')
    if (await goneWithin(real, FAST_STOP_MS)) return
  }
  signal(await serversOf(real), 'SIGQUIT')
  if (await goneWithin(real, IMMEDIATE_STOP_MS)) return
  signal(await serversOf(real), 'SIGKILL')
  if (await goneWithin(real, IMMEDIATE_STOP_MS)) return
  throw new PostgresError(
    `A PostgreSQL server (process ${pid}) still holds ${data} and could not be stopped.`,
    'Stop it by hand.',
  )
}
