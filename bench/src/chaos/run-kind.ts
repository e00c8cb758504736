/** Runs one kind of fault until it came to so many points: batch by batch, each healed and judged before the next. */
import { readProblemsOfLog } from './clinic/truth.ts'
import type { Inflicted, Kind } from './kinds/kind.ts'
import type { Chance } from './random.ts'
import { type Stack, startStack } from './stack/stack.ts'
import { startTyping } from './typing.ts'
import { type Counts, judge, noCounts } from './verdict.ts'
import { makeWorld, type World } from './world.ts'

export interface Result {
  kind: string
  points: number
  failedPoints: number
  counts: Counts
  /** One a batch, in milliseconds. */
  recoveryMs: number[]
  noticedMs: number[]
  goneMs: number[]
  /** Each once. */
  problems: string[]
}

export interface RunOptions {
  stack: Stack
  chance: Chance
  points: number
  /** From the end of a fault until every client is live and equal; and how long a killed process may be gone. */
  recoveryGoalMs: number
}

/** Longer than any wait of the client. */
const GIVE_UP_MS = 30_000
const FEW_MESSAGES = 500
const PACE_MS = { min: 5, max: 60 }

export async function runKind(kind: Kind, options: RunOptions): Promise<Result> {
  if (kind.diskMegabytes === undefined) return runOn(options.stack, kind, options)
  const stack = await startStack(options.chance.fork().next, { megabytes: kind.diskMegabytes })
  try {
    return await runOn(stack, kind, options)
  } finally {
    await stack.stop()
  }
}

async function runOn(stack: Stack, kind: Kind, options: RunOptions): Promise<Result> {
  const result = emptyResult(kind.name)
  const rejected: unknown[] = []
  const onRejection = (error: unknown) => rejected.push(error)
  process.on('unhandledRejection', onRejection)
  let world = await healthyWorld(stack, options.chance)
  let judged = noCounts
  try {
    while (result.points < options.points) {
      const batch = await inflict(world, kind, Math.min(kind.batch, options.points - result.points))
      const before = judged
      judged = judge(world.ledger, await world.readTruth())
      const problems = [
        ...batch.problems,
        ...count(result.counts, before, judged),
        ...world.ledger.takeViolations(),
        ...rejected.splice(0).map(error => `unhandled: ${error}`),
      ]
      add(result, batch, [...problems, ...late(batch, options.recoveryGoalMs)])
      // What is broken says nothing about what comes next; and what is long takes long to compare.
      const isSpent = problems.length > 0 || world.ledger.typed.size > FEW_MESSAGES
      if (isSpent && result.points < options.points) {
        await world.close()
        world = await healthyWorld(stack, options.chance)
        judged = noCounts
      }
    }
    const ofLog = await readProblemsOfLog(world.truth.pool())
    if (ofLog > 0) add(result, { points: 0 }, [`${ofLog} places where the audit log does not hold`])
  } finally {
    await world.close()
    process.off('unhandledRejection', onRejection)
  }
  return result
}

interface Batch extends Inflicted {
  isHealed: boolean
  waitedFor: string | null
  recoveryMs: number
  problems: string[]
}

async function inflict(world: World, kind: Kind, points: number): Promise<Batch> {
  const typing = startTyping(() => world.devices, world.ledger, world.typingChance, PACE_MS)
  const inflicted = await kind.inflict(world, points).finally(() => typing.stop())
  const from = performance.now()
  const { isHealed, waitedFor } = await world.healed(GIVE_UP_MS)
  const problems = isHealed ? [] : [`not healed within ${GIVE_UP_MS / 1_000} s: ${waitedFor}`]
  return { ...inflicted, isHealed, waitedFor, recoveryMs: performance.now() - from, problems }
}

/** Adds what is new, and names what should not be. */
function count(total: Counts, before: Counts, now: Counts): string[] {
  const bad: string[] = []
  for (const key of Object.keys(now) as (keyof Counts)[]) {
    const more = now[key] - before[key]
    total[key] += more
    if (more > 0 && key !== 'sends' && key !== 'acknowledged') bad.push(`${more} ${key}`)
  }
  return bad
}

function late({ isHealed, waitedFor, recoveryMs, goneMs = [] }: Batch, goalMs: number): string[] {
  return [
    ...(isHealed && recoveryMs > goalMs
      ? [`recovery took ${Math.round(recoveryMs)} ms, at last because ${waitedFor}`]
      : []),
    ...goneMs.filter(ms => ms > goalMs).map(ms => `gone for ${Math.round(ms)} ms`),
  ]
}

function add(
  result: Result,
  { points, isHealed, recoveryMs, noticedMs = [], goneMs = [] }: Inflicted & Partial<Batch>,
  problems: readonly string[],
): void {
  result.points += points
  if (problems.length > 0) result.failedPoints += Math.max(1, points)
  if (isHealed && recoveryMs !== undefined) result.recoveryMs.push(Math.round(recoveryMs))
  result.noticedMs.push(...noticedMs.map(Math.round))
  result.goneMs.push(...goneMs.map(Math.round))
  for (const problem of problems) if (!result.problems.includes(problem)) result.problems.push(problem)
}

function emptyResult(kind: string): Result {
  return {
    kind,
    points: 0,
    failedPoints: 0,
    counts: { ...noCounts },
    recoveryMs: [],
    noticedMs: [],
    goneMs: [],
    problems: [],
  }
}

async function healthyWorld(stack: Stack, chance: Chance): Promise<World> {
  const world = await makeWorld(stack, chance)
  const { isHealed, waitedFor } = await world.healed(GIVE_UP_MS)
  if (isHealed) return world
  await world.close()
  throw new Error(`The devices did not come up: ${waitedFor}`)
}
