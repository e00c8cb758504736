/**
 * Finished WebSocket frames, header included, as one buffer: built once, written to every socket of a room as it is.
 * Server frames are neither masked, fragmented nor compressed, so the header depends on the length alone.
 */

const OPCODE_TEXT = 0x1
const OPCODE_BINARY = 0x2
const FINAL = 0x80

/** The parts of a text message are strings, or bytes already known to be UTF-8. */
export function textMessageFrame(...parts: (string | Buffer)[]): Buffer {
  return frame(OPCODE_TEXT, parts)
}

export function binaryMessageFrame(...parts: (string | Buffer)[]): Buffer {
  return frame(OPCODE_BINARY, parts)
}

function frame(opcode: number, parts: readonly (string | Buffer)[]): Buffer {
  let length = 0
  for (const part of parts) length += typeof part === 'string' ? Buffer.byteLength(part) : part.length

  let offset = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const target = Buffer.allocUnsafe(offset + length)
  target[0] = FINAL | opcode
  if (length < 126) {
    target[1] = length
  } else if (length < 65_536) {
    target[1] = 126
    target.writeUInt16BE(length, 2)
  } else {
    target[1] = 127
    target.writeUInt32BE(0, 2)
    target.writeUInt32BE(length, 6)
  }
  for (const part of parts) {
    if (typeof part === 'string') offset += target.write(part, offset, 'utf8')
    else offset += part.copy(target, offset)
  }
  return target
}
