/** What went wrong, each kind of it once with its number. */
export interface Findings {
  readonly count: number
  add(kind: string): void
  /** What was answered, by kind: shows that not everything is turned away at the door. */
  readonly answers: Map<string, number>
  answered(kind: string): void
  lines(): string[]
}

const SHOWN = 30

export function createFindings(): Findings {
  const counts = new Map<string, number>()
  const answers = new Map<string, number>()
  return {
    answers,
    answered: kind => void answers.set(kind, (answers.get(kind) ?? 0) + 1),
    get count() {
      return [...counts.values()].reduce((sum, count) => sum + count, 0)
    },
    add: kind => void counts.set(kind, (counts.get(kind) ?? 0) + 1),
    lines: () =>
      [...counts]
        .sort(([, a], [, b]) => b - a)
        .slice(0, SHOWN)
        .map(([kind, count]) => `✗ ${count} × ${kind}`),
  }
}
