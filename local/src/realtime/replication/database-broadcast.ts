/**
 * From a row inserted into realtime.messages to the broadcast that it is. The payload's bytes are copied once, out of
 * the connection's buffer, and never parsed.
 */

import type { PayloadEncoding } from '../frames/client-frame.ts'
import type { ColumnValue, Relation } from './pgoutput.ts'

export interface DatabaseBroadcast {
  readonly id: string
  /** Without the prefix `realtime:`. */
  readonly topic: string
  readonly event: string
  readonly isPrivate: boolean
  readonly encoding: PayloadEncoding
  readonly payload: Buffer
}

const COLUMNS = ['id', 'topic', 'event', 'extension', 'private', 'payload', 'binary_payload'] as const

type Column = (typeof COLUMNS)[number]

export type RowReader = (values: readonly ColumnValue[]) => DatabaseBroadcast | null

/** A reader of the relation's rows, or `null` if it is not the messages' table. It answers `null` for no broadcast. */
export function messageReader(relation: Relation): RowReader | null {
  if (relation.schema !== 'realtime' || relation.name !== 'messages') return null
  const index = Object.fromEntries(COLUMNS.map(name => [name, relation.columns.indexOf(name)]))

  return values => {
    const column = (name: Column): Buffer | null => values[index[name] ?? -1] ?? null
    const text = (name: Column): string | null => column(name)?.toString() ?? null

    const id = text('id')
    const topic = text('topic')
    const event = text('event')
    if (text('extension') !== 'broadcast' || id === null || topic === null || event === null) return null

    const isPrivate = text('private') === 't'
    const json = column('payload')
    if (json) return { id, topic, event, isPrivate, encoding: 'json', payload: Buffer.from(json) }
    const bytes = text('binary_payload')
    if (!bytes?.startsWith('\\x')) return null
    return { id, topic, event, isPrivate, encoding: 'binary', payload: Buffer.from(bytes.slice(2), 'hex') }
  }
}
