/** The database linter's rules, each with the proof that it finds what it looks for. */
import { testDatabase } from '@bedside/local/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LINT_RULES } from './lint-rules.ts'
import { report } from './results.ts'

const database = await testDatabase()
const client = new pg.Client(database.superuserUrl)
const lint: { rule: string; found: string[] }[] = []

beforeAll(() => client.connect())
afterAll(async () => {
  report('lint', { lint })
  await client.end()
})

const findings = async (query: string) =>
  (await client.query<string[]>({ text: query, rowMode: 'array' })).rows.map(([found]) => String(found))

describe("A14 the database linter's rules have no finding", () => {
  it.each(LINT_RULES)('A14 $name', async ({ name, query, breakIt }) => {
    const found = await findings(query)
    lint.push({ rule: name, found })
    expect(found).toEqual([])
    await client.query('begin')
    await client.query(breakIt)
    expect(await findings(query)).not.toEqual([])
    await client.query('rollback')
  })
})
