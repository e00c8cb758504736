/** What a subscriber is told of a change, as JSON text. Pure: the values are the database's own JSON, never parsed. */

import type { ChangeAnswer } from './change-checks.ts'
import type { TableChange } from './table-change.ts'

const UNAUTHORIZED = 'Error 401: Unauthorized'
const NO_PRIMARY_KEY = 'Error 400: Bad Request, no primary key'
const TOO_LARGE = 'Error 413: Payload Too Large'

/** Why a role is told of the change but not of the row; null if it is. */
export function refusalOf(change: TableChange, answer: ChangeAnswer, role: string): string | null {
  const readable = answer.readableColumns(role)
  if (change.type !== 'DELETE' && answer.isRlsEnabled && answer.key.size === 0) return NO_PRIMARY_KEY
  // Whether a row may be seen is asked by its key.
  if (readable.size === 0 || (change.type !== 'DELETE' && ![...answer.key].every(name => readable.has(name))))
    return UNAUTHORIZED
  return null
}

export function refusedData(change: TableChange, error: string): string {
  return dataText(change, [], {}, [error])
}

/** `select`: columns wanted beside the key; null for all. */
export function changeData(
  change: TableChange,
  answer: ChangeAnswer,
  role: string,
  select: readonly string[] | null,
  isOversize: boolean,
): string {
  const readable = answer.readableColumns(role)
  const isTold = (name: string) =>
    readable.has(name) && (select === null || select.includes(name) || answer.key.has(name))
  const isKey = (name: string) => isTold(name) && answer.key.has(name)

  const record = (row: readonly (string | null)[] | null, isWanted: (name: string) => boolean) => {
    const members = change.columns.flatMap(({ name }, i) => {
      const value = row?.[i] ?? null
      return value !== null && isWanted(name) ? [`${JSON.stringify(name)}:${value}`] : []
    })
    return `{${members.join(',')}}`
  }

  const columns = change.columns.flatMap(({ name }, i) =>
    isTold(name) ? [JSON.stringify({ name, type: answer.types[i] })] : [],
  )
  const rows: Record<string, string> = {}
  if (change.type !== 'DELETE') rows.record = record(answer.newRow, isTold)
  if (change.type === 'UPDATE') {
    // The key did not change, if nothing of the old row was sent.
    rows.old_record = answer.oldRow ? record(answer.oldRow, isTold) : record(answer.newRow, isKey)
  }
  // Whether a subscriber could see a row that is gone cannot be asked any more.
  if (change.type === 'DELETE') rows.old_record = record(answer.oldRow, answer.isRlsEnabled ? isKey : isTold)
  return dataText(change, columns, rows, isOversize ? [TOO_LARGE] : null)
}

export function payloadText(ids: readonly number[], data: string): string {
  return `{"ids":${JSON.stringify(ids)},"data":${data}}`
}

function dataText(
  { schema, table, type, committedAtMs }: TableChange,
  columns: readonly string[],
  rows: Record<string, string>,
  errors: readonly string[] | null,
): string {
  const members = [
    `"schema":${JSON.stringify(schema)}`,
    `"table":${JSON.stringify(table)}`,
    `"type":"${type}"`,
    `"commit_timestamp":"${new Date(committedAtMs).toISOString()}"`,
    `"columns":[${columns.join(',')}]`,
    ...Object.entries(rows).map(([name, row]) => `"${name}":${row}`),
    `"errors":${JSON.stringify(errors)}`,
  ]
  return `{${members.join(',')}}`
}
