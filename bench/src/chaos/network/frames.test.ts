import { expect, it } from 'vitest'
import { createFrameSplitter, isWholeMessage } from './frames.ts'

/** As a server writes it: unmasked. */
function frame(opcode: number, size: number): Buffer {
  const header =
    size < 126
      ? Buffer.from([0x80 | opcode, size])
      : size < 65_536
        ? Buffer.from([0x80 | opcode, 126, size >> 8, size & 255])
        : Buffer.concat([Buffer.from([0x80 | opcode, 127, 0, 0, 0, 0]), uint32(size)])
  return Buffer.concat([header, Buffer.alloc(size, size % 251)])
}
function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

it('CH1: frames of every length are found, however the bytes were cut', () => {
  const frames = [0, 1, 125, 126, 127, 65_535, 65_536, 3].map((size, i) => frame(i % 2 === 0 ? 1 : 2, size))
  const bytes = Buffer.concat(frames)
  for (const piece of [1, 2, 3, 7, 1_000, bytes.length]) {
    const split = createFrameSplitter()
    const found: Buffer[] = []
    for (let at = 0; at < bytes.length; at += piece) found.push(...split(bytes.subarray(at, at + piece)))
    expect(found.map(each => each.length)).toEqual(frames.map(each => each.length))
    expect(Buffer.concat(found).equals(bytes)).toBe(true)
  }
})

it('CH1: only whole text and binary messages are taken for messages', () => {
  expect(isWholeMessage(frame(1, 5))).toBe(true)
  expect(isWholeMessage(frame(2, 5))).toBe(true)
  for (const opcode of [0, 8, 9, 10]) expect(isWholeMessage(frame(opcode, 5))).toBe(false)
  expect(isWholeMessage(Buffer.from([0x01, 0]))).toBe(false)
})
