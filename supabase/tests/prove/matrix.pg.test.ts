/** The matrix, asked by SQL. */
import { testDatabase } from '@bedside/local/testing'
import { afterAll, expect, it } from 'vitest'
import { tryCells } from './cells/cell.ts'
import { matrix, undeclared } from './matrix.ts'
import { type FoundCell, foundCell, report, wrongOf } from './results.ts'
import { buildWorld } from './world/build.ts'

const database = await testDatabase()
const { session, catalog } = await buildWorld(database.superuserUrl)
const missing = undeclared(catalog)
const found: FoundCell[] = []

afterAll(async () => {
  report('matrix', { cells: found, undeclared: missing })
  await session.close()
})

it('A12 the catalog has nothing that the matrix does not speak of', () => {
  expect(missing).toEqual([])
})

const sections = matrix(catalog).map(({ title, cells }) => [title, cells] as const)

it.each(sections)('A12 %s: every cell is as declared', { timeout: 120_000 }, async (title, cells) => {
  await session.begin()
  const results = (await tryCells(session, cells)).map(result => foundCell(title, result))
  await session.rollback()
  found.push(...results)
  expect(wrongOf(results)).toEqual([])
  expect(results.length).toBeGreaterThan(50)
})

it('A12 every line on which something is refused has somebody to whom the same is given', () => {
  const lines = new Map<string, FoundCell[]>()
  for (const cell of found) {
    // Of a function's refusals the control is its usual call; the catalog's own lines refuse nobody.
    if (!['Tables', 'Storage', 'Topics'].includes(cell.section) || /^(topic|upload): /.test(cell.line))
      continue
    lines.set(cell.line, [...(lines.get(cell.line) ?? []), cell])
  }
  const isGiven = (cell: FoundCell) => cell.isRight && !['42501', 'may not', ''].includes(cell.expected)
  const without = [...lines].filter(([, cells]) => !cells.some(isGiven)).map(([line]) => line)
  expect(without).toEqual([])
})
