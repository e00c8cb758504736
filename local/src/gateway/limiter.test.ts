import { expect, it } from 'vitest'
import { createLimiter } from './limiter.ts'

it('GA7 so many within a while, each key for itself, and then again', () => {
  let at = 0
  const { take, has } = createLimiter({ max: 2, perMs: 1_000, now: () => at })
  expect([take('a'), take('a'), take('a'), take('b')]).toEqual([0, 0, 1_000, 0])
  expect([has('a'), has('c')]).toEqual([true, false])
  at = 400
  expect([take('a'), take('b'), take('b')]).toEqual([600, 0, 600])
  at = 1_000
  expect(has('a')).toBe(false)
  expect([take('a'), take('a'), take('a')]).toEqual([0, 0, 1_000])
})
