/** What there is to be proven: read from the database, so that nothing can be left out by forgetting it. */
import type { Session } from './session.ts'

export interface CatalogTable {
  /** With its schema. */
  readonly name: string
  readonly columns: readonly string[]
  readonly key: readonly string[]
  readonly hasRowSecurity: boolean
  readonly policies: readonly CatalogPolicy[]
}

export interface CatalogPolicy {
  readonly table: string
  readonly name: string
  /** `select`, `insert` … or `all`. */
  readonly verb: string
  readonly roles: readonly string[]
  readonly isPermissive: boolean
  readonly using: string | null
  readonly check: string | null
}

export interface CatalogFunction {
  /** As in `public.open_room(uuid)`. */
  readonly signature: string
  readonly schema: 'public' | 'private'
  readonly name: string
  readonly argNames: readonly string[]
  readonly argTypes: readonly string[]
  readonly isDefiner: boolean
  readonly isVolatile: boolean
  readonly isTrigger: boolean
  readonly config: readonly string[]
  readonly definition: string
}

export interface CatalogTrigger {
  readonly table: string
  readonly name: string
}

export interface Catalog {
  readonly tables: readonly CatalogTable[]
  readonly functions: readonly CatalogFunction[]
  readonly triggers: readonly CatalogTrigger[]
  readonly buckets: readonly string[]
}

const TABLES = `
  select c.oid::regclass::text as bare, n.nspname || '.' || c.relname as name, c.relrowsecurity as "hasRowSecurity",
    array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      order by a.attnum) as columns,
    array(select a.attname::text from pg_index i cross join unnest(i.indkey::int2[]) with ordinality k (n, place)
      join pg_attribute a on a.attrelid = c.oid and a.attnum = k.n
      where i.indrelid = c.oid and i.indisprimary order by k.place) as key
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and (n.nspname in ('public', 'private')
    or c.oid in ('storage.objects'::regclass, 'storage.buckets'::regclass, 'realtime.messages'::regclass))
  order by n.nspname desc, c.relname`

const POLICIES = `
  select p.schemaname || '.' || p.tablename as table, p.policyname as name, lower(p.cmd) as verb, p.roles::text[] as roles,
    p.permissive = 'PERMISSIVE' as "isPermissive", p.qual as using, p.with_check as check
  from pg_policies p where p.schemaname in ('public', 'private', 'storage', 'realtime') order by 1, 2`

const FUNCTIONS = `
  select n.nspname || '.' || p.proname || '(' || array_to_string(array(
      select format_type(t, null) from unnest(p.proargtypes) with ordinality a (t, place) order by place), ', ') || ')'
      as signature,
    n.nspname as schema, p.proname as name, p.prosecdef as "isDefiner", p.provolatile = 'v' as "isVolatile",
    p.prorettype = 'trigger'::regtype as "isTrigger", coalesce(p.proconfig, '{}') as config,
    coalesce(p.proargnames[1 : p.pronargs], '{}') as "argNames",
    array(select format_type(t, null) from unnest(p.proargtypes) with ordinality a (t, place) order by place) as "argTypes",
    pg_get_functiondef(p.oid) as definition
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname in ('public', 'private') and p.prokind in ('f', 'p')
    and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  order by n.nspname desc, p.proname`

const TRIGGERS = `
  select n.nspname || '.' || c.relname as table, t.tgname as name
  from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
  where not t.tgisinternal and n.nspname in ('public', 'private') order by 1, 2`

export async function readCatalog(session: Session): Promise<Catalog> {
  const read = <T>(sql: string) => session.query(sql) as Promise<unknown> as Promise<T[]>
  const [tables, policies, functions, triggers, buckets] = await Promise.all([
    read<Omit<CatalogTable, 'policies'>>(TABLES),
    read<CatalogPolicy>(POLICIES),
    read<CatalogFunction>(FUNCTIONS),
    read<CatalogTrigger>(TRIGGERS),
    read<{ id: string }>('select id from storage.buckets order by id'),
  ])
  return {
    tables: tables.map(table => ({
      ...table,
      policies: policies.filter(policy => policy.table === table.name),
    })),
    functions,
    triggers,
    buckets: buckets.map(bucket => bucket.id),
  }
}
