/** What happens to the database's disk: it is full, and it is lost and comes back from a backup. */
import { execFile } from 'node:child_process'
import { chmod, chown, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { startLocal } from '@bedside/local'
import pg from 'pg'
import { readProblemsOfLog, readRoom } from '../clinic/truth.ts'
import { canMount, fillDisk } from '../stack/small-disk.ts'
import type { World } from '../world.ts'
import type { Kind } from './kind.ts'

const run = promisify(execFile)

const full: Kind = {
  name: 'disk of the database full',
  batch: 1,
  isLong: true,
  diskMegabytes: 400,
  async inflict(world) {
    const { stack, chance, truth } = world
    await delay(chance.between(50, 300))
    const free = await fillDisk(stack.dataDir)
    try {
      await needFull(world)
      // Without room for its log PostgreSQL stops altogether, and comes back when there is some.
      if (chance.isLucky(0.3)) await truth.pool().query('select pg_switch_wal()').catch(unlessFull)
      await delay(chance.between(300, 1_500))
    } finally {
      await free()
    }
    return { points: 1 }
  },
}

async function needFull({ truth, ledger }: World): Promise<void> {
  try {
    await truth
      .pool()
      .query('create temporary table ballast as select repeat($1, 1000) from generate_series(1, 100000)', [
        'x',
      ])
    ledger.violated('the disk was not full')
  } catch (error) {
    unlessFull(error)
  }
}

/** It says so, or went down and took the connection with it. */
function unlessFull(error: unknown): void {
  const said = error instanceof Error && `${error.message} ${'code' in error ? error.code : ''}`
  if (!said || !/53100|terminat|ECONN|57P0/.test(said)) throw error
}

/** What of the data directory belongs to the running server, and is no part of a backup. */
const RUNNING = ['running.json', 'postgres/data/postmaster.pid', 'postgres/data/postmaster.opts']

const restored: Kind = {
  name: 'restored from a backup',
  batch: 1,
  isLong: true,
  async inflict(world) {
    const dir = await mkdtemp(join(tmpdir(), 'bedside-restored-'))
    try {
      await chmod(dir, 0o755)
      const before = await backUp(world, dir)
      const copy = await startLocal({ port: 0, dataDir: dir, log: () => {} })
      const pool = new pg.Pool({ connectionString: copy.superuserUrl, max: 2 })
      try {
        await compare(world, pool, before)
      } finally {
        await pool.end()
        await copy.stop()
      }
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
    return { points: 1 }
  },
}

type Truth = Awaited<ReturnType<World['readTruth']>>

/** PostgreSQL's own low-level backup, while people write. Resolves to what was there before its end. */
async function backUp({ stack, truth, readTruth }: World, dir: string): Promise<Truth> {
  const client = await truth.pool().connect()
  try {
    await client.query(`select pg_backup_start('chaos', true)`)
    await copyTree(`${stack.dataDir}/.`, dir)
    const before = await readTruth()
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)')
    const data = join(dir, 'postgres', 'data')
    await rm(join(data, 'pg_wal'), { recursive: true })
    await copyTree(`${stack.dataDir}/postgres/data/pg_wal`, data)
    const label = join(data, 'backup_label')
    await writeFile(label, rows[0]?.labelfile ?? '', { mode: 0o600 })
    // PostgreSQL's user is another one where root runs this.
    const { uid, gid } = await stat(data)
    await chown(label, uid, gid)
    for (const file of RUNNING) await rm(join(dir, file), { force: true })
    const slots = join(data, 'pg_replslot')
    for (const slot of await readdir(slots)) await rm(join(slots, slot), { recursive: true })
    return before
  } finally {
    client.release()
  }
}

/** A file may go while the tree is copied: the log that is replayed knows of it. */
async function copyTree(from: string, to: string): Promise<void> {
  try {
    await run('cp', ['-a', from, to])
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
    const isOnlyGone =
      said !== '' && said.split('\n').every(line => line.endsWith('No such file or directory'))
    if (!isOnlyGone) throw error
  }
}

/** All that was there before the end of the backup, as it was, and nothing that is not there now. */
async function compare({ clinic, ledger, readTruth }: World, copy: pg.Pool, before: Truth): Promise<void> {
  const after = await readTruth()
  for (const { roomId } of clinic.visits) {
    const { messages } = await readRoom(copy, roomId)
    const [least, most] = [before, after].map(truth => truth.get(roomId)?.messages ?? [])
    if (messages.length < (least?.length ?? 0)) ledger.violated('a backup has lost messages')
    const isSame = messages.every(({ id, seq }, place) => {
      const original = most?.[place]
      return original?.id === id && original.seq === seq
    })
    if (!isSame) ledger.violated('a backup has other messages')
  }
  if ((await readProblemsOfLog(copy)) > 0) ledger.violated('the audit log of a backup does not hold')
}

/** Only root can make a small disk. */
export const diskKinds: readonly Kind[] = canMount ? [full, restored] : [restored]
