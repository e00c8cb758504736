import { expect, test } from 'vitest'
import { RollingRate } from './rolling-rate.ts'

test('R105: 1.7 the rate is the mean over at most twelve buckets of five seconds', () => {
  let now = 1_000_000
  const rate = new RollingRate(() => now)
  expect(rate.perSecond).toBe(0)
  rate.add(30)
  rate.add(20)
  expect(rate.perSecond).toBe(10)
  now += 5_000
  expect(rate.perSecond).toBe(5)
  now += 50_000
  expect(rate.perSecond).toBeCloseTo(50 / 60)
  rate.add(70)
  expect(rate.perSecond).toBe(2)
  now += 5_000
  expect(rate.perSecond).toBeCloseTo(70 / 60)
  now += 10 ** 9
  expect(rate.perSecond).toBe(0)
  now -= 10 ** 6
  rate.add(60)
  expect(rate.perSecond).toBe(1)
})
