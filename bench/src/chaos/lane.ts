/**
 * A process with a stack of its own, for one kind of fault after the other as the parent names them. Its clients' clock
 * may be shifted, and its event loop is nobody else's.
 */
import { inspect } from 'node:util'
import { KINDS } from './kinds.ts'
import { chance } from './random.ts'
import { type Result, runKind } from './run-kind.ts'
import { startStack } from './stack/stack.ts'
import { noCounts } from './verdict.ts'

/** To this process, once it has said `ready`. */
export type ToLane = { is: 'run'; kind: string } | { is: 'stop' }
export interface LaneOptions {
  seed: number
  points: number
}

const RECOVERY_GOAL_MS = 5_000

const { seed, points } = JSON.parse(process.argv[2] ?? '{}') as LaneOptions
let stack = await startStack(chance(seed).next)

async function run(name: string): Promise<Result> {
  const index = KINDS.findIndex(each => each.name === name)
  const kind = KINDS[index]
  if (!kind) throw new Error(`There is no kind "${name}".`)
  // A kind alone comes to the same as among the others.
  const random = chance(seed + index)
  return runKind(kind, { stack, chance: random, points, recoveryGoalMs: RECOVERY_GOAL_MS })
}

let isStopping = false
async function stop(): Promise<void> {
  if (isStopping) return
  isStopping = true
  await stack.stop()
  process.exit(0)
}

process.on('message', async (message: ToLane) => {
  if (message.is === 'stop') return stop()
  let result: Result
  try {
    result = await run(message.kind)
  } catch (error) {
    // It broke off because everything ends.
    if (isStopping) return
    // What broke it may have broken the stack.
    await stack.stop()
    stack = await startStack(chance(seed).next)
    result = brokenOff(message.kind, error)
  }
  if (!isStopping) process.send?.(result)
})
process.on('disconnect', () => void stop())
process.send?.('ready')

function brokenOff(kind: string, error: unknown): Result {
  return {
    kind,
    points,
    failedPoints: points,
    counts: noCounts,
    recoveryMs: [],
    noticedMs: [],
    goneMs: [],
    problems: [`broken off: ${inspect(error)}`],
  }
}
