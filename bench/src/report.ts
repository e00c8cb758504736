/** How a scenario says what it measured: a table for people, one line of JSON a figure for machines. */
import { mkdirSync, writeFileSync } from 'node:fs'

/**
 * What is not to be passed: a multiple of the baseline, or so much of the unit; or, where more is better, the multiple to
 * be reached. Null: nothing was promised.
 */
export type Goal = { ratio: number } | { ratioAtLeast: number } | { atMost: number } | null

export interface Figure {
  scenario: string
  unit: string
  ours: number
  baseline: number
  /** ours / baseline; below 1 is better than the baseline where less is better. Null: the baseline is 0. */
  ratio: number | null
  goal: Goal
  ok: boolean
  /** How many measurements each side rests on. */
  samples: number
  baselineSamples: number
}

/** The value below which `share` (0 to 1) of the samples lie, by nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  if (samples.length === 0) throw new Error('No sample was taken.')
  const sorted = [...samples].sort((a, b) => a - b)
  const rank = Math.min(sorted.length, Math.max(1, Math.ceil(share * sorted.length)))
  const value = sorted[rank - 1]
  if (value === undefined) throw new Error('A percentile lies outside its samples.')
  return value
}

/** Percentiles of two sets of samples, as figures with a goal for each. */
export function compare(
  scenario: string,
  unit: string,
  ours: readonly number[],
  baseline: readonly number[],
  goal: Goal,
  shares: readonly number[] = [0.5, 0.95, 0.99],
): Figure[] {
  return shares.map(share => {
    const mine = round(percentile(ours, share))
    const bare = round(percentile(baseline, share))
    const ratio = bare === 0 ? null : round(mine / bare)
    return {
      scenario: `${scenario}.p${share * 100}`,
      unit,
      ours: mine,
      baseline: bare,
      ratio,
      goal,
      ok: isReached(goal, mine, ratio),
      samples: ours.length,
      baselineSamples: baseline.length,
    }
  })
}

function isReached(goal: Goal, value: number, ratio: number | null): boolean {
  if (goal === null) return true
  if ('atMost' in goal) return value <= goal.atMost
  if (ratio === null) return 'ratioAtLeast' in goal
  return 'ratio' in goal ? ratio <= goal.ratio : ratio >= goal.ratioAtLeast
}

function said(goal: Goal, unit: string): string {
  if (goal === null) return ''
  if ('atMost' in goal) return `<= ${goal.atMost} ${unit}`
  return 'ratio' in goal ? `<= ${goal.ratio} x` : `>= ${goal.ratioAtLeast} x`
}

export function print(title: string, figures: readonly Figure[]): void {
  const rows = [
    ['', 'ours', 'baseline', 'ratio', 'goal', ''],
    ...figures.map(figure => [
      figure.scenario,
      `${figure.ours} ${figure.unit}`,
      `${figure.baseline} ${figure.unit}`,
      figure.ratio === null ? '' : `${figure.ratio} x`,
      said(figure.goal, figure.unit),
      figure.goal === null ? '' : figure.ok ? 'reached' : 'missed',
    ]),
  ]
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  console.log(`\n${title}`)
  for (const row of rows) {
    console.log(
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  '),
    )
  }
  for (const figure of figures) console.log(JSON.stringify(figure))
}

export function keep(name: string, figures: readonly Figure[]): void {
  const folder = new URL('../../artefacts/bench/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    new URL(`${name}.jsonl`, folder),
    `${figures.map(figure => JSON.stringify(figure)).join('\n')}\n`,
  )
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}
