/** Chance that comes again with its seed. */
export interface Chance {
  /** 0 <= x < 1 */
  next(): number
  /** min <= x <= max, whole. */
  between(min: number, max: number): number
  isLucky(share: number): boolean
  pick<T>(from: readonly T[]): T
  /** Each with its share; at least one. */
  some<T>(from: readonly T[], share: number): T[]
  /** Another one, whose draws do not depend on how often this one is asked. */
  fork(): Chance
}

export function chance(seed: number): Chance {
  let state = seed >>> 0
  // mulberry32
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const pick = <T>(from: readonly T[]): T => {
    const one = from[Math.floor(next() * from.length)]
    if (one === undefined) throw new Error('There is nothing to pick from.')
    return one
  }
  return {
    next,
    between: (min, max) => min + Math.floor(next() * (max - min + 1)),
    isLucky: share => next() < share,
    pick,
    some(from, share) {
      const some = from.filter(() => next() < share)
      return some.length > 0 ? some : [pick(from)]
    },
    fork: () => chance(Math.floor(next() * 2 ** 32)),
  }
}
