/**
 * What goes over the wire is committed. Before each call that may change something the world is put back: from copies of
 * all rows, past the triggers.
 */
import type { Catalog } from '../catalog.ts'
import type { Session } from '../session.ts'

export async function keepCopy(session: Session, catalog: Catalog): Promise<() => Promise<void>> {
  const tables = catalog.tables
    .map(table => table.name)
    .filter(name => /^(public|private)\./.test(name) || name === 'storage.objects')
  const columns = new Map<string, string>()
  for (const row of await session.query(`
    select n.nspname || '.' || c.relname as table, string_agg(quote_ident(a.attname), ', ') as columns
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and c.relkind = 'r' group by 1`)) {
    columns.set(String(row.table), String(row.columns))
  }
  const copyOf = (table: string) => `kept.${table.replace('.', '_')}`
  await session.query(
    `create schema kept; ${tables.map(table => `create table ${copyOf(table)} as table ${table}`).join('; ')}`,
  )
  const back = tables
    .map(table => {
      const all = columns.get(table)
      return `delete from ${table}; insert into ${table} (${all}) overriding system value select ${all} from ${copyOf(table)}`
    })
    .join('; ')
  return async () => {
    await session.query(`begin; set local session_replication_role = replica; ${back}; commit`)
  }
}
