/**
 * One process a data directory. The lock is a file naming its holder (`running.json`: pid, when that process began,
 * address). A holder that no longer exists, or whose pid belongs to a younger process by now, holds nothing: so a
 * `kill -9` never locks anybody out, and a recycled pid never does either.
 */
import { randomBytes } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AlreadyRunningError, DataDirError } from './errors.ts'
import { runAs } from './postgres/run-as.ts'

interface Holder {
  pid: number
  began: string
  url: string | null
}

export interface DataDirLock {
  /** Tell those who come later where we answer. */
  announce(url: string): Promise<void>
  release(): Promise<void>
}

/** @throws AlreadyRunningError */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  const file = join(dataDir, 'running.json')
  const own: Holder = { pid: process.pid, began: await beganAt(process.pid), url: null }
  for (let attempt = 0; attempt < 20; attempt++) {
    if (await create(file, own)) return lockOn(file, own)
    const text = await readFile(file, 'utf8').catch(() => null)
    if (text === null) continue
    const holder = parse(text)
    if (holder && (await isAlive(holder))) throw new AlreadyRunningError(dataDir, holder.pid, holder.url)
    await removeExactly(file, text)
  }
  throw new DataDirError(`${file} keeps changing: two starts at once?`, 'Try again.')
}

function lockOn(file: string, own: Holder): DataDirLock {
  return {
    announce: async url => {
      const next = unique(file)
      await writeFile(next, JSON.stringify({ ...own, url }), { mode: 0o600 })
      await rename(next, file)
    },
    release: () => rm(file, { force: true }),
  }
}

const unique = (file: string): string => `${file}.${randomBytes(6).toString('hex')}`

/** A link is made whole or not at all, so nobody ever reads half a lock. */
async function create(file: string, holder: Holder): Promise<boolean> {
  const whole = unique(file)
  await writeFile(whole, JSON.stringify(holder), { mode: 0o600 })
  try {
    await link(whole, file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await rm(whole, { force: true })
  }
}

/** Removes the lock that we judged stale, and not the one somebody else made in the meantime. */
async function removeExactly(file: string, judged: string): Promise<void> {
  const aside = unique(file)
  try {
    await rename(file, aside)
  } catch {
    return
  }
  const taken = await readFile(aside, 'utf8').catch(() => '')
  if (taken !== judged) {
    await link(aside, file).catch(() => {
      // A third one holds it now; the loop will see that.
    })
  }
  await rm(aside, { force: true })
}

function parse(text: string): Holder | null {
  try {
    const read: unknown = JSON.parse(text)
    if (typeof read !== 'object' || read === null || !('pid' in read) || !('began' in read)) return null
    const url = 'url' in read && typeof read.url === 'string' ? read.url : null
    return typeof read.pid === 'number' ? { pid: read.pid, began: String(read.began), url } : null
  } catch {
    return null
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    // EPERM: it exists, as another user's.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  return (await beganAt(holder.pid)) === holder.began
}

/** When that process began, in whatever form the system tells it: only compared for equality. */
async function beganAt(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    // The name in brackets may hold anything, so count from its end: the start time is field 22.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
    return `${boot.trim()} ${fields[19] ?? ''}`
  }
  return (await runAs(null, 'ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => '')).trim()
}
