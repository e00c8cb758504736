import { audit } from './scenarios/audit.ts'
import { browser } from './scenarios/browser.ts'
import { fanout } from './scenarios/fanout.ts'
import { history } from './scenarios/history.ts'
import { latency } from './scenarios/latency.ts'
import { rpc } from './scenarios/rpc.ts'
import { sockets } from './scenarios/sockets.ts'
import { start } from './scenarios/start.ts'

export interface Machine {
  /** Builds the web app if its sources have changed. */
  buildWeb(): Promise<unknown>
  /** The path of a Chromium. */
  ensureChromium(): Promise<string>
}

const SCENARIOS: Record<string, (machine: Machine) => Promise<void>> = {
  latency,
  fanout,
  rpc,
  sockets,
  history,
  audit,
  start,
  async browser({ buildWeb, ensureChromium }) {
    await buildWeb()
    await browser(await ensureChromium())
  },
}

/** Runs the named scenarios, all of them where none is named. Resolves to the exit code. */
export async function main(names: readonly string[], machine: Machine): Promise<number> {
  const unknown = names.find(name => !(name in SCENARIOS))
  if (unknown !== undefined) {
    console.error(`There is no scenario "${unknown}". There are: ${Object.keys(SCENARIOS).join(', ')}.`)
    return 1
  }
  for (const [name, run] of Object.entries(SCENARIOS)) {
    if (names.length === 0 || names.includes(name)) await run(machine)
  }
  return 0
}
