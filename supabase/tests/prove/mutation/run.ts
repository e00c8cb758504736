/**
 * Breaks one thing after the other, each in a transaction that is rolled back, and asks the matrix until a cell goes red.
 * Those that concern what was broken are asked first.
 */
import { type Cell, isRight, tryCells } from '../cells/cell.ts'
import type { Session } from '../session.ts'
import type { Mutant } from './mutant.ts'

export type Verdict =
  | { readonly kind: 'killed'; readonly by: string }
  /** No cell went red. */
  | { readonly kind: 'survived' }
  /** It is no SQL any more: nothing was broken. */
  | { readonly kind: 'invalid'; readonly why: string }

export interface Trial {
  readonly mutant: Mutant
  readonly verdict: Verdict
}

export async function tryMutants(
  sessions: readonly Session[],
  cells: readonly Cell[],
  mutants: readonly Mutant[],
  isEquivalent: (mutant: Mutant) => boolean,
): Promise<Trial[]> {
  const trials: Trial[] = []
  const waiting = mutants.values()
  const byAbout = new Map<string, Cell[]>()
  for (const cell of cells) {
    const known = byAbout.get(cell.about)
    if (known) known.push(cell)
    else byAbout.set(cell.about, [cell])
  }
  await Promise.all(
    sessions.map(async session => {
      for (const mutant of waiting) {
        const near = new Set(mutant.about.flatMap(about => byAbout.get(about) ?? []))
        // Of one that may survive it is enough that nothing near it notices.
        const asked = isEquivalent(mutant) ? [...near] : [...near, ...cells.filter(cell => !near.has(cell))]
        trials.push({ mutant, verdict: await tryMutant(session, asked, mutant) })
      }
    }),
  )
  return trials
}

async function tryMutant(session: Session, cells: readonly Cell[], mutant: Mutant): Promise<Verdict> {
  await session.begin()
  try {
    try {
      await session.query(mutant.sql)
    } catch (error) {
      return { kind: 'invalid', why: error instanceof Error ? error.message : String(error) }
    }
    for (let from = 0, size = 8; from < cells.length; from += size, size = Math.min(2 * size, 256)) {
      const results = await tryCells(session, cells.slice(from, from + size))
      const red = results.find(result => !isRight(result))
      if (!red) continue
      const { cell, actual } = red
      // What does not compile shows only when it runs.
      if (/(^|: )42(?!501)[0-9A-Z]{3}( |$)/.test(actual))
        return { kind: 'invalid', why: `${cell.line} [${cell.column}]: ${actual}` }
      return { kind: 'killed', by: `${cell.line} [${cell.column}]: ${actual}` }
    }
    return { kind: 'survived' }
  } finally {
    await session.rollback()
  }
}
