import { expect, test } from 'vitest'
import { Turns } from './turns.ts'

const turn = () => new Promise(resolve => setImmediate(resolve))

test('R165 what comes all at once is done a few a turn, in order, and nothing waits once it is over', async () => {
  const turns = new Turns(3)
  const done: number[] = []
  for (let n = 0; n < 7; n++) turns.run(() => void done.push(n))
  expect(done).toEqual([0, 1, 2])
  await turn()
  expect(done).toEqual([0, 1, 2, 3, 4, 5])
  turns.run(() => void done.push(7))
  expect(done).toHaveLength(6)
  await turn()
  expect(done).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  await turn()
  turns.run(() => void done.push(8))
  expect(done.at(-1)).toBe(8)
})

test('R165 a task that brings another one does not go round in one turn', async () => {
  const turns = new Turns(2)
  let count = 0
  const again = () => {
    count++
    if (count < 10) turns.run(again)
  }
  turns.run(again)
  expect(count).toBe(2)
  for (let i = 0; i < 4; i++) await turn()
  expect(count).toBe(10)
})
