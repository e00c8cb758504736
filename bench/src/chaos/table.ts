/** What a run says. */
import { percentile } from '../report.ts'
import type { Result } from './run-kind.ts'

export function tableOf(results: readonly Result[]): string[] {
  const span = (ms: readonly number[]) =>
    ms.length === 0 ? '-' : [0.5, 0.95, 1].map(share => percentile(ms, share)).join(' / ')
  const rows = [
    [
      'kind',
      'points',
      'sends',
      'acknowledged',
      'lost',
      'doubled',
      'out of order',
      'recovery ms p50 / p95 / max',
      'failed',
    ],
    ...results.map(({ kind, points, failedPoints, counts, recoveryMs }) => [
      kind,
      ...[points, counts.sends, counts.acknowledged, counts.lost, counts.doubled, counts.outOfOrder].map(
        String,
      ),
      span(recoveryMs),
      String(failedPoints),
    ]),
  ]
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return [
    ...rows.map(row =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  '),
    ),
    ...results.flatMap(({ kind, noticedMs, goneMs }) => [
      ...(noticedMs.length > 0
        ? [`${kind}: noticed after ${span(noticedMs)} ms, recovery counted from there`]
        : []),
      ...(goneMs.length > 0 ? [`${kind}: gone for ${span(goneMs)} ms, recovery counted from there`] : []),
    ]),
    ...results.flatMap(({ kind, problems }) => problems.map(problem => `${kind}: ${problem}`)),
  ]
}
