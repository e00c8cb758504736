/** The findings as text: the matrix with a column for each persona, and lists of what does not fit into it. */
import { COLUMN, PERSONAS } from './personas.ts'
import type { Findings, FoundCell, FoundMutant } from './results.ts'

export interface Printed {
  /** Compact. */
  readonly lines: readonly string[]
  /** Every single cell that is no column of the matrix. */
  readonly details: readonly string[]
  readonly passed: number
  readonly failed: number
}

const NAME_WIDTH = 46
const LEGEND = [
  'pat patient   pat2 another patient   doc doctor   doc2 another doctor   adm administrator   adm+ with a grant',
  'form former participant   susp suspended   expd expired token   prox proxy   care care team',
  'none an account without a profile   svc the secret key   ctl the same statement by its owner: the control',
  '·  refused, or nothing to be seen   ✓ allowed   all, 3: so many rows seen   401, 403, 404: refused with it   ✗ not as declared',
  '+12: so many further cases of the function, each as declared',
]

export function printMatrix(findings: readonly Findings[]): Printed {
  const cells = findings.flatMap(each => each.cells ?? [])
  const undeclared = findings.flatMap(each => each.undeclared ?? [])
  const lint = findings.flatMap(each => each.lint ?? [])
  const wrong = cells.filter(cell => !cell.isRight)
  const broken = lint.filter(each => each.found.length > 0)
  const lines = [
    ...LEGEND,
    ...['Tables', 'Storage', 'Topics', 'Functions'].flatMap(section => [
      '',
      header(section),
      ...grid(cells.filter(cell => cell.section === section)),
    ]),
    ...['Helpers, triggers and jobs', 'Privileges', 'Schema'].flatMap(section => summary(section, cells)),
    '',
    `Linter: ${lint.length - broken.length} of ${lint.length} rules without a finding`,
    ...broken.map(each => `  ✗ ${each.rule}: ${each.found.join('; ')}`),
    ...undeclared.map(each => `✗ ${each}`),
    ...wrong.flatMap(cell => [
      `✗ ${cell.line} [${cell.column}]`,
      `    expected ${cell.expected}`,
      `    actual   ${cell.actual}`,
    ]),
  ]
  const failed = wrong.length + undeclared.length + broken.length
  return {
    lines,
    details: cells.filter(cell => !isInGrid(cell)).map(detail),
    passed: cells.length + lint.length - wrong.length - broken.length,
    failed,
  }
}

const COLUMNS = ['owner', ...PERSONAS] as const
const titleOf = (column: (typeof COLUMNS)[number]) => (column === 'owner' ? 'ctl' : COLUMN[column])

const header = (section: string) =>
  section.padEnd(NAME_WIDTH) + COLUMNS.map(column => titleOf(column).padStart(5)).join('')

const isPersona = (column: string) => (COLUMNS as readonly string[]).includes(column)
/** Usual calls and statements; cases have lines of their own. */
const isInGrid = (cell: FoundCell) =>
  ['Tables', 'Storage', 'Topics', 'Functions'].includes(cell.section) &&
  isPersona(cell.column) &&
  !/^(topic|upload): |\): /.test(cell.line)

const detail = (cell: FoundCell) =>
  `${cell.isRight ? '✓' : '✗'} ${cell.line} [${cell.column}] ${cell.expected}`.trimEnd()

function grid(cells: readonly FoundCell[]): string[] {
  const lines = groupBy(cells.filter(isInGrid), cell => cell.line)
  const cases = groupBy(
    cells.filter(cell => !isInGrid(cell)),
    cell => (/^(topic|upload): /.test(cell.line) ? '' : cell.line.slice(0, cell.line.indexOf('): ') + 1)),
  )
  const printed = [...lines].map(([line, own]) => {
    const more = cases.get(line)
    return { name: shortName(line), marks: marksOf(own), more: more ? ` +${more.length}` : '' }
  })
  const others = cases.get('')
  return [
    ...merged(printed).map(({ name, marks, more }) => `${cut(name + more)}${marks}`.trimEnd()),
    ...(others ? [`further cases +${others.length}`] : []),
  ]
}

/** Verbs of one table or object that come to the same are one line. */
function merged(lines: readonly { name: string; marks: string; more: string }[]) {
  const result: { name: string; marks: string; more: string }[] = []
  for (const line of lines) {
    const last = result.at(-1)
    const [object, verb] = split(line.name)
    const both =
      last && split(last.name)[0] === object && object !== '' ? overlaid(last.marks, line.marks) : null
    if (last && both !== null) {
      last.name = `${last.name}/${verb}`
      last.marks = both
    } else result.push({ ...line })
  }
  return result
}

/** One for both, where one is blank or both are equal; null: they are not. */
function overlaid(left: string, right: string): string | null {
  const marks = left.match(/.{5}/gu)?.map((mark, place) => {
    const other = right.slice(5 * place, 5 * place + 5)
    return mark.trim() === '' || mark === other ? other : other.trim() === '' ? mark : null
  })
  return marks && !marks.includes(null) ? marks.join('') : null
}

function split(name: string): [object: string, verb: string] {
  const place = name.lastIndexOf(' ')
  return place < 0 ? ['', name] : [name.slice(0, place), name.slice(place + 1)]
}

const shortName = (line: string) => line.replace(/^public\./, '').replace(/\(.*\)$/, '')
const cut = (name: string) =>
  name.length < NAME_WIDTH ? name.padEnd(NAME_WIDTH) : `${name.slice(0, NAME_WIDTH - 2)}… `

function marksOf(cells: readonly FoundCell[]): string {
  const all = cells.find(cell => cell.column === 'owner')?.expected
  const sizes = cells.map(cell => (cell.expected.includes('/') || all === 'all' ? rows(cell) : 0))
  const most = Math.max(0, ...sizes)
  return COLUMNS.map(column => {
    const own = cells.filter(cell => cell.column === column)
    return (
      own.length === 0 ? '' : own.every(cell => cell.isRight) ? mark(own[0]?.expected ?? '', most) : '✗'
    ).padStart(5)
  }).join('')
}

const rows = (cell: FoundCell) =>
  /^(42501|all|token refused)?$/.test(cell.expected) ? 0 : cell.expected.split(' ').length

function mark(expected: string, most: number): string {
  if (expected === '' || expected === '42501' || expected === 'may not') return '·'
  if (expected === 'token refused') return '401'
  if (expected === 'all') return 'all'
  if (/^ok\b|^(may|joins|sends)$/.test(expected)) return '✓'
  const status = /^(\d{3}) /.exec(expected)?.[1]
  if (status) return status
  const count = expected.split(' ').length
  return count === most ? 'all' : String(count)
}

function summary(section: string, cells: readonly FoundCell[]): string[] {
  const own = cells.filter(cell => cell.section === section)
  const right = own.filter(cell => cell.isRight).length
  return ['', `${section}: ${right} of ${own.length} as declared`]
}

export function printMutation(findings: readonly Findings[]): Printed {
  const mutants = findings.flatMap(each => each.mutants ?? [])
  const equivalents = mutants.filter(isEquivalent)
  const wrong = mutants.filter(
    each => !isEquivalent(each) && (each.verdict !== 'killed' || each.reason !== null),
  )
  const killed = mutants.filter(each => each.verdict === 'killed' && each.reason === null)
  const byOperator = groupBy(mutants, each => each.operator)
  return {
    lines: [
      ...findings.flatMap(each => each.notes ?? []),
      '',
      `${'broken'.padEnd(NAME_WIDTH)}${'all'.padStart(6)}${'noticed'.padStart(9)}`,
      ...[...byOperator].map(([operator, own]) => {
        const noticed = own.filter(each => each.verdict === 'killed').length
        return `${operator.padEnd(NAME_WIDTH)}${String(own.length).padStart(6)}${String(noticed).padStart(9)}`
      }),
      '',
      `Not to be noticed by anybody, for a reason: ${equivalents.length}`,
      ...equivalents.map(each => `  ${each.id}\n      ${each.reason}`),
      ...(wrong.length > 0 ? ['', 'Not noticed:'] : []),
      ...wrong.map(each => `  ✗ ${each.verdict}: ${each.id}${each.by ? `\n      ${each.by}` : ''}`),
    ],
    details: mutants.map(each => `${each.verdict.padEnd(9)}${each.operator} | ${each.id} | ${each.by}`),
    passed: killed.length,
    failed: wrong.length,
  }
}

const isEquivalent = (mutant: FoundMutant) => mutant.verdict === 'survived' && mutant.reason !== null

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const known = groups.get(key)
    if (known) known.push(item)
    else groups.set(key, [item])
  }
  return groups
}
