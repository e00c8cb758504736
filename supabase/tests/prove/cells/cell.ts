/**
 * One cell of the matrix: somebody tries something, and what should come of it. `expected` and what `judge` says are in
 * the same few words, so that both can be compared and shown.
 */
import { inWords, isRefused, type Outcome, type Session, type Step } from '../session.ts'

export interface Cell {
  /** `table public.profiles`, `function public.open_room(uuid)`, `storage`, `topics`: what mutations look for first. */
  readonly about: string
  readonly line: string
  /** A persona, or what else the line is crossed with. */
  readonly column: string
  readonly expected: string
  readonly steps: readonly Step[]
  readonly judge: (outcomes: readonly Outcome[]) => string
}

export interface CellResult {
  readonly cell: Cell
  readonly actual: string
}

export const isRight = ({ cell, actual }: CellResult): boolean => cell.expected === actual

export async function tryCells(session: Session, cells: readonly Cell[]): Promise<CellResult[]> {
  return Promise.all(
    cells.map(async cell => ({ cell, actual: cell.judge(await session.attempt(cell.steps)) })),
  )
}

/** `ok`, or the refusal of the first step that was refused. */
export function okOrRefusal(outcomes: readonly Outcome[]): string {
  const refused = outcomes.find(isRefused)
  return refused ? inWords(refused.refusal) : 'ok'
}

/** Names in order, each once: how sets of rows are compared. */
export const inOrder = (names: string): string =>
  [...new Set(names.split(/\s+/).filter(Boolean))].sort().join(' ')
