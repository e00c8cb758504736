/** Signals to processes that this run started, and to nothing else. */
import { readdir, readFile } from 'node:fs/promises'

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    // Gone since we looked.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** A process and what it has started, by /proc. */
export async function familyOf(pid: number): Promise<number[]> {
  const all = (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number)
  const parents = await Promise.all(all.map(parentOf))
  return [pid, ...all.filter((_, place) => parents[place] === pid)]
}

async function parentOf(pid: number): Promise<number> {
  // It may be gone since we looked.
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1] ?? 0)
}
