import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compare, type Goal, percentile } from './report.ts'

it('gives the nearest-rank percentile', () => {
  const samples = Array.from({ length: 100 }, (_, i) => 100 - i)
  expect([0.5, 0.95, 0.99, 1].map(share => percentile(samples, share))).toEqual([50, 95, 99, 100])
  expect(percentile([7], 0.01)).toBe(7)
  expect(() => percentile([], 0.5)).toThrow('No sample')
})

it('never answers a value that was not measured, nor one below a smaller percentile', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), samples => {
      const [p50, p95, p99] = [0.5, 0.95, 0.99].map(share => percentile(samples, share))
      expect(samples).toContain(p50)
      expect(p95).toBeGreaterThanOrEqual(p50 ?? Number.NaN)
      expect(p99).toBeGreaterThanOrEqual(p95 ?? Number.NaN)
    }),
  )
})

it('says that a goal was missed when the ratio or the value passes it', () => {
  const verdict = (ours: number, goal: Goal) => compare('x', 'ms', [ours], [2], goal).map(figure => figure.ok)
  expect(verdict(3, { ratio: 2 })).toEqual([true, true, true])
  expect(verdict(5, { ratio: 2 })).toEqual([false, false, false])
  expect(verdict(5, { atMost: 5 })).toEqual([true, true, true])
  expect(verdict(6, { atMost: 5 })).toEqual([false, false, false])
  expect(verdict(1000, null)).toEqual([true, true, true])
})

it('says that a multiple to be reached was missed when the ratio stays below it', () => {
  const verdict = (ours: number, baseline: number) =>
    compare('x', '1/s', [ours], [baseline], { ratioAtLeast: 0.7 }, [0.5]).map(figure => figure.ok)
  expect(verdict(7, 10)).toEqual([true])
  expect(verdict(6, 10)).toEqual([false])
})

it('gives no ratio to a baseline of nothing, and judges what may be judged without', () => {
  const [none] = compare('x', 'messages', [0], [0], { atMost: 0 }, [1])
  expect(none).toMatchObject({ ratio: null, ok: true })
  const [some] = compare('x', 'messages', [1], [0], { atMost: 0 }, [1])
  expect(some).toMatchObject({ ratio: null, ok: false })
  const [never] = compare('x', 'ms', [1], [0], { ratio: 2 }, [1])
  expect(never).toMatchObject({ ratio: null, ok: false })
})
