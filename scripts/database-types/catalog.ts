/** What PostgreSQL's catalog says about one schema, as far as types of the client need it. */
import type { Client } from 'pg'

export interface Catalog {
  relations: Relation[]
  foreignKeys: ForeignKey[]
  /** Only those that `authenticated` may execute. */
  functions: DatabaseFunction[]
  /** Of every schema, by oid. */
  types: ReadonlyMap<string, DatabaseType>
}

export interface Relation {
  name: string
  is: 'Tables' | 'Views' | 'CompositeTypes'
  columns: Column[]
}

export interface Column {
  name: string
  type: string
  isNullable: boolean
  hasDefault: boolean
  /** Generated: PostgreSQL refuses a value of the client's. */
  isComputed: boolean
  /** Conditions on this column alone. */
  checks: string[] | null
}

export interface ForeignKey {
  name: string
  table: string
  columns: string[]
  target: string
  targetColumns: string[]
  isOneToOne: boolean
}

export interface DatabaseFunction {
  name: string
  /** `mode` is pg_proc's: in, inout (b), variadic; out, table. */
  args: { name: string; type: string; mode: 'i' | 'b' | 'v' | 'o' | 't' }[]
  /** How many of the last input arguments have a default. */
  defaults: number
  returns: string
  returnsSet: boolean
}

export interface DatabaseType {
  schema: string
  name: string
  isPseudo: boolean
  /** Of an array. */
  element: string | null
  /** Of a domain. */
  base: string | null
  checks: string[] | null
  /** Of an enum. */
  labels: string[] | null
}

/** A partition is nobody's to name, and may be of a day. */
const RELATIONS = `
select c.relname as name,
  case when c.relkind in ('v', 'm') then 'Views' when c.relkind = 'c' then 'CompositeTypes' else 'Tables' end as is,
  coalesce(json_agg(json_build_object(
    'name', a.attname,
    'type', a.atttypid::text,
    'isNullable', not (a.attnotnull or t.typnotnull),
    'hasDefault', a.atthasdef or a.attidentity <> '' or t.typdefault is not null,
    'isComputed', a.attgenerated <> '' or a.attidentity = 'a',
    'checks', (
      select json_agg(pg_get_expr(k.conbin, k.conrelid, true) order by k.oid) from pg_constraint k
      where k.conrelid = c.oid and k.contype = 'c' and k.convalidated and k.conkey = array[a.attnum]
    )
  )) filter (where a.attnum is not null), '[]') as columns
from pg_class c
left join (pg_attribute a join pg_type t on t.oid = a.atttypid)
  on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p', 'f', 'v', 'm', 'c') and not c.relispartition
group by c.oid`

const FOREIGN_KEYS = `
select k.conname as name, c.relname as "table", target.relname as target,
  (select json_agg(a.attname order by key.place) from unnest(k.conkey) with ordinality key (number, place)
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = key.number) as columns,
  (select json_agg(a.attname order by key.place) from unnest(k.confkey) with ordinality key (number, place)
    join pg_attribute a on a.attrelid = k.confrelid and a.attnum = key.number) as "targetColumns",
  exists (
    select from pg_constraint u where u.conrelid = k.conrelid and u.contype in ('p', 'u') and u.conkey <@ k.conkey
  ) as "isOneToOne"
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_class target on target.oid = k.confrelid
where k.contype = 'f' and c.relnamespace = $1::regnamespace and target.relnamespace = $1::regnamespace
  and not c.relispartition and k.conparentid = 0`

const FUNCTIONS = `
select p.proname as name, p.pronargdefaults as defaults, p.prorettype::text as returns, p.proretset as "returnsSet",
  coalesce((
    select json_agg(json_build_object(
      'name', coalesce(a.name, ''), 'type', a.type::text, 'mode', coalesce(a.mode, 'i')) order by a.place)
    from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargnames, p.proargmodes)
      with ordinality a (type, name, mode, place)
  ), '[]') as args
from pg_proc p
where p.pronamespace = $1::regnamespace and p.prokind = 'f'
  and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
  and has_function_privilege('authenticated', p.oid, 'execute')`

const TYPES = `
select t.oid::text as id, n.nspname as schema, t.typname as name, t.typtype = 'p' as "isPseudo",
  case when t.typcategory = 'A' then nullif(t.typelem, 0)::text end as element,
  nullif(t.typbasetype, 0)::text as base,
  (select json_agg(pg_get_expr(k.conbin, 0, true) order by k.oid)
    from pg_constraint k where k.contypid = t.oid and k.contype = 'c' and k.convalidated) as checks,
  (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) as labels
from pg_type t join pg_namespace n on n.oid = t.typnamespace`

export async function readCatalog(client: Client, schema: string): Promise<Catalog> {
  const [relations, foreignKeys, functions, types] = [
    await client.query<Relation>(RELATIONS, [schema]),
    await client.query<ForeignKey>(FOREIGN_KEYS, [schema]),
    await client.query<DatabaseFunction>(FUNCTIONS, [schema]),
    await client.query<DatabaseType & { id: string }>(TYPES),
  ]
  return {
    relations: relations.rows,
    foreignKeys: foreignKeys.rows,
    functions: functions.rows,
    types: new Map(types.rows.map(({ id, ...type }) => [id, type])),
  }
}
