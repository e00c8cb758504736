/** Whole HTTP requests out of the bytes of a kept-alive connection, as a hop that repeats one would see them. */

export interface SeenRequest {
  method: string
  path: string
  /** Head and body, as they came. */
  bytes: Buffer
}

export function createRequestReader(): (bytes: Buffer) => SeenRequest[] {
  let rest: Buffer = Buffer.alloc(0)
  return bytes => {
    rest = Buffer.concat([rest, bytes])
    const found: SeenRequest[] = []
    for (let next = first(rest); next !== null; next = first(rest)) {
      found.push(next)
      rest = rest.subarray(next.bytes.length)
    }
    return found
  }
}

function first(bytes: Buffer): SeenRequest | null {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return null
  const head = bytes.toString('latin1', 0, headEnd)
  const length = headEnd + 4 + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
  if (bytes.length < length) return null
  const [method = '', path = ''] = head.split(' ', 2)
  return { method, path, bytes: bytes.subarray(0, length) }
}
