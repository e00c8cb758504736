import { expect, test } from 'vitest'
import { judgeSlot, type SlotState } from './slot-watch.ts'

const slot = (state: Partial<SlotState>): SlotState => ({
  isActive: true,
  confirmed: '0/1',
  keptBytes: 0,
  maxKeptBytes: 100,
  ...state,
})

test.each([
  ['well', 'little is kept', slot({ keptBytes: 49 }), slot({ keptBytes: 49 })],
  ['well', 'there is no bound', slot({}), slot({ keptBytes: 1e12, maxKeptBytes: null })],
  [
    'behind',
    'half of it is kept, and it moves',
    slot({ keptBytes: 50 }),
    slot({ keptBytes: 50, confirmed: '0/2' }),
  ],
  ['behind', 'half of it is kept, and it is looked at for the first time', null, slot({ keptBytes: 50 })],
  ['stuck', 'half of it is kept, and it does not move', slot({ keptBytes: 40 }), slot({ keptBytes: 50 })],
  ['abandoned', 'nobody streams from it', slot({}), slot({ isActive: false })],
  ['abandoned', 'it is gone', slot({}), null],
] as const)('R164: 4.3 a slot is %s when %s', (verdict, _, before, now) => {
  expect(judgeSlot(before, now)).toBe(verdict)
})
