/** What a server of a bench knows of its own process. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export interface Reading {
  /** After garbage was collected. */
  rssBytes: number
  /** What JavaScript holds, buffers included. */
  heapBytes: number
  /** Since the reading before this one. */
  longestBlockMs: number
}

const RESOLUTION_MS = 5
/** As long as the collecting of garbage is seen by the monitor, which it is no part of. */
const SETTLE_MS = 100

export function createReadings(): () => Promise<Reading> {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  let collect: (() => void) | null = null
  return async () => {
    const longestBlockMs = delays.max / 1e6
    delays.enable()
    collect ??= exposedGc()
    collect()
    await wait(SETTLE_MS)
    collect()
    const { rss, heapUsed, external } = process.memoryUsage()
    await wait(SETTLE_MS)
    delays.reset()
    return { rssBytes: rss, heapBytes: heapUsed + external, longestBlockMs }
  }
}

/** Since the process began, on all cores. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function exposedGc(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
