import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readBatch } from './broadcast-batch.ts'

const good = { topic: 'ward', event: 'bell', payload: { n: 1 } }
const errorsOf = (body: unknown) => readBatch(body, 100).errors

test('R100: 1.8 a good batch is read in order, private only where it says so', () => {
  const { messages, errors } = readBatch(
    { messages: [good, { ...good, private: true, id: 'x"' }, { ...good, private: false, payload: {} }] },
    100,
  )
  expect(errors).toBe(null)
  expect(messages?.map(({ payload, ...rest }) => ({ ...rest, payload: JSON.parse(payload) }))).toEqual([
    { topic: 'ward', isPrivate: false, payload: { type: 'broadcast', event: 'bell', payload: { n: 1 } } },
    {
      topic: 'ward',
      isPrivate: true,
      payload: { type: 'broadcast', event: 'bell', payload: { n: 1 }, meta: { id: 'x"' } },
    },
    { topic: 'ward', isPrivate: false, payload: { type: 'broadcast', event: 'bell', payload: {} } },
  ])
})

test('R104: 1.8 what is wrong is said of each message, and of nothing else', () => {
  const { payload: _, ...blank } = good
  expect(errorsOf({ messages: [blank, good] })).toEqual({ messages: [{ payload: ["can't be blank"] }, {}] })
  expect(errorsOf({ messages: [{}] })).toEqual({
    messages: [{ topic: ["can't be blank"], event: ["can't be blank"], payload: ["can't be blank"] }],
  })
  const wrong = { topic: 1, event: ' ', payload: [1], private: 'yes', id: 7 }
  expect(errorsOf({ messages: [wrong] })).toEqual({
    messages: [
      {
        topic: ['is invalid'],
        event: ["can't be blank"],
        payload: ['is invalid'],
        private: ['is invalid'],
        id: ['is invalid'],
      },
    ],
  })
  expect(errorsOf({ messages: [{ ...good, topic: { toString: 1 } }] })).toEqual({
    messages: [{ topic: ['is invalid'] }],
  })
  const large = { ...good, payload: { text: 'x'.repeat(100) } }
  expect(errorsOf({ messages: [good, large] })).toEqual({
    messages: [{}, { payload: ['exceeds the size limit'] }],
  })
  for (const body of [null, [], 'x', {}, { messages: null }, { messages: [] }]) {
    expect(errorsOf(body)).toEqual({ messages: ["can't be blank"] })
  }
  for (const messages of [{}, 'x', 1, [null], [good, 'x']]) {
    expect(errorsOf({ messages })).toEqual({ messages: ['is invalid'] })
  }
})

test('R104: 1.8 a payload nested however deeply is taken or invalid', () => {
  const depth = 200_000
  const deep: unknown = JSON.parse(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`)
  const errors = readBatch({ messages: [{ ...good, payload: deep }] }, 10_000_000).errors
  expect([null, { messages: [{ payload: ['is invalid'] }] }]).toContainEqual(errors)
})

test('R104: 1.8 any JSON is a batch or has errors; no value gets out of its payload', () => {
  const message = fc.record(
    {
      topic: fc.jsonValue(),
      event: fc.oneof(fc.string(), fc.jsonValue()),
      payload: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue()),
      private: fc.oneof(fc.boolean(), fc.jsonValue()),
      id: fc.oneof(fc.string(), fc.jsonValue()),
    },
    { requiredKeys: [] },
  )
  const bodies = fc.oneof(
    fc.jsonValue(),
    fc.record({ messages: fc.oneof(fc.array(message), fc.jsonValue()) }),
  )
  fc.assert(
    fc.property(bodies, body => {
      const { messages, errors } = readBatch(body, 1_000)
      expect(messages === null).toBe(errors !== null)
      for (const { payload } of messages ?? []) {
        const keys = Object.keys(JSON.parse(payload))
        expect(keys.filter(key => key !== 'meta')).toEqual(['type', 'event', 'payload'])
      }
    }),
  )
})
