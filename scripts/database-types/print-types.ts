/**
 * From a schema's catalog to the `Database` of supabase-js's `createClient<Database>`: the shape that
 * `supabase gen types typescript` gives, with two differences.
 *
 * - A text column whose check names its values is the union of them.
 * - An argument with a default takes null too: in Bedside that means the default (docs/architecture.md). It saves every
 *   caller from building an object that leaves the key out.
 *
 * What PostgreSQL cannot say is taken as Supabase takes it: a function answers without null, an array holds none, a
 * view's column may be null. Views are for reading.
 */
import type { Catalog, Column, DatabaseFunction, ForeignKey, Relation } from './catalog.ts'

/** As PostgREST answers them. Whatever is not here arrives as text. */
const OF_JSON: Readonly<Record<string, string>> = {
  bool: 'boolean',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  float4: 'number',
  float8: 'number',
  numeric: 'number',
  json: 'Json',
  jsonb: 'Json',
  record: 'Record<string, unknown>',
  void: 'undefined',
}
const NONE = '{ [_ in never]: never }'

const LITERAL = `'(?:[^']|'')*'::(?:text|character varying)`
const COLUMN = `(?:"(?:[^"]|"")+"|\\w+)(?:::text)?`
const MANY = `ANY \\(\\(?ARRAY\\[(?<many>${LITERAL}(?:, ${LITERAL})*)\\]\\)?(?:::text\\[\\])?\\)`
const ONE_OF = new RegExp(
  `^(?:${COLUMN} IS NULL OR )?\\(?${COLUMN} = (?:${MANY}|(?<one>${LITERAL}))\\)?$`,
  'u',
)

/** Valid TypeScript, still to be formatted. The order of the rows makes no difference. */
export function printTypes(catalog: Catalog, schema: string): string {
  const here = `Database[${quoted(schema)}]`
  const relations = sorted(catalog.relations, relation => relation.name)
  const relationOf = (id: string) => {
    const type = catalog.types.get(id)
    return type?.schema === schema ? relations.find(({ name }) => name === type.name) : undefined
  }

  function typeOf(id: string): string {
    const type = catalog.types.get(id)
    if (!type) return 'unknown'
    if (type.element) return `(${typeOf(type.element)})[]`
    if (type.base) return union(type.checks) ?? typeOf(type.base)
    if (type.labels) {
      return type.schema === schema ? `${here}['Enums'][${quoted(type.name)}]` : oneOf(type.labels)
    }
    const relation = relationOf(id)
    if (relation) return rowOf(relation)
    if (type.schema === 'pg_catalog' && Object.hasOwn(OF_JSON, type.name)) return OF_JSON[type.name] ?? ''
    return type.isPseudo ? 'unknown' : 'string'
  }

  const rowOf = ({ is, name }: Relation): string =>
    `${here}['${is}'][${quoted(name)}]${is === 'CompositeTypes' ? '' : "['Row']"}`

  function field(column: Column, mark: '' | '?'): string {
    const value = `${union(column.checks) ?? typeOf(column.type)}${column.isNullable ? ' | null' : ''}`
    return `${quoted(column.name)}${mark}: ${value}`
  }

  function written(column: Column, isOptional: boolean): string {
    if (column.isComputed) return `${quoted(column.name)}?: never`
    return field(column, isOptional ? '?' : '')
  }

  function relationType({ is, name, columns }: Relation): string {
    const ordered = sorted(columns, column => column.name)
    const row = object(ordered.map(column => field(column, '')))
    if (is === 'CompositeTypes') return row
    if (is === 'Views') return object([`Row: ${row}`, 'Relationships: []'])
    const links = sorted(
      catalog.foreignKeys.filter(({ table }) => table === name),
      key => key.name,
    )
    return object([
      `Row: ${row}`,
      `Insert: ${object(ordered.map(column => written(column, column.isNullable || column.hasDefault)))}`,
      `Update: ${object(ordered.map(column => written(column, true)))}`,
      `Relationships: [${links.map(relationship).join(', ')}]`,
    ])
  }

  function functionType({ args, defaults, returns, returnsSet }: DatabaseFunction): string {
    const taken = args.filter(({ mode }) => 'ibv'.includes(mode))
    const given = args.filter(({ mode }) => 'otb'.includes(mode))
    const fields = taken.map(({ name, type }, place) =>
      place < taken.length - defaults
        ? `${quoted(name)}: ${typeOf(type)}`
        : `${quoted(name)}?: ${typeOf(type)} | null`,
    )
    const columns = given.map(({ name, type }) => `${quoted(name)}: ${typeOf(type)}`)
    const answer = columns.length > 0 ? object(sorted(columns, text => text)) : typeOf(returns)
    const relation = relationOf(returns)
    const parts = [
      `Args: ${fields.length > 0 ? object(sorted(fields, text => text)) : 'Record<PropertyKey, never>'}`,
      `Returns: ${returnsSet ? `(${answer})[]` : answer}`,
    ]
    if (relation && relation.is !== 'CompositeTypes') {
      const to = `from: '*'; to: ${quoted(relation.name)}`
      parts.push(`SetofOptions: { ${to}; isOneToOne: ${!returnsSet}; isSetofReturn: ${returnsSet} }`)
    }
    return object(parts)
  }

  const section = (is: Relation['is']): string =>
    object(
      relations.filter(each => each.is === is).map(each => `${quoted(each.name)}: ${relationType(each)}`),
    )

  // A function is called by the names of its arguments.
  const callable = catalog.functions.filter(({ args }) =>
    args.every(({ name, mode }) => name !== '' || mode === 'o'),
  )
  const functions = [...new Set(callable.map(({ name }) => name))].map(name => {
    const overloads = callable.filter(each => each.name === name).map(functionType)
    return `${quoted(name)}: ${sorted(overloads, text => text).join(' | ')}`
  })
  const enums = [...catalog.types.values()]
    .filter(type => type.schema === schema)
    .flatMap(({ name, labels }) => (labels ? [`${quoted(name)}: ${oneOf(labels)}`] : []))

  return `// Made from the migrated database by \`npm run types\`; a test fails when it is stale.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = ${object([
    `${quoted(schema)}: ${object([
      `Tables: ${section('Tables')}`,
      `Views: ${section('Views')}`,
      `Functions: ${object(sorted(functions, text => text))}`,
      `Enums: ${object(sorted(enums, text => text))}`,
      `CompositeTypes: ${section('CompositeTypes')}`,
    ])}`,
  ])}
`
}

const relationship = (key: ForeignKey): string =>
  object([
    `foreignKeyName: ${quoted(key.name)}`,
    `columns: ${JSON.stringify(key.columns)}`,
    `isOneToOne: ${key.isOneToOne}`,
    `referencedRelation: ${quoted(key.target)}`,
    `referencedColumns: ${JSON.stringify(key.targetColumns)}`,
  ])

/** The values that a check lets through, when it names them and nothing else. */
function union(checks: readonly string[] | null): string | null {
  for (const check of checks ?? []) {
    const { many, one } = ONE_OF.exec(check)?.groups ?? {}
    const literals = (many ?? one)?.match(/'(?:[^']|'')*'/gu)
    if (literals) return oneOf(literals.map(literal => literal.slice(1, -1).replaceAll("''", "'")))
  }
  return null
}

const quoted = (text: string): string => JSON.stringify(text)
const oneOf = (values: readonly string[]): string => values.map(quoted).join(' | ')
const object = (fields: readonly string[]): string =>
  fields.length > 0 ? `{\n${fields.join('\n')}\n}` : NONE

/** By code points, which no locale changes. */
function sorted<T>(values: readonly T[], key: (value: T) => string): T[] {
  return values.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}
