/** Policies and row security, broken. */
import type { Catalog, CatalogPolicy, CatalogTable } from '../catalog.ts'
import { leavesOf } from './conditions.ts'
import type { Mutant } from './mutant.ts'
import { nest, splice, tokenize } from './tokens.ts'

export function policyMutants(catalog: Catalog): Mutant[] {
  return catalog.tables.flatMap(table => [
    ...(table.hasRowSecurity
      ? [
          {
            id: `${table.name}: row security off`,
            operator: 'row security off' as const,
            sql: `alter table ${table.name} disable row level security`,
            about: aboutOf(table.name),
          },
        ]
      : []),
    ...table.policies.flatMap(policy => [
      dropped(policy),
      ...alwaysTrue(policy),
      ...withoutConditions(policy),
      forEverybody(policy),
    ]),
  ])
}

function aboutOf(table: CatalogTable['name']): string[] {
  if (table === 'storage.objects' || table === 'storage.buckets') return ['storage']
  if (table === 'realtime.messages') return ['topics']
  return [`table ${table}`]
}

const of = (policy: CatalogPolicy) => `${policy.table} ${policy.name}`
const alter = (policy: CatalogPolicy, what: string) =>
  `alter policy ${policy.name} on ${policy.table} ${what}`

const dropped = (policy: CatalogPolicy): Mutant => ({
  id: `${of(policy)}: dropped`,
  operator: 'policy dropped',
  sql: `drop policy ${policy.name} on ${policy.table}`,
  about: aboutOf(policy.table),
})

const forEverybody = (policy: CatalogPolicy): Mutant => ({
  id: `${of(policy)}: to public`,
  operator: 'policy for everybody',
  sql: alter(policy, 'to public'),
  about: aboutOf(policy.table),
})

const clauses = (policy: CatalogPolicy): [clause: string, text: string][] => [
  ...(policy.using === null ? [] : [['using', policy.using] as [string, string]]),
  ...(policy.check === null ? [] : [['with check', policy.check] as [string, string]]),
]

const alwaysTrue = (policy: CatalogPolicy): Mutant[] =>
  clauses(policy).map(([clause]) => ({
    id: `${of(policy)}: ${clause} (true)`,
    operator: 'policy always true',
    sql: alter(policy, `${clause} (true)`),
    about: aboutOf(policy.table),
  }))

const withoutConditions = (policy: CatalogPolicy): Mutant[] =>
  clauses(policy).flatMap(([clause, text]) => {
    const leaves = leavesOf(nest(tokenize(`where ${text}`))).map(leaf => ({
      ...leaf,
      start: leaf.start - 'where '.length,
      end: leaf.end - 'where '.length,
    }))
    // A single one is all of it: that is "always true".
    return leaves
      .filter(() => leaves.length > 1)
      .map(leaf => ({
        id: `${of(policy)}: ${clause} without «${text.slice(leaf.start, leaf.end).replace(/\s+/g, ' ')}»`,
        operator: 'condition of a policy left out',
        sql: alter(policy, `${clause} (${splice(text, leaf.start, leaf.end, leaf.neutral)})`),
        about: aboutOf(policy.table),
      }))
  })
