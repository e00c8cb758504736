import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { networkKinds } from './kinds/network.ts'
import { sessionKinds } from './kinds/sessions.ts'
import { chance } from './random.ts'
import { runKind } from './run-kind.ts'
import { type Stack, startStack } from './stack/stack.ts'

const POINTS = 3
/** Machines that run tests are busy: how soon is for `npm run chaos`. */
const RECOVERY_GOAL_MS = 30_000
const seed = randomInt(2 ** 31)

let stack: Stack
beforeAll(async () => {
  stack = await startStack(chance(seed).next)
})
afterAll(() => stack.stop())

it.each([...networkKinds, ...sessionKinds].map(kind => [kind.name, kind] as const))(
  'CH2: %s: nothing lost, nothing doubled, one order, every screen equal to the database and honest meanwhile',
  { timeout: 240_000 },
  async (_, kind) => {
    const result = await runKind(kind, {
      stack,
      chance: chance(seed),
      points: POINTS,
      recoveryGoalMs: RECOVERY_GOAL_MS,
    })
    expect(result.problems, `seed ${seed}`).toEqual([])
    expect(result.points).toBeGreaterThanOrEqual(POINTS)
  },
)
