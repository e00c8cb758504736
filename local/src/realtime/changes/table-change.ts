/** A committed change of one row, as logical replication told it, in text. Pure. */

import type { ColumnValue, PgOutputMessage, Relation, RelationColumn } from '../replication/pgoutput.ts'

export const CHANGE_TYPES = ['INSERT', 'UPDATE', 'DELETE'] as const

export type ChangeType = (typeof CHANGE_TYPES)[number]

/** Texts in the order of the columns; `null` for NULL; `undefined` for what was not sent. */
export type Row = readonly (string | null | undefined)[]

export interface TableChange {
  readonly type: ChangeType
  readonly relationOid: number
  readonly schema: string
  readonly table: string
  /** Those that are published. */
  readonly columns: readonly RelationColumn[]
  readonly newRow: Row | null
  /** Null for an update that changed no column of the replica identity. */
  readonly oldRow: Row | null
  readonly transactionId: number
  readonly committedAtMs: number
  readonly bytes: number
}

/** A larger value is not even held in memory. */
const VALUE_MAX_BYTES = 16_777_216

export interface Transaction {
  readonly transactionId: number
  readonly committedAtMs: number
}

export type RowMessage = Extract<PgOutputMessage, { kind: 'insert' | 'update' | 'delete' }>

export function readChange(relation: Relation, transaction: Transaction, message: RowMessage): TableChange {
  const { columns } = relation
  const old = message.kind === 'insert' ? null : message.old
  const oldRow =
    old &&
    texts(old.isWhole ? old.values : old.values.map((value, i) => (columns[i]?.isKey ? value : undefined)))
  const sent = message.kind === 'delete' ? null : texts(message.values)
  // An unchanged value that was too large to be sent again is in the old row, if that is whole.
  const newRow = sent?.map((text, i) => (text === undefined ? oldRow?.[i] : text)) ?? null
  return {
    type: message.kind === 'insert' ? 'INSERT' : message.kind === 'update' ? 'UPDATE' : 'DELETE',
    relationOid: relation.oid,
    schema: relation.schema,
    table: relation.name,
    columns,
    newRow,
    oldRow,
    transactionId: transaction.transactionId,
    committedAtMs: transaction.committedAtMs,
    bytes: sizeOf(message.kind === 'delete' ? [] : message.values) + sizeOf(old?.values ?? []),
  }
}

function texts(values: readonly ColumnValue[]): Row {
  return values.map(value => {
    if (!value) return value
    return value.length > VALUE_MAX_BYTES ? undefined : value.toString()
  })
}

function sizeOf(values: readonly ColumnValue[]): number {
  return values.reduce((sum, value) => sum + (value?.length ?? 0), 0)
}
