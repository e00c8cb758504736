/** `npm run chaos`: every kind of fault against the real stack. Resolves to the exit code. */
import { availableParallelism, loadavg } from 'node:os'
import { KINDS } from './kinds.ts'
import { runLanes } from './lanes.ts'
import { parseOptions } from './options.ts'
import { tableOf } from './table.ts'

export async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(
    args,
    KINDS.map(kind => kind.name),
  )
  if ('problem' in options) {
    console.error(options.problem)
    return 1
  }
  const began = performance.now()
  console.log(`seed ${options.seed}, ${options.points} points of each kind`)
  const results = await runLanes(options, result => {
    for (const line of tableOf([result]).slice(1)) console.log(line)
  })
  const failed = results.reduce((sum, result) => sum + result.failedPoints, 0)
  const points = results.reduce((sum, result) => sum + result.points, 0)
  const seconds = Math.round((performance.now() - began) / 1_000)
  // How soon anything heals depends on who else is at work here.
  const load = `load ${(loadavg()[1] ?? 0).toFixed(1)} on ${availableParallelism()} cores`
  console.log(`\nseed ${options.seed}, ${seconds} s, ${load}`)
  for (const line of tableOf(results)) console.log(line)
  console.log(`\n${points - failed} passed, ${failed} failed`)
  return failed > 0 ? 1 : 0
}
