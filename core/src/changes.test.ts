import { describe, expect, it } from 'vitest'
import {
  type Changes,
  changePassed,
  changesFailed,
  changesLoaded,
  changeTold,
  fetchBegun,
  isMissingChanges,
} from './changes.ts'
import { messageAt } from './testing/room-samples.ts'
import type { ChangePage } from './transport.ts'

/** Four changes were followed, and three more are told of. */
const missing: Changes = { last: 4, told: 7, fetch: { is: 'idle' } }
const loading = () => fetchBegun(missing)
const pageOf = (changes: number[], lastChange: number, hasMore = false): ChangePage => ({
  messages: changes.map(change => ({ ...messageAt(change), change })),
  lastChange,
  hasMore,
})

describe('CR18: changes that were missed', () => {
  it('are as many as the highest that was told of', () => {
    expect(changeTold(missing, 6)).toBe(missing)
    expect(changeTold(missing, 7)).toBe(missing)
    expect(changeTold(missing, 8).told).toBe(8)
    expect(changeTold({ ...missing, told: 0 }, 4).told).toBe(0)
    expect([3, 4, 5].map(told => isMissingChanges({ ...missing, told }))).toEqual([false, false, true])
  })

  it.each([
    ['one', [7], 7],
    ['several', [5, 6, 7], 7],
    ['one that was followed by another of a message that is gone', [5], 7],
    ['none', [], 7],
    ['one that was made while it was read', [5, 8], 7],
  ])('are all there with the last page, whatever it brings: %s', (_, changes, lastChange) => {
    const after = changesLoaded(loading(), pageOf(changes, lastChange))
    expect(after).toEqual({ last: Math.max(7, ...changes), told: 0, fetch: { is: 'idle' } })
  })

  it('are asked for page after page', () => {
    const after = changesLoaded(loading(), pageOf([5], 9, true))
    expect(after).toMatchObject({ last: 5, told: 9 })
    expect(isMissingChanges(after)).toBe(true)
    expect(changesLoaded(loading(), pageOf([5, 6], 9, true))).toMatchObject({ last: 6, told: 9 })
  })

  it.each([
    ['nothing', []],
    ['nothing new', [4]],
  ])('are not asked for for ever where a page claims more and brings %s', (_, changes) => {
    const after = changesLoaded(loading(), pageOf(changes, 9, true))
    expect(after.last).toBe(4)
    expect(isMissingChanges(after)).toBe(false)
  })

  it('are asked for again after a failure, but for those that passed by another way meanwhile', () => {
    const failed = changesFailed(loading())
    expect(failed).toEqual({ last: 4, told: 7, fetch: { is: 'failed' } })
    const passed = [5, 6, 7].reduce(changePassed, loading())
    expect(changesFailed(passed)).toEqual({ last: 7, told: 7, fetch: { is: 'idle' } })
    expect([5, 6].reduce(changePassed, failed).fetch.is).toBe('failed')
    expect([5, 6, 7].reduce(changePassed, failed).fetch.is).toBe('idle')
  })
})
