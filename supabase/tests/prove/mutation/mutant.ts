/** One thing broken. */
export interface Mutant {
  /** Says what was broken: the same in every run. */
  readonly id: string
  readonly operator: Operator
  /** SQL as the superuser. */
  readonly sql: string
  /** What cells about it are about; those are asked first. */
  readonly about: readonly string[]
}

export type Operator =
  | 'policy dropped'
  | 'policy always true'
  | 'condition of a policy left out'
  | 'policy for everybody'
  | 'row security off'
  | 'privilege taken'
  | 'privilege given'
  | 'refusal left out'
  | 'check left out'
  | 'limit left out'
  | 'log entry left out'
  | 'telling left out'
  | 'condition left out'
  | 'rights of the other kind'
  | 'search_path left open'
  | 'trigger off'

/** Equal ids get a number each. */
export function numbered(mutants: readonly Mutant[]): Mutant[] {
  const seen = new Map<string, number>()
  return mutants.map(mutant => {
    const n = (seen.get(mutant.id) ?? 0) + 1
    seen.set(mutant.id, n)
    return n === 1 ? mutant : { ...mutant, id: `${mutant.id} (${n})` }
  })
}
