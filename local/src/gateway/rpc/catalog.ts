/**
 * The functions of schema public as callers see them, read from pg_proc when first needed and again whenever somebody
 * asks for one that is not there (a migration may just have made it).
 */
import type { Pool } from 'pg'

export interface RpcArgument {
  name: string
  /** As SQL writes it, for instance `uuid` or `text[]`. */
  type: string
  isRequired: boolean
}

export interface RpcFunction {
  name: string
  /** Input arguments only, in order. */
  args: RpcArgument[]
  isVolatile: boolean
  isVariadic: boolean
  returnsSet: boolean
  returns: 'void' | 'scalar' | 'composite'
}

export interface Catalog {
  /** By name; several where a name is overloaded. */
  functions: ReadonlyMap<string, readonly RpcFunction[]>
  /** `statement_timeout` of each role, as text; PostgreSQL does not apply it on `set role`. */
  timeouts: ReadonlyMap<string, string>
}

const FUNCTIONS = `
select
  p.proname as "name",
  p.provolatile = 'v' as "isVolatile",
  p.provariadic <> 0 as "isVariadic",
  p.proretset as "returnsSet",
  case
    when p.prorettype = 'void'::regtype then 'void'
    when t.typtype = 'c' or p.proargmodes && '{o,b,t}' then 'composite'
    else 'scalar'
  end as "returns",
  coalesce((
    select json_agg(json_build_object(
      'name', coalesce(a.name, ''),
      'type', format_type(a.type, null),
      'isRequired', a.place <= p.pronargs - p.pronargdefaults
    ) order by a.place)
    from (
      select every.name, every.type, row_number() over (order by every.ord) as place
      from unnest(
        coalesce(p.proallargtypes, p.proargtypes::oid[]),
        p.proargnames,
        p.proargmodes
      ) with ordinality as every (type, name, mode, ord)
      where coalesce(every.mode, 'i') in ('i', 'b', 'v')
    ) as a
  ), '[]') as args
from pg_proc as p
join pg_type as t on t.oid = p.prorettype
where p.pronamespace = 'public'::regnamespace
  and p.prokind = 'f'
  and t.typname not in ('trigger', 'event_trigger', 'internal', 'language_handler', 'cstring')
`

const TIMEOUTS = `
select r.rolname as role, substring(setting from '=(.*)$') as timeout
from pg_roles as r, unnest(r.rolconfig) as setting
where setting like 'statement_timeout=%'
`

export interface CatalogReader {
  read(): Promise<Catalog>
  /** Read it anew; calls made meanwhile share one reading. */
  reload(): Promise<Catalog>
  /** Something answered as if it had changed: the next reader reads anew. */
  invalidate(): void
}

export function createCatalogReader(pool: Pool): CatalogReader {
  let known: Promise<Catalog> | null = null
  let isReading = false

  const load = async (): Promise<Catalog> => {
    const functions = new Map<string, RpcFunction[]>()
    const { rows } = await pool.query<RpcFunction>(FUNCTIONS)
    for (const row of rows) {
      const overloads = functions.get(row.name)
      if (overloads) overloads.push(row)
      else functions.set(row.name, [row])
    }
    const timeouts = await pool.query<{ role: string; timeout: string }>(TIMEOUTS)
    return { functions, timeouts: new Map(timeouts.rows.map(row => [row.role, row.timeout])) }
  }

  const reload = (): Promise<Catalog> => {
    if (known && isReading) return known
    isReading = true
    const reading = load().finally(() => {
      isReading = false
    })
    known = reading
    reading.catch(() => {
      if (known === reading) known = null
    })
    return reading
  }

  return {
    read: () => known ?? reload(),
    reload,
    invalidate: () => {
      if (!isReading) known = null
    },
  }
}
