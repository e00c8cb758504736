/** Runs one kind of fault until it came to so many points: batch by batch, each healed and judged before the next. */
import type { Kind } from './kinds/kind.ts'
import type { Chance } from './random.ts'
import type { Stack } from './stack/stack.ts'
import { startTyping } from './typing.ts'
import { type Counts, judge } from './verdict.ts'
import { makeWorld } from './world.ts'

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

/** Longer than any wait of the client. */
const GIVE_UP_MS = 30_000

export async function runKind(
  kind: Kind,
  options: { stack: Stack; chance: Chance; points: number; recoveryGoalMs: number },
): Promise<Result> {
  const { stack, chance, recoveryGoalMs } = options
  const counts: Counts = { sends: 0, acknowledged: 0, lost: 0, doubled: 0, outOfOrder: 0 }
  const result: Result = {
    kind: kind.name,
    points: 0,
    failedPoints: 0,
    counts,
    recoveryMs: [],
    noticedMs: [],
    goneMs: [],
    problems: [],
  }
  const rejected: unknown[] = []
  const onRejection = (error: unknown) => rejected.push(error)
  process.on('unhandledRejection', onRejection)
  let world = await makeWorld(stack, chance)
  let judged = { ...counts }
  try {
    await needHealed(world, 'before the first fault')
    while (result.points < options.points) {
      const problems: string[] = []
      const seen = world.ledger.violations.length
      const typing = startTyping(() => world.devices, world.ledger, chance, { min: 5, max: 60 })
      const { points, noticedMs, goneMs } = await kind
        .inflict(world, Math.min(kind.batch, options.points - result.points))
        .catch(async error => {
          await typing.stop()
          throw error
        })
      const from = performance.now()
      await typing.stop()
      const { isHealed, waitedFor } = await world.healed(GIVE_UP_MS)
      const tookMs = Math.round(performance.now() - from)
      if (isHealed) result.recoveryMs.push(tookMs)
      result.goneMs.push(...(goneMs ?? []).map(Math.round))
      result.noticedMs.push(...(noticedMs ?? []).map(Math.round))
      if (!isHealed) problems.push(`not healed within ${GIVE_UP_MS / 1_000} s: ${waitedFor}`)
      else if (tookMs > recoveryGoalMs)
        problems.push(`recovery took ${tookMs} ms, at last because ${waitedFor}`)
      const now = judge(world.ledger, await world.readTruth())
      for (const key of Object.keys(counts) as (keyof Counts)[]) {
        counts[key] += now[key] - judged[key]
        const isBad = key === 'lost' || key === 'doubled' || key === 'outOfOrder'
        if (isBad && now[key] > judged[key]) problems.push(`${now[key] - judged[key]} ${key}`)
      }
      judged = now
      problems.push(
        ...world.ledger.violations.slice(seen),
        ...rejected.splice(0).map(error => `unhandled: ${error}`),
      )
      result.points += points
      if (problems.length > 0) result.failedPoints += points
      for (const problem of problems) if (!result.problems.includes(problem)) result.problems.push(problem)
      if (!isHealed) {
        // What could not heal says nothing about what comes next.
        await world.close()
        world = await makeWorld(stack, chance)
        judged = { sends: 0, acknowledged: 0, lost: 0, doubled: 0, outOfOrder: 0 }
        await needHealed(world, 'before the next fault')
      }
    }
  } finally {
    await world.close()
    process.off('unhandledRejection', onRejection)
  }
  return result
}

async function needHealed(world: Awaited<ReturnType<typeof makeWorld>>, when: string): Promise<void> {
  const { isHealed, waitedFor } = await world.healed(GIVE_UP_MS)
  if (!isHealed) throw new Error(`The devices did not come up ${when}: ${waitedFor}`)
}
