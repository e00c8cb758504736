import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCopyData, statusUpdate } from './copy-data.ts'
import { messageReader } from './database-broadcast.ts'
import { parsePgOutput, type Relation } from './pgoutput.ts'
import { RecentIds } from './recent-ids.ts'

const uint16 = (value: number) => Buffer.from([value >> 8, value & 255])
const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
const uint64 = (value: bigint) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(value)
  return bytes
}
const cString = (text: string) => Buffer.from(`${text}\0`)

type Value = string | null | undefined

function insertOf(oid: number, values: Value[]): Buffer {
  return Buffer.concat([Buffer.from('I'), uint32(oid), Buffer.from('N'), tupleOf(values)])
}

function tupleOf(values: Value[]): Buffer {
  const columns = values.map(value => {
    if (value === null) return Buffer.from('n')
    if (value === undefined) return Buffer.from('u')
    return Buffer.concat([Buffer.from('t'), uint32(Buffer.byteLength(value)), Buffer.from(value)])
  })
  return Buffer.concat([uint16(values.length), ...columns])
}

function relationOf(oid: number, schema: string, name: string, columns: string[]): Buffer {
  return Buffer.concat([
    Buffer.from('R'),
    uint32(oid),
    cString(schema),
    cString(name),
    Buffer.from('d'),
    uint16(columns.length),
    ...columns.flatMap(column => [Buffer.from([1]), cString(column), uint32(25), uint32(0xffffffff)]),
  ])
}

test('R56 begin, commit, relations and inserts are read as they were written', () => {
  const position = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
  fc.assert(
    fc.property(position, position, (lsn, end) => {
      const begin = Buffer.concat([Buffer.from('B'), uint64(lsn), uint64(1_000_000n), uint32(7)])
      expect(parsePgOutput(begin)).toEqual({
        kind: 'begin',
        commitLsn: lsn,
        committedAtMs: Date.UTC(2000, 0, 1, 0, 0, 1),
        transactionId: 7,
      })
      const commit = Buffer.concat([Buffer.from('C\0'), uint64(lsn), uint64(end), uint64(0n)])
      expect(parsePgOutput(commit)).toEqual({ kind: 'commit', commitLsn: lsn, endLsn: end })
    }),
  )
  const names = fc.array(
    fc.string({ unit: 'grapheme' }).filter(text => !text.includes('\0')),
    { maxLength: 8 },
  )
  fc.assert(
    fc.property(names, columns => {
      expect(parsePgOutput(relationOf(5, 's', 't', columns))).toEqual({
        kind: 'relation',
        relation: {
          oid: 5,
          schema: 's',
          name: 't',
          replicaIdentity: 'd',
          columns: columns.map(name => ({ name, isKey: true, typeOid: 25 })),
        },
      })
    }),
  )
  const values = fc.array(
    fc.option(fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }), { nil: null }),
  )
  fc.assert(
    fc.property(values, row => {
      const message = parsePgOutput(insertOf(5, row))
      if (message.kind !== 'insert') throw new Error('not an insert')
      expect(message.values.map(value => value?.toString() ?? value)).toEqual(row)
    }),
  )
})

test('R112 updates, deletes and truncations are read as they were written, old keys apart from old rows', () => {
  const textsOf = (values: readonly (Buffer | null | undefined)[] | undefined) =>
    values?.map(value => value?.toString() ?? value)
  const message = (kind: string, ...parts: Buffer[]) =>
    parsePgOutput(Buffer.concat([Buffer.from(kind), uint32(9), ...parts]))
  const part = (name: string, values: Value[]) => Buffer.concat([Buffer.from(name), tupleOf(values)])
  const values = fc.array(fc.option(fc.option(fc.string(), { nil: undefined }), { nil: null }))
  fc.assert(
    fc.property(fc.constantFrom(null, 'K', 'O'), values, values, (kind, old, row) => {
      const update = message('U', ...(kind === null ? [] : [part(kind, old)]), part('N', row))
      if (update.kind !== 'update') throw new Error('not an update')
      expect([update.relationOid, textsOf(update.values)]).toEqual([9, row])
      expect(update.old?.isWhole ?? null).toBe(kind === null ? null : kind === 'O')
      expect(textsOf(update.old?.values)).toEqual(kind === null ? undefined : old)
      if (kind === null) return
      const deletion = message('D', part(kind, old))
      if (deletion.kind !== 'delete') throw new Error('not a delete')
      expect([deletion.old.isWhole, textsOf(deletion.old.values)]).toEqual([kind === 'O', old])
    }),
  )
  const truncation = Buffer.concat([Buffer.from('T'), uint32(2), Buffer.from([1]), uint32(9), uint32(10)])
  expect(parsePgOutput(truncation)).toEqual({ kind: 'truncate', relationOids: [9, 10] })
  expect(() => message('U', part('X', []))).toThrow(RangeError)
})

test('RB13 bytes that are cut short or of no protocol fail as such, and in no other way', () => {
  const whole = insertOf(5, ['text', null, 'more'])
  for (let length = 0; length < whole.length; length++) {
    expect(() => parsePgOutput(whole.subarray(0, length))).toThrow(RangeError)
  }
  fc.assert(
    fc.property(fc.constantFrom(...'BCRIUDTYOMZ'), fc.uint8Array({ maxLength: 60 }), (kind, rest) => {
      try {
        parsePgOutput(Buffer.concat([Buffer.from(kind), rest]))
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('R57 a row of realtime.messages is a broadcast, byte for byte; of another table, extension or half empty it is none', () => {
  const columns = ['payload', 'id', 'private', 'topic', 'binary_payload', 'event', 'extension', 'later']
  const relation = (schema: string, name: string): Relation => ({
    oid: 1,
    schema,
    name,
    replicaIdentity: 'd',
    columns: columns.map(column => ({ name: column, isKey: false, typeOid: 25 })),
  })
  expect(messageReader(relation('public', 'messages'))).toBe(null)
  expect(messageReader(relation('realtime', 'subscription'))).toBe(null)
  const read = messageReader(relation('realtime', 'messages'))
  const row = (changes: Record<string, string | null>) => {
    const values: Record<string, string | null> = {
      ...{ payload: '{"a": 1}', id: 'i', private: 't', topic: 'room:1', binary_payload: null },
      ...{ event: 'e', extension: 'broadcast', later: 'x' },
      ...changes,
    }
    return read?.(columns.map(name => (values[name] == null ? null : Buffer.from(values[name]))))
  }
  const common = { id: 'i', topic: 'room:1', event: 'e', isPrivate: true }
  expect(row({})).toEqual({ ...common, encoding: 'json', payload: Buffer.from('{"a": 1}') })
  expect(row({ private: 'f' })).toMatchObject({ isPrivate: false })
  expect(row({ private: null })).toMatchObject({ isPrivate: false })
  expect(row({ payload: null, binary_payload: '\\x00ff' })).toEqual({
    ...common,
    encoding: 'binary',
    payload: Buffer.from([0, 255]),
  })
  for (const none of [{ extension: 'presence' }, { event: null }, { payload: null }, { topic: null }]) {
    expect(row(none)).toBe(null)
  }
})

test('R58 keepalives and log data are told apart; the status answers with one position three times', () => {
  const keepalive = Buffer.concat([Buffer.from('k'), uint64(99n), uint64(0n), Buffer.from([1])])
  expect(parseCopyData(keepalive)).toEqual({ kind: 'keepalive', walEnd: 99n, isReplyRequested: true })
  const wal = Buffer.concat([Buffer.from('w'), Buffer.alloc(24), Buffer.from('data')])
  expect(parseCopyData(wal)).toEqual({ kind: 'wal', data: Buffer.from('data') })
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), bytes => void parseCopyData(Buffer.from(bytes))))

  const status = statusUpdate(77n, Date.UTC(2000, 0, 1, 0, 0, 2), false)
  expect([String.fromCharCode(status[0] ?? 0), status.readUInt32BE(1)]).toEqual(['d', status.length - 1])
  expect(String.fromCharCode(status[5] ?? 0)).toBe('r')
  expect([6, 14, 22].map(offset => status.readBigUInt64BE(offset))).toEqual([77n, 77n, 77n])
  expect(status.readBigInt64BE(30)).toBe(2_000_000n)
  expect(status.at(-1)).toBe(0)
  expect(statusUpdate(77n, Date.UTC(2026, 0, 1), true).at(-1)).toBe(1)
})

test('R59 the ids of the latest messages are remembered, older ones are not', () => {
  const recent = new RecentIds(2)
  expect(['a', 'b', 'a', 'c', 'b', 'a'].map(id => recent.add(id))).toEqual([
    true,
    true,
    false,
    true,
    false,
    true,
  ])
})

test('R59 the last ids are remembered and no others, whatever comes again', () => {
  const ids = fc.array(fc.nat(12), { maxLength: 200 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), ids, (capacity, given) => {
      const recent = new RecentIds(capacity)
      let last: number[] = []
      for (const id of given) {
        const isNew = !last.includes(id)
        if (isNew) last = [...last, id].slice(-capacity)
        expect(recent.add(String(id))).toBe(isNew)
      }
    }),
  )
})
