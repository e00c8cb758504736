/** Bytes from outside as text and as JSON. Both throw where the bytes are none. */

// A byte order mark is kept, so that JSON with one is none: the bytes go on as they came, into the midst of other text.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function decodeUtf8(bytes: Buffer): string {
  return decoder.decode(bytes)
}

export function parseJson(bytes: Buffer): unknown {
  return JSON.parse(decodeUtf8(bytes))
}
