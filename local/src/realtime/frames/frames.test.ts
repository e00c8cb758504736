import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeKind4, encodeKind3 } from '../testing/raw-client.ts'
import { decodeBinary, decodeText } from './client-frame.ts'
import { broadcastMessage, channelFrame, replyFrame, roomTextMessage } from './server-message.ts'

const versions = fc.constantFrom('1.0.0' as const, '2.0.0' as const)
const ref = fc.oneof(fc.constant(null), fc.string(), fc.integer())
// A name that fits in a header of byte lengths; strings of bytes have no lone surrogates.
const name = fc.string({ maxLength: 60, unit: 'grapheme' }).filter(text => Buffer.byteLength(text) <= 255)

/** The payload of one whole, unmasked, final WebSocket frame. */
function open(frame: Buffer | null): { opcode: number; payload: Buffer } {
  if (!frame) throw new Error('no frame')
  const [first = 0, second = 0] = frame
  expect(first & 0xf0).toBe(0x80)
  const length =
    second < 126 ? second : second === 126 ? frame.readUInt16BE(2) : Number(frame.readBigUInt64BE(2))
  const payload = frame.subarray(second < 126 ? 2 : second === 126 ? 4 : 10)
  expect(payload.length).toBe(length)
  return { opcode: first & 0xf, payload }
}

function openText(frame: Buffer | null): unknown {
  const { opcode, payload } = open(frame)
  expect(opcode).toBe(1)
  return JSON.parse(payload.toString())
}

test('R70 a text frame of either version decodes to what was sent', () => {
  fc.assert(
    fc.property(ref, ref, fc.string(), fc.string(), fc.jsonValue(), (joinRef, own, topic, event, value) => {
      const expected = { joinRef, ref: own, topic, event, body: { kind: 'json', value } }
      const two = JSON.stringify([joinRef, own, topic, event, value])
      expect(decodeText(two, '2.0.0')).toEqual(JSON.parse(JSON.stringify(expected)))
      const one = JSON.stringify({ topic, event, payload: value, ref: own, join_ref: joinRef })
      expect(decodeText(one, '1.0.0')).toEqual(JSON.parse(JSON.stringify(expected)))
    }),
  )
})

test('R70 a binary broadcast decodes to what was sent, JSON or bytes', () => {
  const payload = fc.oneof(
    fc.object().map(value => JSON.parse(JSON.stringify(value)) as object),
    fc.uint8Array().map(bytes => Buffer.from(bytes)),
  )
  fc.assert(
    fc.property(name, name, name, name, payload, (joinRef, own, topic, event, content) => {
      const frame = decodeBinary(encodeKind3({ joinRef, ref: own, topic, event, payload: content }), '2.0.0')
      expect(frame).toMatchObject({ joinRef: joinRef || null, ref: own || null, topic, event: 'broadcast' })
      if (frame?.body.kind !== 'user-broadcast') throw new Error('not a broadcast')
      expect(frame.body.event).toBe(event)
      const { bytes, encoding } = frame.body
      expect(encoding === 'json' ? JSON.parse(bytes.toString()) : bytes).toEqual(content)
    }),
  )
})

test('RB10 no bytes and no text make a decoder throw', () => {
  const almost = fc
    .tuple(
      fc.constantFrom(0, 3),
      fc.uint8Array({ minLength: 5, maxLength: 12 }),
      fc.uint8Array({ maxLength: 60 }),
    )
    .map(([kind, head, tail]) => Buffer.concat([Buffer.from([kind]), head.map(byte => byte % 9), tail]))
  const bytes = fc.oneof(
    almost,
    fc.uint8Array({ maxLength: 80 }).map(array => Buffer.from(array)),
  )
  fc.assert(
    fc.property(bytes, versions, (data, version) => void decodeBinary(data, version)),
    { numRuns: 2_000 },
  )
  const text = fc.oneof(fc.string(), fc.json())
  fc.assert(
    fc.property(text, versions, (data, version) => void decodeText(data, version)),
    { numRuns: 1_000 },
  )
})

test('RB10 a binary frame cut anywhere is no frame or a shorter payload, never other names', () => {
  const whole = encodeKind3({ topic: 'realtime:a', event: 'b', ref: '1', payload: Buffer.from('payload') })
  for (let length = 0; length <= whole.length; length++) {
    const frame = decodeBinary(whole.subarray(0, length), '2.0.0')
    if (length < whole.length - 7) expect(frame).toBe(null)
    else expect(frame).toMatchObject({ topic: 'realtime:a', body: { event: 'b' } })
  }
})

test('RB10 invalid UTF-8, JSON that is none and meta that is no object are no frame', () => {
  const good = { topic: 'realtime:a', event: 'b', payload: { n: 1 } }
  expect(decodeBinary(encodeKind3(good), '2.0.0')).not.toBe(null)
  expect(decodeBinary(encodeKind3({ ...good, meta: '[]' }), '2.0.0')).toBe(null)
  expect(decodeBinary(encodeKind3({ ...good, meta: '{' }), '2.0.0')).toBe(null)
  const badUtf8 = encodeKind3(good)
  badUtf8[8] = 0xff
  expect(decodeBinary(badUtf8, '2.0.0')).toBe(null)
  const badJson = encodeKind3(good)
  badJson[badJson.length - 1] = 0x2c
  expect(decodeBinary(badJson, '2.0.0')).toBe(null)
  const marked = encodeKind3({ ...good, payload: Buffer.from('\ufeff{"n":1}') })
  expect(decodeBinary(marked, '2.0.0')).not.toBe(null)
  marked[6] = 1
  expect(decodeBinary(marked, '2.0.0')).toBe(null)
  expect(decodeBinary(encodeKind3(good), '1.0.0')).toBe(null)
})

test('R71 channel messages and replies carry their refs in version 2, the ref alone in version 1', () => {
  expect(openText(replyFrame('2.0.0', '1', '2', 'realtime:é', 'ok', { a: 1 }))).toEqual([
    '1',
    '2',
    'realtime:é',
    'phx_reply',
    { status: 'ok', response: { a: 1 } },
  ])
  expect(openText(replyFrame('1.0.0', '1', '2', 'realtime:é', 'ok', {}))).toEqual({
    topic: 'realtime:é',
    event: 'phx_reply',
    payload: { status: 'ok', response: {} },
    ref: '2',
  })
  expect(openText(channelFrame('2.0.0', '1', null, 't', 'system', '{"a":1}'))).toEqual([
    '1',
    null,
    't',
    'system',
    { a: 1 },
  ])
})

test('R71 room messages carry no join_ref and are built once per version', () => {
  const message = roomTextMessage('realtime:a', 'presence_diff', '{"joins":{}}')
  expect(openText(message.frame('2.0.0'))).toEqual([null, null, 'realtime:a', 'presence_diff', { joins: {} }])
  expect(openText(message.frame('1.0.0'))).toMatchObject({ ref: null, event: 'presence_diff' })
  expect(message.frame('2.0.0')).toBe(message.frame('2.0.0'))
})

test('R72 a broadcast says the same in both versions, at any length', () => {
  const length = fc.oneof(fc.nat(200), fc.constantFrom(65_400, 65_536, 70_000))
  fc.assert(
    fc.property(name, name, length, (topic, event, size) => {
      const payload = { text: 'x'.repeat(size) }
      const content = {
        topic,
        event,
        encoding: 'json' as const,
        payload: Buffer.from(JSON.stringify(payload)),
        meta: '{"id":"1"}',
      }
      const message = broadcastMessage(content)
      const expected = { type: 'broadcast', event, payload, meta: { id: '1' } }
      const two = open(message.frame('2.0.0'))
      expect(two.opcode).toBe(2)
      expect(decodeKind4(two.payload)).toMatchObject({ topic, payload: expected })
      expect(openText(message.frame('1.0.0'))).toEqual({
        topic,
        event: 'broadcast',
        payload: expected,
        ref: null,
      })
    }),
    { numRuns: 60 },
  )
})

test('R72 a name of more than 255 bytes makes it text; bytes cannot be text', () => {
  const content = { topic: 't'.repeat(256), event: 'e', meta: '', payload: Buffer.from('{"n":1}') }
  const text = openText(broadcastMessage({ ...content, encoding: 'json' }).frame('2.0.0'))
  expect(text).toEqual([
    null,
    null,
    content.topic,
    'broadcast',
    { type: 'broadcast', event: 'e', payload: { n: 1 } },
  ])
  expect(broadcastMessage({ ...content, encoding: 'binary' }).frame('2.0.0')).toBe(null)
  expect(broadcastMessage({ ...content, topic: 't', encoding: 'binary' }).frame('1.0.0')).toBe(null)
})
