/** What a call leaves behind, observed as the superuser in the same savepoint and said in few words. */
import type { Catalog, CatalogTable } from '../catalog.ts'
import type { Case, Effects } from '../expectations/function-types.ts'
import { isRefused, type Outcome, type Step } from '../session.ts'
import { named } from '../world/ids.ts'
import { inOrder } from './cell.ts'

const OWNERS: [column: string, kind: string][] = [
  ['room_id', 'room'],
  ['chain', 'room'],
  ['user_id', 'person'],
  ['owner_id', 'person'],
  ['appointment_id', 'room'],
]
const BY_TABLE: Record<string, string> = {
  'public.chat_rooms': "'room/' || t.id",
  'public.appointments': "'appointment/' || t.id",
  'public.profiles': "'person/' || t.id",
}

/** Of whom a row is; `clinic` of nobody in particular. */
function labelOf(table: CatalogTable): string {
  const own = OWNERS.filter(([column]) => table.columns.includes(column)).map(
    ([column, kind]) => `'${kind}/' || t.${column}`,
  )
  return BY_TABLE[table.name] ?? `coalesce(${[...own, "'clinic'"].join(', ')})`
}

/** One fingerprint for each label. Compared before and after a call it tells whose rows are other ones. */
function digestSql(catalog: Catalog): string {
  const parts = catalog.tables
    .filter(table => table.name.startsWith('public.'))
    .map(table => `select ${labelOf(table)} as label, md5(t::text) as row from ${table.name} t`)
  return `select label, md5(string_agg(row, '' order by row)) as digest from (${parts.join(' union all ')}) t group by label`
}

const TELLS_SQL = "select distinct topic || ' ' || event as told from realtime.messages"
// In one transaction all that is new is as old as the transaction.
const LOGS_SQL = "select chain || ' ' || action as logged from public.audit_log where at >= now()"

type Words = Partial<Record<'answer' | 'touches' | 'tells' | 'logs' | 'leaves', string>>

export interface Observation {
  /** To be put around the call, which is one step. */
  readonly before: Step[]
  readonly after: Step[]
  readonly expected: string
  /** From the outcomes of before, the call and after. */
  readonly judge: (outcomes: readonly Outcome[]) => string
}

export function observe(catalog: Catalog, effects: Effects, who: Case['who']): Observation {
  const leaves = Object.entries(effects.leaves ?? {})
  const watches = effects.touches !== undefined
  const step = (sql: string): Step => ({ as: 'superuser', sql })
  const digest = watches ? [step(digestSql(catalog))] : []
  return {
    before: digest,
    after: [...digest, step(TELLS_SQL), step(LOGS_SQL), ...leaves.map(([sql]) => step(sql))],
    expected: inOneLine({
      ...(effects.answer && { answer: JSON.stringify(effects.answer) }),
      ...(watches && { touches: inOrder((effects.touches ?? '').replaceAll('{who}', who)) }),
      ...(effects.tells !== undefined && { tells: listed(effects.tells.split(/\s*[;\n]\s*/)) }),
      ...(effects.logs !== undefined && { logs: listed(effects.logs.split(/\s*[;\n]\s*/)) }),
      ...(leaves.length > 0 && { leaves: JSON.stringify(leaves.map(([, value]) => value)) }),
    }),
    judge: outcomes => {
      const place = digest.length
      const called = outcomes[place]
      const [after, told, logged] = [outcomes[place + 1], outcomes[2 * place + 1], outcomes[2 * place + 2]]
      return inOneLine({
        ...(effects.answer && { answer: JSON.stringify(parts(called, Object.keys(effects.answer))) }),
        ...(watches && { touches: inOrder(differences(outcomes[0], after).join(' ')) }),
        ...(effects.tells !== undefined && { tells: listed(column(told, 'told')) }),
        ...(effects.logs !== undefined && { logs: listed(column(logged, 'logged')) }),
        ...(leaves.length > 0 && {
          leaves: JSON.stringify(outcomes.slice(2 * place + 3).map(outcome => firstValue(outcome))),
        }),
      })
    },
  }
}

const inOneLine = (words: Words): string =>
  ['ok', ...Object.entries(words).map(([name, value]) => `${name}: ${value}`)].join(' | ')

const listed = (items: readonly string[]): string => items.filter(Boolean).sort().join('; ')

const rowsOf = (outcome: Outcome | undefined) => (outcome && !isRefused(outcome) ? outcome.rows : [])
const column = (outcome: Outcome | undefined, name: string) =>
  rowsOf(outcome).map(row => named(String(row[name])))

function firstValue(outcome: Outcome | undefined): unknown {
  if (outcome && isRefused(outcome)) return outcome.refusal.message
  return withNames(Object.values(rowsOf(outcome)[0] ?? {})[0] ?? null)
}

function differences(before: Outcome | undefined, after: Outcome | undefined): string[] {
  const digests = (outcome: Outcome | undefined) =>
    new Map(rowsOf(outcome).map(row => [String(row.label), row.digest]))
  const [earlier, later] = [digests(before), digests(after)]
  const labels = new Set([...earlier.keys(), ...later.keys()])
  return [...labels]
    .filter(label => earlier.get(label) !== later.get(label))
    .map(label => named(label).replace('room/clinic', 'clinic'))
}

const withNames = (value: unknown): unknown => JSON.parse(named(JSON.stringify(value ?? null)))

/** The parts of the answer by their paths. */
function parts(called: Outcome | undefined, paths: readonly string[]): Record<string, unknown> {
  const answer = firstValue(called)
  return Object.fromEntries(paths.map(path => [path, at(answer, path.split(/\.|(?=\[)/).filter(Boolean))]))
}

function at(value: unknown, [key, ...rest]: string[]): unknown {
  if (key === undefined) return value
  if (key === '[*]') return Array.isArray(value) ? value.map(item => at(item, rest)) : null
  const index = /^\[(\d+)\]$/.exec(key)?.[1]
  if (index !== undefined) return at(Array.isArray(value) ? value[Number(index)] : null, rest)
  if (key === '#') return Array.isArray(value) ? value.length : null
  return at(
    typeof value === 'object' && value !== null ? ((value as Record<string, unknown>)[key] ?? null) : null,
    rest,
  )
}
