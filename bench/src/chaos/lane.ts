/** One stack, and one kind of fault after the other against it. */
import { KINDS } from './kinds.ts'
import type { Options } from './options.ts'
import { chance } from './random.ts'
import { type Result, runKind } from './run-kind.ts'
import { startStack } from './stack/stack.ts'

const RECOVERY_GOAL_MS = 5_000

export async function runLane(options: Options, onResult: (result: Result) => void): Promise<Result[]> {
  const results: Result[] = []
  const stack = await startStack(chance(options.seed).next)
  try {
    for (const [index, kind] of KINDS.entries()) {
      if (!options.kinds.includes(kind.name)) continue
      const result = await runKind(kind, {
        stack,
        // A kind alone comes to the same as among the others.
        chance: chance(options.seed + index),
        points: options.points,
        recoveryGoalMs: RECOVERY_GOAL_MS,
      })
      results.push(result)
      onResult(result)
    }
  } finally {
    await stack.stop()
  }
  return results
}
