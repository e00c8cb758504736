/** A file system of its own with little room, so that a disk can be full without filling the machine's. */
import { execFile } from 'node:child_process'
import { open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const PIECE = Buffer.alloc(1024 * 1024)

/** Whether this process may mount one. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0

/** Returns its undo. */
export async function mountSmallDisk(dir: string, megabytes: number): Promise<() => Promise<void>> {
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir])
  return async () => {
    // Whoever still looks into it need not be waited for.
    await run('umount', ['-l', dir])
  }
}

/** To the last byte. Returns its undo. */
export async function fillDisk(dir: string): Promise<() => Promise<void>> {
  const path = join(dir, 'ballast')
  const file = await open(path, 'w')
  try {
    for (let left = await roomIn(dir); left > 0; left = await roomIn(dir))
      await file.write(PIECE, 0, Math.min(left, PIECE.length))
  } catch (error) {
    // Somebody else took the last of it.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  } finally {
    await file.close()
  }
  return () => rm(path)
}

async function roomIn(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir)
  return bavail * bsize
}
