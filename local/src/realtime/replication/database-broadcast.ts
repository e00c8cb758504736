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

export type RowReader = (values: readonly ColumnValue[]) => DatabaseBroadcast | null

/** A reader of the relation's rows, or `null` if it is not the messages' table. It answers `null` for no broadcast. */
export function messageReader(relation: Relation): RowReader | null {
  if (relation.schema !== 'realtime' || relation.name !== 'messages') return null
  const place = (name: string) => relation.columns.findIndex(column => column.name === name)
  const at = {
    id: place('id'),
    topic: place('topic'),
    event: place('event'),
    extension: place('extension'),
    isPrivate: place('private'),
    json: place('payload'),
    binary: place('binary_payload'),
  }

  // No function is made here for each row: with the names that a loader gives to functions it would cost more than the rest.
  return values => {
    const id = text(values, at.id)
    const topic = text(values, at.topic)
    const event = text(values, at.event)
    if (text(values, at.extension) !== 'broadcast' || id === null || topic === null || event === null)
      return null

    const isPrivate = text(values, at.isPrivate) === 't'
    const json = values[at.json]
    if (json) return { id, topic, event, isPrivate, encoding: 'json', payload: Buffer.from(json) }
    const bytes = text(values, at.binary)
    if (!bytes?.startsWith('\\x')) return null
    return { id, topic, event, isPrivate, encoding: 'binary', payload: Buffer.from(bytes.slice(2), 'hex') }
  }
}

function text(values: readonly ColumnValue[], place: number): string | null {
  return values[place]?.toString() ?? null
}
