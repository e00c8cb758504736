import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PresenceList } from './presence-list.ts'

interface Meta {
  phx_ref: string
  phx_ref_prev?: string
  n?: number
}
type State = Record<string, { metas: Meta[] }>

function newList(): PresenceList {
  let refs = 0
  return new PresenceList(() => `r${++refs}`)
}

/** What a client makes of a state and a diff. */
function apply(state: Map<string, Meta[]>, diff: { joins: State; leaves: State }): void {
  for (const [key, { metas }] of Object.entries(diff.joins)) {
    for (const meta of metas) {
      const known = state.get(key) ?? []
      expect(known.map(other => other.phx_ref)).not.toContain(meta.phx_ref)
      if (meta.phx_ref_prev) expect(known.map(other => other.phx_ref)).toContain(meta.phx_ref_prev)
      state.set(key, [...known, meta])
    }
  }
  for (const [key, { metas }] of Object.entries(diff.leaves)) {
    for (const meta of metas) {
      const known = state.get(key) ?? []
      expect(known.map(other => other.phx_ref)).toContain(meta.phx_ref)
      const left = known.filter(other => other.phx_ref !== meta.phx_ref)
      if (left.length > 0) state.set(key, left)
      else state.delete(key)
    }
  }
}

test('R20 diffs applied one after the other give the state, whatever was tracked, and whenever it is told', () => {
  const owners = [{}, {}, {}, {}]
  const step = fc.oneof(
    fc.record({ kind: fc.constant('track' as const), owner: fc.nat(3), n: fc.nat(2) }),
    fc.record({ kind: fc.constant('untrack' as const), owner: fc.nat(3), n: fc.constant(0) }),
    fc.record({ kind: fc.constant('tell' as const), owner: fc.constant(0), n: fc.constant(0) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), steps => {
      const list = newList()
      const truth = new Map<number, number>()
      const told = new Map<string, Meta[]>()
      for (const { kind, owner, n } of [...steps, { kind: 'tell' as const, owner: 0, n: 0 }]) {
        const key = `key${owner % 2}`
        if (kind === 'track') {
          expect(list.track(owners[owner] ?? {}, key, { n })).toBe(truth.get(owner) !== n)
          truth.set(owner, n)
        } else if (kind === 'untrack') {
          expect(list.untrack(owners[owner] ?? {})).toBe(truth.delete(owner))
        } else {
          const diff = list.takeDiff()
          if (diff) apply(told, JSON.parse(diff))
          const state = JSON.parse(list.stateJson()) as State
          const refs = (metas: Meta[] = []) => metas.map(meta => meta.phx_ref).toSorted()
          expect(Object.keys(state).toSorted()).toEqual([...told.keys()].toSorted())
          for (const key of told.keys()) expect(refs(state[key]?.metas)).toEqual(refs(told.get(key)))
          const numbers = Object.values(state).flatMap(({ metas }) => metas.map(meta => meta.n))
          expect(numbers.toSorted()).toEqual([...truth.values()].toSorted())
        }
      }
    }),
  )
})

test('R21 what came and went between two diffs is not told', () => {
  const list = newList()
  const owner = {}
  list.track(owner, 'ada', {})
  list.untrack(owner)
  expect(list.takeDiff()).toBe(null)
  expect(list.stateJson()).toBe('{}')
})

test('RB11 a payload cannot forge its refs, and any text is a key', () => {
  const list = newList()
  for (const key of ['__proto__', 'constructor', '"', '']) list.track({}, key, { phx_ref: 'forged', n: 1 })
  list.takeDiff()
  const state = new Map(Object.entries(JSON.parse(list.stateJson()) as State))
  expect([...state.keys()]).toEqual(['__proto__', 'constructor', '"', ''])
  expect([...state.values()].map(({ metas }) => metas[0]?.phx_ref)).toEqual(['r1', 'r2', 'r3', 'r4'])
})
