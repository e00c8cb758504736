import { randomInt } from 'node:crypto'

export interface Options {
  /** Names of kinds. */
  kinds: readonly string[]
  seed: number
  points: number
}

/** `--kind <part of a name>` (may come again), `--seed <n>`, `--points <n>`. */
export function parseOptions(
  args: readonly string[],
  names: readonly string[],
): Options | { problem: string } {
  const options = { kinds: [] as string[], seed: randomInt(2 ** 31), points: 100 }
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
        if (!Number.isSafeInteger(number) || number < 1)
          return { problem: `${name} takes a whole number from 1.` }
        options[name === '--seed' ? 'seed' : 'points'] = number
        break
      default:
        return { problem: `There is no "${name}". There are: --kind, --seed, --points.` }
    }
  }
  return { ...options, kinds: options.kinds.length > 0 ? options.kinds : names }
}
