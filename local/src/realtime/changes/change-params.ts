/** One entry of a join's `postgres_changes`: what rows it wants, and which columns of them. Pure. */

import { type ChangeFilter, parseFilters } from './filter.ts'
import { CHANGE_TYPES } from './table-change.ts'

export interface ChangeParams {
  /** A type, or `*`. */
  readonly event: string
  /** `*` for any, like `table`. */
  readonly schema: string
  readonly table: string
  readonly filters: readonly ChangeFilter[]
  /** Columns wanted beside the key; null for all. */
  readonly select: readonly string[] | null
}

const EVENTS: ReadonlySet<unknown> = new Set(['*', ...CHANGE_TYPES])

/** `null` for an entry that asks for nothing that there is. */
export function parseChangeParams(entry: Readonly<Record<string, unknown>>): ChangeParams | null {
  const { event = '*', schema = 'public', table = '*', filter, select } = entry
  if (typeof event !== 'string' || !EVENTS.has(event)) return null
  if (!isName(schema) || !isName(table)) return null

  const isWild = schema === '*' || table === '*'
  const filters = readFilters(filter)
  const columns = readColumns(select)
  if (!filters || columns === undefined) return null
  // Which columns there are differs from table to table.
  if (isWild && (filters.length > 0 || columns !== null)) return null
  return { event, schema, table, filters, select: columns }
}

/** What the client is told of an entry that cannot be subscribed to. */
export function refusalMessage(entry: Readonly<Record<string, unknown>>): string {
  const { event = '*', schema = 'public', table = '*', filter, select } = entry
  const parameters = [
    `event: ${plain(event)}`,
    `schema: ${plain(schema)}`,
    `table: ${plain(table)}`,
    `filters: ${describeFilters(filter)}`,
    `select: ${select == null ? 'nil' : listOf(Array.isArray(select) ? select.map(quoted) : [quoted(select)])}`,
  ]
  return (
    'Unable to subscribe to changes with given parameters. ' +
    `Please check Realtime is enabled for the given connect parameters: ${listOf(parameters)}`
  )
}

/** Neither is a name of PostgreSQL's ever empty, nor does it hold a zero byte. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !value.includes('\0')
}

function readFilters(filter: unknown): ChangeFilter[] | null {
  if (filter === undefined || filter === null || filter === '') return []
  return typeof filter === 'string' && !filter.includes('\0') ? parseFilters(filter) : null
}

function readColumns(select: unknown): string[] | null | undefined {
  if (select === undefined || select === null) return null
  return Array.isArray(select) && select.length > 0 && select.every(isName) ? [...select] : undefined
}

function describeFilters(filter: unknown): string {
  const filters = readFilters(filter)
  if (!filters) return quoted(filter)
  return listOf(
    filters.map(({ column, operator, isNegated, values }) => {
      const name = isNegated ? `not.${operator}` : operator
      return `{${[column, name, values.map(value => value ?? 'null').join(',')].map(quoted).join(', ')}}`
    }),
  )
}

function listOf(parts: readonly string[]): string {
  return `[${parts.join(', ')}]`
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : quoted(value)
}

function quoted(value: unknown): string {
  return JSON.stringify(value) ?? 'nil'
}
