import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'

export interface Options {
  /** Names of kinds. */
  kinds: readonly string[]
  seed: number
  points: number
  /** How many stacks at the same time: one a core, or what is measured is how long they wait for one another. */
  lanes: number
}

const NUMBERS = { '--seed': 'seed', '--points': 'points', '--lanes': 'lanes' } as const

/** `--kind <part of a name>` (may come again), `--seed <n>`, `--points <n>`, `--lanes <n>`. */
export function parseOptions(
  args: readonly string[],
  names: readonly string[],
): Options | { problem: string } {
  const options = {
    kinds: [] as string[],
    seed: randomInt(2 ** 31),
    points: 100,
    lanes: availableParallelism(),
  }
  for (let i = 0; i < args.length; i += 2) {
    const [name = '', value = ''] = args.slice(i, i + 2)
    const number = Number(value)
    switch (name) {
      case '--kind': {
        const found = names.filter(each => each.includes(value))
        if (value === '' || found.length === 0)
          return { problem: `There is no kind "${value}". There are: ${names.join(', ')}.` }
        options.kinds.push(...found)
        break
      }
      case '--seed':
      case '--points':
      case '--lanes':
        if (!Number.isSafeInteger(number) || number < 1)
          return { problem: `${name} takes a whole number from 1.` }
        options[NUMBERS[name]] = number
        break
      default:
        return { problem: `There is no "${name}". There are: --kind, --seed, --points, --lanes.` }
    }
  }
  const { kinds } = options
  return { ...options, kinds: kinds.length > 0 ? names.filter(name => kinds.includes(name)) : names }
}
