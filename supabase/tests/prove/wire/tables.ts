/** Tables through the gateway: the rows that are answered, and that no write is let through. */
import type { Catalog, CatalogTable } from '../catalog.ts'
import { inOrder } from '../cells/cell.ts'
import { TABLES } from '../cells/tables.ts'
import { PERSONAS, type Persona } from '../personas.ts'
import type { FoundCell } from '../results.ts'
import type { Session } from '../session.ts'
import { named } from '../world/ids.ts'
import { type Answer, type Ask, EXPIRED, wordOf } from './gateway.ts'

const DENIED = '42501'

export async function tablesOverTheWire(
  ask: Ask,
  session: Session,
  catalog: Catalog,
  restore: () => Promise<void>,
): Promise<FoundCell[]> {
  const found: FoundCell[] = []
  const add = (line: string, column: string, expected: string, actual: string) =>
    found.push({ section: 'Tables', line, column, expected, actual, isRight: expected === actual })
  const made = await madeColumns(session)
  for (const table of catalog.tables.filter(each => TABLES[each.name])) {
    const name = table.name.replace('public.', '')
    const rows = await ownRows(session, table)
    const [row] = rows
    const insertable = without(row, made.get(table.name) ?? [])
    const everything = inOrder(rows.map(each => keyOf(table, each)).join(' '))
    const filter = table.key.map(key => `${key}=eq.${encodeURIComponent(String(row?.[key]))}`).join('&')
    const [column = ''] = Object.keys(insertable).filter(each => !table.key.includes(each))
    const asEach = PERSONAS.map(async persona => {
      const read = await ask(persona, 'GET', `${name}?select=${table.key.join(',')}`)
      add(`${table.name} select`, persona, expectedRows(table, persona, everything), keysOf(table, read))
      if (persona === 'service') return
      const denied = persona === 'expired' ? EXPIRED : DENIED
      const change = { [column]: insertable[column] }
      add(`${table.name} insert`, persona, denied, wordOf(await ask(persona, 'POST', name, insertable)))
      add(
        `${table.name} update`,
        persona,
        denied,
        wordOf(await ask(persona, 'PATCH', `${name}?${filter}`, change)),
      )
      add(`${table.name} delete`, persona, denied, wordOf(await ask(persona, 'DELETE', `${name}?${filter}`)))
    })
    await Promise.all(asEach)
    // Last, because it is let through: with the secret key the very same requests are right.
    const allowed = TABLES[table.name]?.service === 'writes' ? 'ok' : DENIED
    const change = { [column]: insertable[column] }
    add(
      `${table.name} insert`,
      'service',
      allowed,
      letThrough(await ask('service', 'POST', name, insertable)),
    )
    add(
      `${table.name} update`,
      'service',
      allowed,
      letThrough(await ask('service', 'PATCH', `${name}?${filter}`, change)),
    )
  }
  await restore()
  return found
}

/** As their owner has them: whole. */
const ownRows = (session: Session, table: CatalogTable) =>
  session.query(`select * from ${table.name}`) as Promise<Record<string, unknown>[]>

/** Columns that PostgreSQL fills: to name one is another error than to be refused. */
async function madeColumns(session: Session): Promise<Map<string, string[]>> {
  const rows = await session.query(`
    select n.nspname || '.' || c.relname as table, array_agg(a.attname::text) as columns
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where a.attnum > 0 and not a.attisdropped and (a.attgenerated <> '' or a.attidentity <> '') group by 1`)
  return new Map(rows.map(row => [String(row.table), row.columns as string[]]))
}

const without = (row: Record<string, unknown> = {}, columns: readonly string[]) =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !columns.includes(name)))

/** A key that is taken comes after the checks of access: it is no refusal. */
const letThrough = (answer: Answer) => wordOf(answer).replace(/^23\w{3}$/, 'ok')

/** As `concat_ws` writes it. */
const keyOf = (table: CatalogTable, row: Record<string, unknown>) =>
  named(table.key.map(key => (row[key] === true ? 't' : String(row[key]))).join('/'))

function keysOf(table: CatalogTable, answer: Answer): string {
  if (answer.status >= 400) return wordOf(answer)
  const rows = answer.body as Record<string, unknown>[]
  return inOrder(rows.map(row => keyOf(table, row)).join(' '))
}

function expectedRows(table: CatalogTable, persona: Persona, everything: string): string {
  if (persona === 'expired') return EXPIRED
  if (persona === 'anon') return DENIED
  if (persona === 'service') return everything
  return inOrder(TABLES[table.name]?.sees[persona] ?? '')
}
