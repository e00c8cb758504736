/** Privileges: each that somebody has, taken; each that they have not, given. */
import type { Session } from '../session.ts'
import type { Mutant } from './mutant.ts'

interface Grant {
  about: string
  on: string
  role: string
  privilege: string
  has: boolean
}

const ROLES = "(values ('anon'), ('authenticated'), ('service_role')) r (role)"

const TABLES = `
  select 'table ' || n.nspname || '.' || c.relname as about, n.nspname || '.' || c.relname as on, role, privilege,
    has_table_privilege(role, c.oid, privilege) as has
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  cross join ${ROLES} cross join (values ('select'), ('insert'), ('update'), ('delete'), ('truncate')) p (privilege)
  where n.nspname in ('public', 'private') and c.relkind in ('r', 'p', 'v', 'm', 'f')`

/** Where a table is open by columns. */
const COLUMNS = `
  select 'table ' || n.nspname || '.' || c.relname as about, n.nspname || '.' || c.relname as on, 'authenticated' as role,
    privilege || ' (' || a.attname || ')' as privilege,
    has_column_privilege('authenticated', c.oid, a.attnum, privilege) as has
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  cross join (values ('select'), ('update')) p (privilege)
  where n.nspname = 'public' and c.relkind = 'r'
    and (privilege = 'update' or not has_table_privilege('authenticated', c.oid, 'select'))`

const FUNCTIONS = `
  select 'function ' || s.signature as about, 'function ' || s.signature as on, role, 'execute' as privilege,
    has_function_privilege(role, p.oid, 'execute') as has
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  cross join ${ROLES}
  cross join lateral (select n.nspname || '.' || p.proname || '(' || array_to_string(array(
    select format_type(t, null) from unnest(p.proargtypes) with ordinality a (t, place) order by place), ', ') || ')' as signature) s
  where n.nspname in ('public', 'private')`

const OTHERS = `
  select 'schema' as about, 'schema private' as on, role, 'usage' as privilege,
    has_schema_privilege(role, 'private', 'usage') as has from ${ROLES}
  union all
  select 'schema', 'schema ' || name, role, 'create', has_schema_privilege(role, name, 'create')
    from ${ROLES} cross join (values ('public'), ('private')) s (name)
  union all
  select 'schema', 'sequence public.' || c.relname, role, 'usage', has_sequence_privilege(role, c.oid, 'usage')
    from (select oid, relname from pg_class where relkind = 'S' and relnamespace = 'public'::regnamespace offset 0) c
    cross join ${ROLES} where role <> 'service_role'`

export async function privilegeMutants(session: Session): Promise<Mutant[]> {
  const grants: Grant[] = []
  for (const sql of [TABLES, COLUMNS, FUNCTIONS, OTHERS]) {
    grants.push(...((await session.query(sql)) as unknown as Grant[]))
  }
  return grants.map(({ about, on, role, privilege, has }) => ({
    id: `${on}: ${privilege} ${has ? 'revoked from' : 'granted to'} ${role}`,
    operator: has ? 'privilege taken' : 'privilege given',
    sql: has ? `revoke ${privilege} on ${on} from ${role}` : `grant ${privilege} on ${on} to ${role}`,
    about: [about],
  }))
}
