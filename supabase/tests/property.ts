/**
 * How often a property is tried, and from where. Every property test prints its seed: `FC_SEED` tries the same again,
 * `FC_RUNS` multiplies the number of runs.
 */
const times = Number(process.env.FC_RUNS ?? 1)

export function tries(what: string, runs: number): { seed: number; numRuns: number; endOnFailure: boolean } {
  const seed = Number(process.env.FC_SEED ?? Math.floor(Math.random() * 2 ** 31))
  const numRuns = Math.max(1, Math.round(runs * times))
  process.stdout.write(`${what}: ${numRuns} runs, FC_SEED=${seed}\n`)
  return { seed, numRuns, endOnFailure: false }
}
