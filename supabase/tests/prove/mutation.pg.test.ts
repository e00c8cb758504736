/**
 * Everything that decides access, broken one at a time: a cell of the matrix goes red each time. `npm test` breaks a sample,
 * another one in each run; `npm run prove -- --mutate` breaks everything.
 */
import { testDatabase } from '@bedside/local/testing'
import { afterAll, expect, it } from 'vitest'
import { isRight, tryCells } from './cells/cell.ts'
import { matrix } from './matrix.ts'
import { EQUIVALENTS } from './mutation/equivalents.ts'
import type { Mutant } from './mutation/mutant.ts'
import { allMutants } from './mutation/mutants.ts'
import { type Trial, tryMutants } from './mutation/run.ts'
import { type FoundMutant, report } from './results.ts'
import { buildWorld } from './world/build.ts'

const isWhole = process.env.BEDSIDE_PROVE === 'mutate'
const SAMPLE = 20
const offset = Number(process.env.BEDSIDE_PROVE_OFFSET ?? Math.floor(Math.random() * SAMPLE))

const databases = [await testDatabase(), ...(isWhole ? [await testDatabase()] : [])]
const worlds = await Promise.all(databases.map(database => buildWorld(database.superuserUrl)))
const sessions = worlds.map(world => world.session)
afterAll(() => Promise.all(sessions.map(session => session.close())))

const [first] = worlds
if (!first) throw new Error('There is no world.')
const cells = matrix(first.catalog).flatMap(section => section.cells)
const all = await allMutants(first.session, first.catalog)
const chosen = isWhole ? all : all.filter((_, place) => place % SAMPLE === offset)

const reasonOf = (mutant: Mutant) => EQUIVALENTS[mutant.id] ?? null
const found = ({ mutant, verdict }: Trial): FoundMutant => ({
  id: mutant.id,
  operator: mutant.operator,
  verdict: verdict.kind,
  by: verdict.kind === 'killed' ? verdict.by : verdict.kind === 'invalid' ? verdict.why : '',
  reason: reasonOf(mutant),
})

it('A13 every equivalent is still one of the mutants', () => {
  const ids = new Set(all.map(mutant => mutant.id))
  expect(Object.keys(EQUIVALENTS).filter(id => !ids.has(id))).toEqual([])
})

it(`A13 nothing can be broken without a cell going red (${isWhole ? 'all' : `every ${SAMPLE}th, from ${offset}`})`, {
  timeout: 1_800_000,
}, async () => {
  // Where a cell is red before anything is broken, nothing is proven.
  for (const session of sessions) {
    await session.begin()
    const red = (await tryCells(session, cells)).filter(result => !isRight(result))
    await session.rollback()
    expect(red.map(({ cell, actual }) => `${cell.line} [${cell.column}]: ${actual}`)).toEqual([])
  }
  const mutants = (await tryMutants(sessions, cells, chosen, mutant => reasonOf(mutant) !== null)).map(found)
  report('mutation', {
    mutants,
    notes: [isWhole ? 'Everything was broken.' : `Every ${SAMPLE}th was broken, from ${offset}.`],
  })
  const wrong = mutants.filter(({ verdict, reason }) =>
    verdict === 'killed' ? reason !== null : verdict === 'invalid' || reason === null,
  )
  expect(wrong.map(({ id, verdict, by }) => `${verdict}: ${id} ${by}`)).toEqual([])
})
