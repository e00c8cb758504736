import { expect, it } from 'vitest'
import { createLedger } from './ledger.ts'

it('counts what was lost, doubled and told out of order, each for itself', () => {
  const ledger = createLedger()
  for (const id of ['a', 'b', 'c', 'd']) ledger.acknowledged(id)
  ledger.delivered('ada', 'a', 1)
  ledger.delivered('ada', 'c', 3)
  ledger.delivered('ada', 'b', 2)
  ledger.delivered('ada', 'b', 2)
  ledger.delivered('ben', 'x', 1)
  expect(ledger).toMatchObject({ count: 4, missing: 1, doubled: 1, outOfOrder: 2 })
})
