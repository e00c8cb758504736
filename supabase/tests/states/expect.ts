import { expect } from 'vitest'
import type { Attempt } from '../empty-clinic.ts'
import type { Done, Refused } from './model.ts'
import type { Seen } from './visit.ts'

export const sorted = (words: readonly string[]) => [...words].sort()

/** What was said to the step is what the model says to it: done, or refused with a code, a reason and a way out. */
export function expectSaid(said: Attempt, wanted: Done | Refused, what: string) {
  if (wanted.is === 'done') {
    expect(said, what).toMatchObject({ isDone: true })
    return
  }
  expect(said, what).toMatchObject({ isDone: false, message: wanted.message })
  if (said.isDone) return
  expect(said.code, what).toMatch(/^PT4\d\d$/)
  expect(said.hint, what).not.toBe('')
  if (wanted.detail) expect(said.detail, what).toBe(wanted.detail)
}

/** What has changed between two looks is what the model says, and nothing else. */
export function expectSeen(before: Seen, now: Seen, wanted: Done | Refused, what: string) {
  const done: Done =
    wanted.is === 'done' ? wanted : { is: 'done', world: before.world, events: [], entries: [] }
  const room = done.world.room
  expect(now.world, what).toEqual(done.world)
  expect(now.events, what).toEqual([...before.events, ...done.events])
  expect(sorted(now.entries), what).toEqual(sorted([...before.entries, ...done.entries]))
  expect(now.seqs, what).toEqual(Array.from({ length: room?.lastSeq ?? 0 }, (_, i) => i + 1))
}
