import { expect, test } from 'vitest'
import { CallWindow, RateLimit } from './rate-limits.ts'

test('R147: 1.7 a limit is reached at its mean and no longer once the mean has sunk', () => {
  let now = 1_000_000
  const limit = new RateLimit(2, () => now)
  for (let call = 1; call <= 10; call++) expect(limit.take()).toBe(true)
  expect([limit.isReached, limit.take()]).toEqual([true, false])
  now += 5_000
  expect([limit.isReached, limit.take()]).toEqual([false, true])
  limit.add(100)
  expect(limit.isReached).toBe(true)
  now += 60_000
  expect(limit.isReached).toBe(false)
})

test('R149: 1.5 a window holds so many calls, whenever it began', () => {
  const window = new CallWindow(2, 30_000)
  const taken = [0, 29_999, 29_999, 30_000, 30_001, 59_998, 59_999, 60_000].map(now => window.take(now))
  expect(taken).toEqual([true, true, false, true, false, false, true, true])
})
