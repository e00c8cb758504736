/** Shares the kinds out to processes: most of a fault is waiting, and several wait as well as one. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { KINDS } from './kinds.ts'
import type { LaneOptions, ToLane } from './lane.ts'
import type { Result } from './run-kind.ts'

const LANE = fileURLToPath(new URL('./lane.ts', import.meta.url))

/** Resolves to a result for each kind, in the order of `kinds`. */
export async function runLanes(
  options: LaneOptions & { kinds: readonly string[]; lanes: number },
  onResult: (result: Result) => void,
): Promise<Result[]> {
  const { kinds, seed, points } = options
  // What takes long goes first, so that no lane is left alone with it.
  const isLong = (name: string) => KINDS.some(kind => kind.name === name && kind.isLong)
  const left = [...kinds].sort((a, b) => Number(isLong(b)) - Number(isLong(a)))
  const results = new Map<string, Result>()

  async function runLane(): Promise<void> {
    const child = fork(LANE, [JSON.stringify({ seed, points } satisfies LaneOptions)], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    let isOver = false
    const ended = once(child, 'exit').then(([code]) => {
      if (!isOver) throw new Error(`A lane ended with ${code}.`)
    })
    const answer = () => Promise.race([once(child, 'message').then(([told]) => told as unknown), ended])
    await answer()
    for (let kind = left.shift(); kind !== undefined; kind = left.shift()) {
      const answered = answer()
      child.send({ is: 'run', kind } satisfies ToLane)
      const result = (await answered) as Result
      results.set(kind, result)
      onResult(result)
    }
    isOver = true
    child.send({ is: 'stop' } satisfies ToLane)
    await ended
  }

  await Promise.all(Array.from({ length: Math.min(options.lanes, kinds.length) }, runLane))
  return kinds.flatMap(kind => results.get(kind) ?? [])
}
