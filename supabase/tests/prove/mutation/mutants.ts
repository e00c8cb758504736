/** Everything that can be broken in this schema, from its catalog. */
import type { Catalog, CatalogFunction } from '../catalog.ts'
import type { Session } from '../session.ts'
import { functionMutants } from './functions.ts'
import { type Mutant, numbered } from './mutant.ts'
import { policyMutants } from './policies.ts'
import { privilegeMutants } from './privileges.ts'

export async function allMutants(session: Session, catalog: Catalog): Promise<Mutant[]> {
  return numbered([
    ...policyMutants(catalog),
    ...(await privilegeMutants(session)),
    ...catalog.functions.flatMap(fn => functionMutants(fn, whereUsed(catalog, fn))),
    ...catalog.triggers.map(
      ({ table, name }): Mutant => ({
        ...{ id: `${table} trigger ${name}: off`, operator: 'trigger off' },
        sql: `alter table ${table} disable trigger ${name}`,
        about: ['triggers', `table ${table}`],
      }),
    ),
  ])
}

/** What the cells that a function has a part in are about: the nearest first. */
function whereUsed(catalog: Catalog, fn: CatalogFunction): string[] {
  const found = new Set<CatalogFunction>([fn])
  const about: string[] = []
  for (const each of found) {
    const name = `${each.schema}.${each.name}(`
    about.push(`function ${each.signature}`)
    if (each.isTrigger) about.push('triggers')
    for (const table of catalog.tables) {
      if (table.policies.some(policy => `${policy.using} ${policy.check}`.includes(name))) {
        about.push(`table ${table.name}`)
        if (table.name === 'storage.objects') about.push('storage')
        if (table.name === 'realtime.messages') about.push('topics')
      }
    }
    for (const caller of catalog.functions) if (caller.definition.includes(name)) found.add(caller)
  }
  return about
}
