/** What travels inside a replication connection's CopyData messages: WAL and keepalives in, status out. Pure. */

export type CopyData =
  | { readonly kind: 'wal'; readonly data: Buffer }
  | { readonly kind: 'keepalive'; readonly walEnd: bigint; readonly isReplyRequested: boolean }
  | { readonly kind: 'other' }

const WAL = 0x77 // w
const KEEPALIVE = 0x6b // k
const STATUS_UPDATE = 0x72 // r
const COPY_DATA = 0x64 // d
const WAL_HEADER_BYTES = 25
const KEEPALIVE_BYTES = 18
const STATUS_BYTES = 34
const LENGTH_BYTES = 4
const POSTGRES_EPOCH_MS = 946_684_800_000

export function parseCopyData(chunk: Buffer): CopyData {
  if (chunk[0] === WAL && chunk.length >= WAL_HEADER_BYTES) {
    return { kind: 'wal', data: chunk.subarray(WAL_HEADER_BYTES) }
  }
  if (chunk[0] === KEEPALIVE && chunk.length >= KEEPALIVE_BYTES) {
    return { kind: 'keepalive', walEnd: chunk.readBigUInt64BE(1), isReplyRequested: chunk[17] === 1 }
  }
  return { kind: 'other' }
}

/** A whole CopyData message that tells the server: everything before `lsn` is done with. And perhaps: answer now. */
export function statusUpdate(lsn: bigint, nowMs: number, wantsReply: boolean): Buffer {
  const message = Buffer.alloc(1 + LENGTH_BYTES + STATUS_BYTES)
  message[0] = COPY_DATA
  message.writeUInt32BE(LENGTH_BYTES + STATUS_BYTES, 1)
  message[5] = STATUS_UPDATE
  message.writeBigUInt64BE(lsn, 6) // written
  message.writeBigUInt64BE(lsn, 14) // flushed
  message.writeBigUInt64BE(lsn, 22) // applied
  message.writeBigUInt64BE(BigInt(nowMs - POSTGRES_EPOCH_MS) * 1000n, 30)
  message[message.length - 1] = wantsReply ? 1 : 0
  return message
}
