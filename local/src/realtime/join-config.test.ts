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
    wantsReplay: true,
    wantsReplicationReady: false,
    presenceEnabled: false,
    presenceKey: 'k',
    postgresChanges: [{ event: '*' }],
    accessToken: 't',
  })
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
