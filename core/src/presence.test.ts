import { describe, expect, it } from 'vitest'
import { presentOf, reducePresence } from './presence.ts'

describe('CT3: who has the room open', () => {
  it('is of people of the room only, in their order, and of nobody once it is lost', () => {
    const told = reducePresence(
      { others: ['ann', 'bob'], told: [] },
      { is: 'told', userIds: ['eve', 'bob', 'ann'] },
    )
    expect(presentOf(told)).toEqual(['ann', 'bob'])
    expect(presentOf(reducePresence(told, { is: 'others-changed', others: ['bob', 'eve'] }))).toEqual([
      'bob',
      'eve',
    ])
    expect(presentOf(reducePresence(told, { is: 'lost' }))).toEqual([])
  })
})
