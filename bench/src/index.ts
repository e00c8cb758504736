import { audit } from './scenarios/audit.ts'
import { history } from './scenarios/history.ts'
import { latency } from './scenarios/latency.ts'

const SCENARIOS: Record<string, () => Promise<void>> = { latency, history, audit }

/** Runs the named scenarios, all of them where none is named. Resolves to the exit code. */
export async function main(names: readonly string[]): Promise<number> {
  const unknown = names.find(name => !(name in SCENARIOS))
  if (unknown !== undefined) {
    console.error(`There is no scenario "${unknown}". There are: ${Object.keys(SCENARIOS).join(', ')}.`)
    return 1
  }
  for (const [name, run] of Object.entries(SCENARIOS)) {
    if (names.length === 0 || names.includes(name)) await run()
  }
  return 0
}
