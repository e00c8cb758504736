/** What was found, for `npm run prove`, which prints it (scripts/prove.mjs). Inside `npm test` nothing is written. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CellResult, isRight } from './cells/cell.ts'

export interface FoundCell {
  readonly section: string
  readonly line: string
  readonly column: string
  readonly expected: string
  readonly actual: string
  readonly isRight: boolean
}

export interface FoundMutant {
  readonly id: string
  readonly operator: string
  readonly verdict: 'killed' | 'survived' | 'invalid'
  /** By which cell, or why it is no mutant. */
  readonly by: string
  /** The reason why it may survive. */
  readonly reason: string | null
}

export interface Findings {
  readonly cells?: readonly FoundCell[]
  readonly undeclared?: readonly string[]
  readonly mutants?: readonly FoundMutant[]
  /** Of the linter: each rule with what it found. */
  readonly lint?: readonly { readonly rule: string; readonly found: readonly string[] }[]
  /** Anything to be said of the run. */
  readonly notes?: readonly string[]
}

/** Where the findings go; null: nowhere. */
const folder = process.env.BEDSIDE_PROVE_DIR ?? null

export function report(part: string, findings: Findings): void {
  if (folder === null) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${part}.json`), JSON.stringify(findings))
}

export const foundCell = (section: string, result: CellResult): FoundCell => ({
  section,
  line: result.cell.line,
  column: result.cell.column,
  expected: result.cell.expected,
  actual: result.actual,
  isRight: isRight(result),
})

/** What a test shows of cells that went wrong. */
export const wrongOf = (cells: readonly FoundCell[]): string[] =>
  cells
    .filter(cell => !cell.isRight)
    .map(cell => `${cell.line} [${cell.column}]\n  expected ${cell.expected}\n  actual   ${cell.actual}`)
