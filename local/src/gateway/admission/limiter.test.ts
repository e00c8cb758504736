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

it('GC1 what is given back may be taken again, and no more than that', () => {
  const { take, giveBack } = createLimiter({ max: 1, perMs: 1_000, now: () => 0 })
  giveBack('a')
  expect([take('a'), take('a')]).toEqual([0, 1_000])
  giveBack('a')
  giveBack('a')
  expect([take('a'), take('a')]).toEqual([0, 1_000])
})

it('GC1 of more keys than it may hold the oldest are forgotten, never the one that asks', () => {
  const { take, has } = createLimiter({ max: 1, perMs: 1_000, maxKeys: 2, now: () => 0 })
  expect([take('a'), take('b'), take('a'), take('c')]).toEqual([0, 0, 1_000, 0])
  expect(['a', 'b', 'c'].map(has)).toEqual([false, true, true])
})
