/**
 * One process a data directory. The lock is a file naming its holder (`running.json`: pid, when that process began,
 * address). A holder that no longer exists, or whose pid belongs to a younger process by now, holds nothing: so a
 * `kill -9` never locks anybody out, and a recycled pid never does either.
 *
 * Who follows a holder that is gone claims it first (`running.json.after-…`, made whole or not at all, named after what the
 * holder had written), looks whether the lock still is that holder's, and only then puts the claim in its place. To remove
 * what was judged would not do: between the look and the removal another one may have taken its place.
 */
import { createHash, randomBytes } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AlreadyRunningError, DataDirError } from './errors.ts'
import { runAs } from './postgres/run-as.ts'

interface Holder {
  pid: number
  began: string
  url: string | null
  /** Of this one lock: no two are written alike. */
  nonce?: string
}

export interface DataDirLock {
  /** Tell those who come later where we answer. */
  announce(url: string): Promise<void>
  release(): Promise<void>
}

/** @throws AlreadyRunningError */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  const file = join(dataDir, 'running.json')
  const own: Holder = { pid: process.pid, began: await beganAt(process.pid), url: null, nonce: randomName() }
  for (let attempt = 0; attempt < 20; attempt++) {
    if (await create(file, own)) return lockOn(file, own)
    const judged = await readText(file)
    if (judged === null) continue
    await throwIfAlive(dataDir, judged)
    if (await follow(dataDir, file, judged, own)) return lockOn(file, own)
  }
  throw new DataDirError(`${file} keeps changing: two starts at once?`, 'Try again.')
}

/** Takes the place of a holder that is gone; false: another one has done so. */
async function follow(dataDir: string, file: string, gone: string, own: Holder): Promise<boolean> {
  const passed: string[] = []
  // Who claimed it may be gone as well, and is followed in the same way.
  for (let last: string | null = gone; last !== null; ) {
    // By its place in the row as well: two that a power cut left empty are not one.
    const name = createHash('sha256').update(`${passed.length}:${last}`).digest('hex')
    const claim = `${file}.after-${name.slice(0, 16)}`
    if (await create(claim, own)) {
      const isStill = (await readText(file)) === gone
      if (isStill) await rename(claim, file)
      for (const each of isStill ? passed : [claim]) await rm(each, { force: true })
      return isStill
    }
    passed.push(claim)
    last = await readText(claim)
    if (last !== null) await throwIfAlive(dataDir, last)
  }
  return false
}

/** @throws AlreadyRunningError */
async function throwIfAlive(dataDir: string, text: string): Promise<void> {
  const holder = parse(text)
  if (holder && (await isAlive(holder))) throw new AlreadyRunningError(dataDir, holder.pid, holder.url)
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

const randomName = (): string => randomBytes(6).toString('hex')

const unique = (file: string): string => `${file}.${randomName()}`

const readText = (file: string): Promise<string | null> => readFile(file, 'utf8').catch(() => null)

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
