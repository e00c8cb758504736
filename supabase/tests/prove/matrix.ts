/** All cells that are asked by SQL, and what the catalog has and nobody has declared. */
import type { Catalog } from './catalog.ts'
import type { Cell } from './cells/cell.ts'
import { functionCells, plainCells, undeclaredFunctions } from './cells/functions.ts'
import { privilegeCells, schemaCells, undeclaredHelpers, undeclaredPolicies } from './cells/privileges.ts'
import { storageCells, undeclaredBuckets } from './cells/storage.ts'
import { tableCells, undeclaredTables } from './cells/tables.ts'
import { topicCells, undeclaredTopics } from './cells/topics.ts'
import { AUDIT_CHAIN, OPENING } from './expectations/audit-chain.ts'
import { FUNCTIONS } from './expectations/functions.ts'
import { JOBS } from './expectations/jobs.ts'
import { TRIGGERS } from './expectations/triggers.ts'

export interface Section {
  readonly title: string
  readonly cells: readonly Cell[]
}

export function matrix(catalog: Catalog): Section[] {
  return [
    { title: 'Tables', cells: tableCells(catalog) },
    { title: 'Storage', cells: storageCells() },
    { title: 'Topics', cells: topicCells() },
    { title: 'Functions', cells: functionCells(catalog, FUNCTIONS) },
    {
      title: 'Helpers, triggers and jobs',
      cells: [
        ...Object.entries(JOBS).flatMap(([name, cases]) =>
          plainCells(catalog, name.startsWith('table ') ? name : `function ${name}`, cases),
        ),
        ...plainCells(catalog, 'function private.verify_audit_log(uuid, jsonb)', AUDIT_CHAIN),
        ...plainCells(catalog, 'function private.next_opening(timestamp with time zone)', OPENING),
        ...plainCells(catalog, 'triggers', TRIGGERS),
      ],
    },
    { title: 'Privileges', cells: privilegeCells(catalog) },
    { title: 'Schema', cells: schemaCells(catalog) },
  ]
}

/** Each says what to add. Not empty: the matrix proves nothing about those. */
export function undeclared(catalog: Catalog): string[] {
  return [
    ...undeclaredTables(catalog),
    ...undeclaredPolicies(catalog),
    ...undeclaredFunctions(catalog, FUNCTIONS),
    ...undeclaredHelpers(catalog),
    ...undeclaredTopics(catalog),
    ...undeclaredBuckets(catalog),
  ]
}
