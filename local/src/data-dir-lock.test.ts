import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { lockDataDir } from './data-dir-lock.ts'

const dirs: string[] = []
afterEach(async () => {
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true, force: true })
})

async function scratch(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'bedside-lock-'))
  dirs.push(dir)
  return dir
}

/** What who follows the holder of this lock writes first. */
function claimAfter(dir: string, lock: string): string {
  return join(
    dir,
    `running.json.after-${createHash('sha256').update(`0:${lock}`).digest('hex').slice(0, 16)}`,
  )
}

it('L13 one holder at a time; released, it is free again', async () => {
  const dir = await scratch()
  const lock = await lockDataDir(dir)
  await lock.announce('http://localhost:1234')
  await expect(lockDataDir(dir)).rejects.toMatchObject({ url: 'http://localhost:1234', pid: process.pid })
  await lock.release()
  await (await lockDataDir(dir)).release()
})

it('L13 of many at once exactly one gets it, also where a stale lock lies in the way', {
  timeout: 60_000,
}, async () => {
  for (let turn = 0; turn < 100; turn++) {
    const dir = await scratch()
    const stale = JSON.stringify({ pid: 2 ** 22 + 1, began: `long ago ${turn}`, url: null })
    await writeFile(join(dir, 'running.json'), stale)
    // And one who died following it.
    if (turn % 2 === 1) await writeFile(claimAfter(dir, stale), stale.replace('ago', 'ago as well'))
    const tries = await Promise.allSettled(Array.from({ length: 12 }, () => lockDataDir(dir)))
    expect(tries.filter(one => one.status === 'fulfilled')).toHaveLength(1)
    expect(await readdir(dir)).toEqual(['running.json'])
  }
})

it('L13 a killed holder, a recycled pid and half a file hold nothing', async () => {
  const dir = await scratch()
  const file = join(dir, 'running.json')
  for (const stale of [
    JSON.stringify({ pid: 2 ** 22 + 1, began: 'x', url: null }),
    JSON.stringify({ pid: process.pid, began: 'another process of that number', url: null }),
    '{"pid":',
    '',
  ]) {
    await writeFile(file, stale)
    await writeFile(claimAfter(dir, stale), stale)
    const lock = await lockDataDir(dir)
    expect(await readFile(file, 'utf8')).toContain(`"pid":${process.pid}`)
    await lock.release()
  }
})
