import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJoin, withIds } from './join-config.ts'

test('R86 booleans may be words, null entries are dropped, the older name of the token counts', () => {
  const config = parseJoin({
    config: {
      private: 'True',
      broadcast: { ack: 'true', self: true, replication_ready: 'yes', replay: { since: 1 } },
      presence: { enabled: 'false', key: 'k' },
      postgres_changes: [{ event: '*' }, null, 'x'],
    },
    user_token: 't',
  })
  expect(config).toEqual({
    isPrivate: true,
    ack: true,
    self: true,
    replay: { since: 1, limit: 25 },
    wantsReplicationReady: false,
    presenceEnabled: false,
    presenceKey: 'k',
    postgresChanges: [{ event: '*', id: expect.any(Number) }],
    accessToken: 't',
  })
})

test('R86 a replay has a start, and a limit of 1 to 25', () => {
  const replayOf = (replay: unknown) => parseJoin({ config: { broadcast: { replay } } }).replay
  expect(replayOf({ since: 5, limit: 3 })).toEqual({ since: 5, limit: 3 })
  expect(replayOf({ since: 5, limit: null })).toEqual({ since: 5, limit: 25 })
  expect([0, -1, 26].map(limit => replayOf({ since: 5, limit }))).toEqual([
    { since: 5, limit: 1 },
    { since: 5, limit: 1 },
    { since: 5, limit: 25 },
  ])
  expect([{}, { since: '5' }, { since: 5, limit: 'all' }].map(replayOf)).toEqual(Array(3).fill('invalid'))
  expect([undefined, null, true].map(replayOf)).toEqual([null, null, null])
})

test('RB12 any payload of a join gives a whole configuration, by default a public one', () => {
  const defaults = parseJoin(undefined)
  expect(defaults).toMatchObject({
    isPrivate: false,
    ack: false,
    self: false,
    postgresChanges: [],
    accessToken: null,
  })
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (value, inner) => {
      for (const payload of [
        value,
        { config: value },
        { config: { broadcast: inner, presence: value, postgres_changes: inner } },
      ]) {
        expect(Object.keys(parseJoin(payload))).toEqual(Object.keys(defaults))
      }
    }),
  )
})

test('R87 ids are truthy, equal for equal parameters and only for those, in the order asked', () => {
  const change = fc.record({ event: fc.constantFrom('*', 'INSERT'), table: fc.string({ maxLength: 2 }) })
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), changes => {
      const answered = withIds(changes)
      expect(answered.map(({ id: _, ...rest }) => rest)).toEqual(changes)
      for (const one of answered) {
        expect(one.id).toBeGreaterThan(0)
        for (const two of answered) {
          const isSame = one.event === two.event && one.table === two.table
          expect(one.id === two.id).toBe(isSame)
        }
      }
    }),
  )
})
