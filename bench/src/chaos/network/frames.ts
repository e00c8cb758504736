/** Where the frames of a WebSocket begin and end, and a place between them for what a broken hop would do. */

/** Cuts a stream of bytes into whole frames (RFC 6455, 5.2), header included. */
export function createFrameSplitter(): (bytes: Buffer) => Buffer[] {
  let rest: Buffer = Buffer.alloc(0)
  return bytes => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    const frames: Buffer[] = []
    for (
      let length = frameLength(rest);
      length !== null && rest.length >= length;
      length = frameLength(rest)
    ) {
      frames.push(rest.subarray(0, length))
      rest = rest.subarray(length)
    }
    return frames
  }
}

/** Null: not even the header is whole. */
function frameLength(bytes: Buffer): number | null {
  const second = bytes[1]
  if (second === undefined) return null
  const mask = second & 0x80 ? 4 : 0
  const short = second & 0x7f
  if (short < 126) return 2 + mask + short
  if (short === 126) return bytes.length < 4 ? null : 4 + mask + bytes.readUInt16BE(2)
  return bytes.length < 10 ? null : 10 + mask + Number(bytes.readBigUInt64BE(2))
}

/** One whole text or binary message: neither a part of one nor a ping, pong or close. */
export function isWholeMessage(frame: Buffer): boolean {
  const first = frame[0] ?? 0
  return first === 0x81 || first === 0x82
}
