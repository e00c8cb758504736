/**
 * What the database is asked about subscriptions to table changes: whether one may be made, and, once per change, which
 * of them it is for. Everything that a client wrote travels as a parameter. See sql/realtime-changes.sql.
 */

import type pg from 'pg'
import type { Identity } from '../tokens.ts'
import type { ChangeParams } from './change-params.ts'
import type { ChangeFilter } from './filter.ts'
import type { Subscription } from './subscriptions.ts'
import type { Row, TableChange } from './table-change.ts'

/** How a change looks to its subscribers. Lists of values are in the order of the change's columns. */
export interface ChangeAnswer {
  readonly isRlsEnabled: boolean
  /** Of the table's primary key. */
  readonly key: ReadonlySet<string>
  readonly types: readonly string[]
  /** JSON texts; null for what is not to be told. */
  readonly newRow: readonly (string | null)[] | null
  readonly oldRow: readonly (string | null)[] | null
  /** SQLSTATEs of filters and policies that failed: each counted as a no. */
  readonly failures: readonly string[]
  readableColumns(role: string): ReadonlySet<string>
  /** Whether the subscription's filters match and its policies let its claims see the row. */
  isFor(subscription: Subscription): boolean
}

interface RawAnswer {
  readonly is_rls_enabled: boolean
  readonly key: string[]
  readonly types: string[]
  readonly roles: Record<string, string[]>
  readonly new_row: (string | null)[] | null
  readonly old_row: (string | null)[] | null
  readonly filters: boolean[]
  readonly readers: boolean[]
  readonly failures: string[]
}

interface Reader {
  readonly role: string
  readonly claims: string
  readonly subject: string
  readonly filters: Set<number>
}

/** Values longer than this are left out of a row that is too large. */
const OVERSIZE_VALUE_MAX_BYTES = 64
const NONE: ReadonlySet<string> = new Set()

export interface RefusedSubscription {
  readonly index: number
  readonly reason: 'unpublished' | 'invalid'
}

/** Equal questions asked at one time are asked of the database once: after an outage everybody joins again. */
export class SubscriptionChecks {
  readonly #pool: pg.Pool
  readonly #inFlight = new Map<string, Promise<RefusedSubscription | null>>()

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  /** Null if all may be subscribed to. */
  firstRefused(role: string, params: readonly ChangeParams[]): Promise<RefusedSubscription | null> {
    const wanted = params.map(({ schema, table, filters, select }) => ({
      ...{ schema, table },
      columns: select ?? [],
      filters: filters.map(toSql),
    }))
    const question = JSON.stringify([role, wanted])
    const asked = this.#inFlight.get(question)
    if (asked) return asked
    const answer = this.#ask(role, JSON.stringify(wanted)).finally(() => this.#inFlight.delete(question))
    this.#inFlight.set(question, answer)
    return answer
  }

  async #ask(role: string, wanted: string): Promise<RefusedSubscription | null> {
    const { rows } = await this.#pool.query<RefusedSubscription>(
      `select listed.position::integer - 1 as index, answer as reason
       from jsonb_array_elements($2::jsonb) with ordinality as listed (wanted, position),
         lateral realtime.check_subscription($1, listed.wanted) as answer
       where answer <> 'ok'
       order by listed.position
       limit 1`,
      [role, wanted],
    )
    return rows[0] ?? null
  }
}

/** One call, however many the subscriptions: equal filters and equal claims are asked once. Null: the table is gone. */
export async function checkChange(
  pool: pg.Pool,
  change: TableChange,
  subscriptions: readonly Subscription[],
  isOversize: boolean,
): Promise<ChangeAnswer | null> {
  const filters = new Map<string, number>()
  const readers = new Map<string, Reader>()
  for (const { channel, params } of subscriptions) {
    const filter = filterKey(params)
    if (!filters.has(filter)) filters.set(filter, filters.size)
    const key = readerKey(channel.identity)
    const { role, claimsJson, subject } = channel.identity
    const reader = readers.get(key) ?? { role, claims: claimsJson, subject, filters: new Set() }
    readers.set(key, reader)
    reader.filters.add(filters.get(filter) ?? 0)
  }
  const asked = [...readers.values()].map(reader => ({ ...reader, filters: [...reader.filters] }))
  const { rows } = await pool.query<{ answer: RawAnswer | null }>({
    name: 'check_change',
    text: 'select realtime.check_change($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as answer',
    values: [
      change.relationOid,
      change.transactionId,
      change.type,
      change.columns.map(column => column.name),
      change.columns.map(column => column.typeOid),
      ...textsAndKnown(change.newRow),
      ...textsAndKnown(change.oldRow),
      isOversize ? OVERSIZE_VALUE_MAX_BYTES : null,
      `[${[...filters.keys()].join(',')}]`,
      JSON.stringify(asked),
    ],
  })
  const answer = rows[0]?.answer
  if (!answer) return null
  const passed = new Map([...filters].map(([key, index]) => [key, answer.filters[index] === true]))
  const visible = new Map([...readers.keys()].map((key, index) => [key, answer.readers[index] === true]))
  const readable = new Map(Object.entries(answer.roles).map(([role, names]) => [role, new Set(names)]))
  return {
    isRlsEnabled: answer.is_rls_enabled,
    key: new Set(answer.key),
    types: answer.types,
    newRow: answer.new_row,
    oldRow: answer.old_row,
    failures: answer.failures,
    readableColumns: role => readable.get(role) ?? NONE,
    isFor({ channel, params }) {
      // A right to read it may have been taken away since the subscription: a match would tell the value.
      const columns = readable.get(channel.identity.role)
      if (!params.filters.every(({ column }) => columns?.has(column))) return false
      return passed.get(filterKey(params)) === true && visible.get(readerKey(channel.identity)) === true
    },
  }
}

function readerKey({ role, claimsJson }: Identity): string {
  return `${role} ${claimsJson}`
}

function filterKey({ filters }: ChangeParams): string {
  return JSON.stringify(filters.map(toSql))
}

function toSql({ column, operator, isNegated, values }: ChangeFilter) {
  return { column, operator, is_negated: isNegated, values }
}

function textsAndKnown(row: Row | null): [unknown, unknown] {
  if (!row) return [null, null]
  return [row.map(text => text ?? null), row.map(text => text !== undefined)]
}
