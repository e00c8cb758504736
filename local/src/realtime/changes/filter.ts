/**
 * The filters of a subscription to table changes: `column=[not.]operator.value`, several joined by commas, all of which
 * must hold. A value may be quoted: `"a, \"b\""`. Pure: the text becomes data here and SQL in the database.
 */

const OPERATORS = [
  ...['eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'in', 'like', 'ilike', 'is', 'match', 'imatch'],
  'isdistinct',
] as const

const IN_VALUES_MAX = 100
const IS_VALUES: ReadonlySet<string> = new Set(['null', 'true', 'false', 'unknown'])
const START = new RegExp(`^([^=,]+)=(not\\.)?(${OPERATORS.join('|')})\\.`)

export interface ChangeFilter {
  readonly column: string
  readonly operator: string
  readonly isNegated: boolean
  /** One, but for `in`. Null is SQL's. */
  readonly values: readonly (string | null)[]
}

const PATTERN_OPERATORS: ReadonlySet<string> = new Set(['like', 'ilike', 'match', 'imatch'])

/** Whether its value says how long the comparison may take. */
export function usesPattern({ operator }: ChangeFilter): boolean {
  return PATTERN_OPERATORS.has(operator)
}

/** `null` for what is no filter. */
export function parseFilters(text: string): ChangeFilter[] | null {
  const filters: ChangeFilter[] = []
  let rest = text
  for (;;) {
    const start = START.exec(rest)
    if (!start) return null
    const [whole, column = '', not, operator = ''] = start
    const found = readOperand(operator, rest.slice(whole.length))
    if (!found) return null
    filters.push({ column: column.trim(), operator, isNegated: not !== undefined, values: found.values })
    if (found.rest === '') return filters
    if (!found.rest.startsWith(',')) return null
    rest = found.rest.slice(1)
  }
}

interface Operand {
  readonly values: (string | null)[]
  readonly rest: string
}

function readOperand(operator: string, text: string): Operand | null {
  if (operator === 'in') return readList(text)
  const found = readValue(text, /^[^,]*/)
  if (!found) return null
  const isBare = !text.startsWith('"')
  if (operator === 'is') {
    const word = found.value.toLowerCase()
    return IS_VALUES.has(word) ? { values: [word], rest: found.rest } : null
  }
  const isNull = operator === 'isdistinct' && isBare && found.value === 'null'
  return { values: [isNull ? null : found.value], rest: found.rest }
}

function readList(text: string): Operand | null {
  if (!text.startsWith('(')) return null
  const values: string[] = []
  let rest = text.slice(1)
  for (;;) {
    const found = readValue(rest.trimStart(), /^[^,)]*/)
    if (!found) return null
    const isQuoted = rest.trimStart().startsWith('"')
    const value = isQuoted ? found.value : found.value.trimEnd()
    if (value === '' && !isQuoted) return null
    values.push(value)
    if (values.length > IN_VALUES_MAX) return null
    const after = found.rest.trimStart()
    if (after.startsWith(')')) return { values, rest: after.slice(1) }
    if (!after.startsWith(',')) return null
    rest = after.slice(1)
  }
}

function readValue(text: string, bare: RegExp): { value: string; rest: string } | null {
  if (!text.startsWith('"')) {
    const value = bare.exec(text)?.[0] ?? ''
    return { value, rest: text.slice(value.length) }
  }
  const quoted = /^"((?:[^"\\]|\\[\s\S])*)"/.exec(text)
  if (!quoted) return null
  const [whole, inner = ''] = quoted
  return { value: inner.replace(/\\([\s\S])/g, '$1'), rest: text.slice(whole.length) }
}
