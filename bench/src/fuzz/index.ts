/** `npm run fuzz`: anything at all against the real stack, by socket and by HTTP. Resolves to the exit code. */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { fuzz } from './fuzz.ts'

const WHOLE = /^[1-9]\d{0,8}$/

export async function main(args: string[]): Promise<number> {
  const options = { frames: '100000', requests: '100000', seed: String(randomInt(1, 2 ** 30)) }
  try {
    const string = { type: 'string' } as const
    const { values } = parseArgs({ args, options: { frames: string, requests: string, seed: string } })
    Object.assign(options, values)
    const wrong = Object.entries(options).find(([, value]) => !WHOLE.test(value))
    if (wrong) throw new TypeError(`--${wrong[0]} takes a whole number from 1.`)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    console.error(error.message)
    return 1
  }
  const [frames, requests, seed] = [Number(options.frames), Number(options.requests), Number(options.seed)]
  console.log(`seed ${seed}: ${frames} frames, ${requests} requests`)
  const { findings, held, seconds } = await fuzz({ frames, requests, seed })
  for (const line of findings.lines()) console.log(line)
  const answers = [...findings.answers].sort(([, a], [, b]) => b - a)
  console.log(answers.map(([kind, count]) => `${kind}: ${count}`).join(', '))
  console.log(`${seconds} s; the server held ${held.early} MB after a tenth, ${held.late} MB at the end`)
  console.log(`\n${frames + requests} passed, ${findings.count} failed`)
  return findings.count > 0 ? 1 : 0
}
