import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { fuzz } from './fuzz.ts'

test('RB16 any frames and any requests: the stack stands, answers each in words, and says of nothing that it failed', async () => {
  const seed = randomInt(1, 2 ** 30)
  console.log(`seed ${seed}`)
  const { findings } = await fuzz({ frames: 2_000, requests: 2_000, seed })
  expect(findings.lines()).toEqual([])
}, 120_000)
