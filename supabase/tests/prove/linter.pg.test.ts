/** The database linter's rules: nothing found, and each finds what it is there to find. */
import { testDatabase } from '@bedside/local/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { perRowCalls } from './linter/per-row-calls.ts'
import { RULES } from './linter/rules.ts'
import { report } from './results.ts'
import { Session } from './session.ts'

const database = await testDatabase()
const session = await Session.open(database.superuserUrl)
const found: { rule: string; found: string[] }[] = []

afterAll(async () => {
  report('linter', { lint: found })
  await session.close()
})

describe('A14 the linter’s rules', () => {
  it.each([
    ['(user_id = auth.uid())', ['auth.uid']],
    ['(user_id = ( SELECT auth.uid() AS uid))', []],
    ['private.has_grant(room_id, ( SELECT private.active_uid() AS id))', ['private.has_grant']],
    ['( SELECT private.has_grant(messages.room_id) AS ok)', ['private.has_grant']],
    ['( SELECT private.has_grant(room_id) AS ok)', ['private.has_grant']],
    ['( SELECT private.may_join(realtime.topic()) AS ok)', []],
    ["( SELECT private.has_role('doctor'::text) AS ok)", []],
    ['(EXISTS ( SELECT 1 FROM t WHERE (t.a = private.active_uid())))', ['private.active_uid']],
  ])('A14 what is called for each row: %s', (expression, expected) => {
    expect(perRowCalls(expression)).toEqual(expected)
  })

  it.each(RULES.map(({ rule, find }) => [rule, find] as const))('A14 %s', async (rule, find) => {
    const findings = await find(session)
    found.push({ rule, found: findings })
    expect(findings).toEqual([])
  })

  it.each(RULES.map(({ rule, find, broken }) => [rule, find, broken] as const))(
    'A14 is noticed when it is not so: %s',
    async (_rule, find, broken) => {
      await session.begin()
      await session.query(broken)
      const findings = await find(session)
      await session.rollback()
      expect(findings).not.toEqual([])
    },
  )
})
