import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { clinicKinds } from './kinds/clinic.ts'
import { diskKinds } from './kinds/disks.ts'
import { processKinds } from './kinds/processes.ts'
import { chance } from './random.ts'
import { runKind } from './run-kind.ts'
import { type Stack, startStack } from './stack/stack.ts'

/** Of what takes long, one. */
const POINTS = 3
/** Machines that run tests are busy: how soon is for `npm run chaos`. */
const RECOVERY_GOAL_MS = 30_000
const seed = randomInt(2 ** 31)

let stack: Stack
beforeAll(async () => {
  stack = await startStack(chance(seed).next)
})
afterAll(() => stack.stop())

/** What needs a disk of its own is for `npm run chaos`: PostgreSQL may need minutes to come back from a full one. */
const kinds = [...processKinds, ...diskKinds, ...clinicKinds].filter(kind => kind.diskMegabytes === undefined)

it.each(kinds.map(kind => [kind.name, kind] as const))(
  'CH3: %s: nothing lost, nothing doubled, one order, every screen equal to the database and honest meanwhile',
  { timeout: 240_000 },
  async (_, kind) => {
    const points = kind.isLong ? 1 : POINTS
    const result = await runKind(kind, {
      stack,
      chance: chance(seed),
      points,
      recoveryGoalMs: RECOVERY_GOAL_MS,
    })
    expect(result.problems, `seed ${seed}`).toEqual([])
    expect(result.points).toBeGreaterThanOrEqual(points)
  },
)
