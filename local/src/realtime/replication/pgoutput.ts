/**
 * Messages of PostgreSQL's `pgoutput` plugin, protocol version 1. Pure: bytes in, values out. Column values stay bytes
 * and are views into the input: copy what must outlive it.
 */

export interface Relation {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly replicaIdentity: ReplicaIdentity
  readonly columns: readonly RelationColumn[]
}

/** default, nothing, full, index: what tells which row was updated or deleted. */
export type ReplicaIdentity = 'd' | 'n' | 'f' | 'i'

export interface RelationColumn {
  readonly name: string
  /** Part of the replica identity. */
  readonly isKey: boolean
  readonly typeOid: number
}

/** A column's text; `null` for NULL; `undefined` for a TOASTed value that did not change and was not sent. */
export type ColumnValue = Buffer | null | undefined

/** Of an old row: only the identity's columns, all others NULL; or the whole row. */
export interface OldRow {
  readonly isWhole: boolean
  readonly values: readonly ColumnValue[]
}

export type PgOutputMessage =
  | {
      readonly kind: 'begin'
      readonly commitLsn: bigint
      readonly committedAtMs: number
      /** 32 bits. */
      readonly transactionId: number
    }
  | { readonly kind: 'commit'; readonly commitLsn: bigint; readonly endLsn: bigint }
  | { readonly kind: 'relation'; readonly relation: Relation }
  | { readonly kind: 'insert'; readonly relationOid: number; readonly values: readonly ColumnValue[] }
  | {
      readonly kind: 'update'
      readonly relationOid: number
      /** Null where the identity is not the whole row and did not change. */
      readonly old: OldRow | null
      readonly values: readonly ColumnValue[]
    }
  | { readonly kind: 'delete'; readonly relationOid: number; readonly old: OldRow }
  | { readonly kind: 'truncate'; readonly relationOids: readonly number[] }
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
        transactionId: read.uint32(),
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
    case 'U':
      return readUpdate(read)
    case 'D': {
      const relationOid = read.uint32()
      return { kind: 'delete', relationOid, old: readOldRow(read, read.character()) }
    }
    case 'T': {
      const count = read.uint32()
      read.skip(1) // cascade, restart identity
      const relationOids: number[] = []
      for (let i = 0; i < count; i++) relationOids.push(read.uint32())
      return { kind: 'truncate', relationOids }
    }
    default:
      return OTHER
  }
}

function readRelation(read: Reader): Relation {
  const oid = read.uint32()
  const schema = read.cString()
  const name = read.cString()
  const replicaIdentity = read.character()
  if (!isReplicaIdentity(replicaIdentity)) throw new RangeError('pgoutput: an unknown replica identity')
  const count = read.uint16()
  const columns: RelationColumn[] = []
  for (let i = 0; i < count; i++) {
    const isKey = (read.uint8() & 1) === 1
    columns.push({ isKey, name: read.cString(), typeOid: read.uint32() })
    read.skip(4) // the type's modifier
  }
  return { oid, schema, name, replicaIdentity, columns }
}

function isReplicaIdentity(character: string): character is ReplicaIdentity {
  return character === 'd' || character === 'n' || character === 'f' || character === 'i'
}

function readUpdate(read: Reader): PgOutputMessage {
  const relationOid = read.uint32()
  let part = read.character()
  let old: OldRow | null = null
  if (part !== 'N') {
    old = readOldRow(read, part)
    part = read.character()
  }
  if (part !== 'N') throw new RangeError('pgoutput: an update without a new row')
  return { kind: 'update', relationOid, old, values: readTuple(read) }
}

function readOldRow(read: Reader, part: string): OldRow {
  if (part !== 'K' && part !== 'O') throw new RangeError('pgoutput: an old row of an unknown kind')
  return { isWhole: part === 'O', values: readTuple(read) }
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
    return String.fromCharCode(this.uint8())
  }

  uint8(): number {
    return this.#data.readUInt8(this.#advance(1))
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
