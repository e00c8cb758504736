/** Tables: who sees which rows, who may write, who holds which privilege on which column, which policies there are. */
import type { Catalog, CatalogTable } from '../catalog.ts'
import { PEOPLE_AND_CLINIC, type TableExpectation } from '../expectations/tables.ts'
import { PRIVATE_TABLES, ROOMS } from '../expectations/tables-of-rooms.ts'
import { type Persona, SQL_PERSONAS } from '../personas.ts'
import { inWords, isRefused, type Outcome, type Step } from '../session.ts'
import { named } from '../world/ids.ts'
import { type Cell, inOrder } from './cell.ts'

export const TABLES = { ...PEOPLE_AND_CLINIC, ...ROOMS }
const DENIED = '42501'
/** Storage and Realtime have lines of their own. */
const ELSEWHERE = ['storage.objects', 'storage.buckets', 'realtime.messages']

export function tableCells(catalog: Catalog): Cell[] {
  return catalog.tables
    .filter(table => !ELSEWHERE.includes(table.name))
    .flatMap(table => {
      const open = TABLES[table.name]
      const closed = PRIVATE_TABLES[table.name]
      if (open) return [...seen(table, open), ...written(table, open)]
      return closed ? [...seen(table, null), ...written(table, { ...closed, service: null })] : []
    })
}

/** What is in the catalog and not among the expectations, and the other way round: each a line that says what to do. */
export function undeclaredTables(catalog: Catalog): string[] {
  const known = new Set([...Object.keys(TABLES), ...Object.keys(PRIVATE_TABLES), ...ELSEWHERE])
  const there = new Set(catalog.tables.map(table => table.name))
  return [
    ...[...there]
      .filter(name => !known.has(name))
      .map(
        name =>
          `Table ${name}: declare in expectations/tables*.ts who sees which of its rows, and add rows of both cases to world/.`,
      ),
    ...[...known].filter(name => !there.has(name)).map(name => `Table ${name} is declared and not there.`),
    ...catalog.tables.flatMap(table => {
      const declared = TABLES[table.name]
      if (!declared) return []
      const columns = new Set(columnsOf(declared))
      return [
        ...table.columns
          .filter(name => !columns.has(name))
          .map(name => `Column ${table.name}.${name}: declare it under columns (read, change or hidden).`),
        ...[...columns]
          .filter(name => !table.columns.includes(name))
          .map(name => `Column ${table.name}.${name} is declared and not there.`),
      ]
    }),
  ]
}

const words = (text = '') => text.split(/\s+/).filter(Boolean)
export const columnsOf = ({ columns }: TableExpectation): string[] => [
  ...words(columns.read),
  ...words(columns.change),
  ...words(columns.hidden),
]

const keyOf = (table: CatalogTable) => `concat_ws('/', ${table.key.join(', ')})`

function keysSeen([outcome]: readonly Outcome[]): string {
  if (!outcome) return 'nothing'
  if (isRefused(outcome)) return inWords(outcome.refusal)
  return inOrder(outcome.rows.map(row => named(String(row.key))).join(' '))
}

/** An error of integrity or of a reference comes after the checks of access: it is no refusal. */
function isLetThrough([outcome]: readonly Outcome[]): string {
  if (!outcome) return 'nothing'
  if (!isRefused(outcome)) return 'ok'
  const { code } = outcome.refusal
  return /^23|^0A000$/.test(code) ? 'ok' : inWords(outcome.refusal)
}

function seen(table: CatalogTable, expectation: TableExpectation | null): Cell[] {
  const sql = `select ${keyOf(table)} as key from ${table.name}`
  const line = `${table.name} select`
  const about = `table ${table.name}`
  const everything = expectation ? inOrder(Object.values(expectation.sees).join(' ')) : ''
  const expected = (persona: Persona) => {
    if (!expectation || persona === 'anon') return DENIED
    return persona === 'service' ? 'all' : inOrder(expectation.sees[persona] ?? '')
  }
  const control: Cell = {
    ...{ about, line, column: 'owner', expected: 'all', steps: [{ as: 'owner', sql }] },
    // The rows that somebody is expected to see are all there; so who sees none of them is refused them.
    judge: outcomes => {
      const keys = keysSeen(outcomes).split(' ')
      return keys[0] && words(everything).every(key => keys.includes(key)) ? 'all' : keys.join(' ')
    },
  }
  const cells = SQL_PERSONAS.map(
    (persona): Cell => ({
      ...{ about, line, column: persona, expected: expected(persona) },
      steps: [{ as: persona, sql }, ...(persona === 'service' ? [{ as: 'owner', sql } as const] : [])],
      judge: outcomes =>
        persona === 'service' && expectation
          ? keysSeen(outcomes) === keysSeen(outcomes.slice(1))
            ? 'all'
            : keysSeen(outcomes)
          : keysSeen(outcomes),
    }),
  )
  return [control, ...cells]
}

type Writing = Pick<TableExpectation, 'insert' | 'set' | 'changes'> & {
  service: TableExpectation['service'] | null
}

function written(table: CatalogTable, writing: Writing): Cell[] {
  const statements = {
    insert: `insert into ${table.name} ${writing.insert}`,
    update: `update ${table.name} set ${writing.set}`,
    delete: `delete from ${table.name}`,
    truncate: `truncate ${table.name}`,
  }
  return Object.entries(statements).flatMap(([verb, sql]) => {
    const line = `${table.name} ${verb}`
    const about = `table ${table.name}`
    // Past triggers and references: what is proven is that the statement is right and has rows to work on.
    const control: Cell = {
      ...{ about, line, column: 'owner', expected: 'ok' },
      steps: [
        { as: 'superuser', sql: "set local session_replication_role = 'replica'" },
        { as: 'superuser', sql },
      ],
      judge: ([, outcome]) => {
        if (!outcome || isRefused(outcome)) return isLetThrough(outcome ? [outcome] : [])
        return outcome.count > 0 || verb === 'truncate' || sql.includes('do nothing') ? 'ok' : 'no row'
      },
    }
    const cells = SQL_PERSONAS.map((persona): Cell => {
      const rows = verb === 'update' ? writing.changes?.[persona] : undefined
      const canChange = verb === 'update' && writing.changes !== undefined && persona !== 'anon'
      const step: Step = {
        as: persona,
        sql: canChange && persona !== 'service' ? `${sql} returning ${keyOf(table)} as key` : sql,
      }
      if (canChange && persona !== 'service') {
        return { about, line, column: persona, expected: inOrder(rows ?? ''), steps: [step], judge: keysSeen }
      }
      const expected = persona === 'service' && writing.service === 'writes' ? 'ok' : DENIED
      return { about, line, column: persona, expected, steps: [step], judge: isLetThrough }
    })
    return [control, ...cells]
  })
}
