/**
 * Messages of PostgreSQL's `pgoutput` plugin, protocol version 1, as far as a stream of inserts needs them. Pure: bytes
 * in, values out. Column values stay bytes and are views into the input: copy what must outlive it.
 */

export interface Relation {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly columns: readonly string[]
}

/** A column's text; `null` for NULL; `undefined` for a TOASTed value that did not change and was not sent. */
export type ColumnValue = Buffer | null | undefined

export type PgOutputMessage =
  | { readonly kind: 'begin'; readonly commitLsn: bigint; readonly committedAtMs: number }
  | { readonly kind: 'commit'; readonly commitLsn: bigint; readonly endLsn: bigint }
  | { readonly kind: 'relation'; readonly relation: Relation }
  | { readonly kind: 'insert'; readonly relationOid: number; readonly values: readonly ColumnValue[] }
  | { readonly kind: 'other' }

const POSTGRES_EPOCH_MS = 946_684_800_000
const OTHER: PgOutputMessage = { kind: 'other' }

/** Throws `RangeError` on bytes that are cut short or not of this protocol. */
export function parsePgOutput(data: Buffer): PgOutputMessage {
  const read = new Reader(data)
  switch (read.character()) {
    case 'B':
      return {
        kind: 'begin',
        commitLsn: read.uint64(),
        committedAtMs: POSTGRES_EPOCH_MS + read.microseconds() / 1000,
      }
    case 'C':
      read.skip(1)
      return { kind: 'commit', commitLsn: read.uint64(), endLsn: read.uint64() }
    case 'R':
      return { kind: 'relation', relation: readRelation(read) }
    case 'I': {
      const relationOid = read.uint32()
      if (read.character() !== 'N') throw new RangeError('pgoutput: an insert without a new row')
      return { kind: 'insert', relationOid, values: readTuple(read) }
    }
    default:
      return OTHER
  }
}

function readRelation(read: Reader): Relation {
  const oid = read.uint32()
  const schema = read.cString()
  const name = read.cString()
  read.skip(1) // replica identity
  const count = read.uint16()
  const columns: string[] = []
  for (let i = 0; i < count; i++) {
    read.skip(1) // flags
    columns.push(read.cString())
    read.skip(8) // type and its modifier
  }
  return { oid, schema, name, columns }
}

function readTuple(read: Reader): ColumnValue[] {
  const count = read.uint16()
  const values: ColumnValue[] = []
  for (let i = 0; i < count; i++) {
    const kind = read.character()
    if (kind === 'n') values.push(null)
    else if (kind === 'u') values.push(undefined)
    else if (kind === 't') values.push(read.bytes(read.uint32()))
    else throw new RangeError('pgoutput: a column of an unknown kind')
  }
  return values
}

class Reader {
  readonly #data: Buffer
  #offset = 0

  constructor(data: Buffer) {
    this.#data = data
  }

  character(): string {
    return String.fromCharCode(this.#data.readUInt8(this.#advance(1)))
  }

  uint16(): number {
    return this.#data.readUInt16BE(this.#advance(2))
  }

  uint32(): number {
    return this.#data.readUInt32BE(this.#advance(4))
  }

  uint64(): bigint {
    return this.#data.readBigUInt64BE(this.#advance(8))
  }

  microseconds(): number {
    return Number(this.#data.readBigInt64BE(this.#advance(8)))
  }

  bytes(length: number): Buffer {
    const start = this.#advance(length)
    return this.#data.subarray(start, start + length)
  }

  cString(): string {
    const end = this.#data.indexOf(0, this.#offset)
    if (end === -1) throw new RangeError('pgoutput: a string without its end')
    const value = this.#data.toString('utf8', this.#offset, end)
    this.#offset = end + 1
    return value
  }

  skip(length: number): void {
    this.#advance(length)
  }

  #advance(length: number): number {
    const start = this.#offset
    if (start + length > this.#data.length) throw new RangeError('pgoutput: a message cut short')
    this.#offset = start + length
    return start
  }
}
