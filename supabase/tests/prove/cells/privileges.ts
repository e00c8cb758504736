/** What PostgreSQL's privileges say: each table, column, counter, schema and function, for each role of the API. */
import type { Catalog, CatalogFunction, CatalogTable } from '../catalog.ts'
import { FUNCTIONS } from '../expectations/functions.ts'
import { DEFINERS, HELPERS_FOR, INVOKERS } from '../expectations/helpers.ts'
import { STORAGE_POLICIES } from '../expectations/storage.ts'
import { TOPIC_POLICIES } from '../expectations/topics.ts'
import { isRefused, type Outcome } from '../session.ts'
import { type Cell, inOrder, okOrRefusal } from './cell.ts'
import { columnsOf, TABLES } from './tables.ts'

const ROLES = ['anon', 'authenticated', 'service_role'] as const
type Role = (typeof ROLES)[number]
const COLUMN_VERBS = ['select', 'insert', 'update'] as const
const TABLE_VERBS = ['delete', 'truncate', 'references', 'trigger'] as const

const words = (text = '') => text.split(/\s+/).filter(Boolean)

/** One word from one value of one row. */
const firstText = ([outcome]: readonly Outcome[]): string => {
  if (!outcome || isRefused(outcome)) return okOrRefusal(outcome ? [outcome] : [])
  return String(Object.values(outcome.rows[0] ?? {})[0] ?? '')
}

const ask = (about: string, line: string, column: string, expected: string, sql: string): Cell => ({
  ...{ about, line, column, expected, steps: [{ as: 'superuser', sql }], judge: firstText },
})

export function privilegeCells(catalog: Catalog): Cell[] {
  const ours = catalog.tables.filter(table => /^(public|private)\./.test(table.name))
  return [
    ...ours.flatMap(table => ROLES.flatMap(role => tablePrivileges(table, role))),
    ...catalog.functions.flatMap(fn => ROLES.map(role => mayExecute(fn, role))),
    ...catalog.functions.filter(isForNobody).map(closedHelper),
    ...ROLES.flatMap(role => [
      ask(
        'schema',
        'use of private',
        role,
        String(role !== 'anon'),
        `select has_schema_privilege('${role}', 'private', 'usage')`,
      ),
      ask(
        'schema',
        'make things in public',
        role,
        'false',
        `select has_schema_privilege('${role}', 'public', 'create')`,
      ),
      ask(
        'schema',
        'make things in private',
        role,
        'false',
        `select has_schema_privilege('${role}', 'private', 'create')`,
      ),
      // Counters of identity columns come with Supabase's default privileges.
      ...(role === 'service_role'
        ? []
        : [
            ask(
              'schema',
              'counters',
              role,
              '',
              `select coalesce(string_agg(c.relname, ' '), '')
              from (select oid, relname from pg_class where relkind = 'S'
                and relnamespace in ('public'::regnamespace, 'private'::regnamespace) offset 0) c
              where has_sequence_privilege('${role}', c.oid, 'usage')
                or has_sequence_privilege('${role}', c.oid, 'select, update')`,
            ),
          ]),
    ]),
  ]
}

function tablePrivileges(table: CatalogTable, role: Role): Cell[] {
  const declared = TABLES[table.name]
  const about = `table ${table.name}`
  const writes = role === 'service_role' && declared?.service === 'writes'
  const expected: Record<(typeof COLUMN_VERBS)[number], string> = { select: '', insert: '', update: '' }
  if (declared && role === 'authenticated') {
    expected.select = declared.columns.read
    expected.update = declared.columns.change ?? ''
  }
  if (declared && role === 'service_role') expected.select = columnsOf(declared).join(' ')
  if (declared && writes) expected.insert = expected.update = columnsOf(declared).join(' ')
  return [
    ...COLUMN_VERBS.map(
      (verb): Cell => ({
        ...ask(
          about,
          `${table.name} columns ${verb}`,
          role,
          inOrder(expected[verb]),
          `
        select coalesce(string_agg(a.attname, ' '), '') from pg_attribute a
        where a.attrelid = '${table.name}'::regclass and a.attnum > 0 and not a.attisdropped
          and has_column_privilege('${role}', a.attrelid, a.attnum, '${verb}')`,
        ),
        judge: outcomes => inOrder(firstText(outcomes)),
      }),
    ),
    // For the secret key the two last are Supabase's defaults; no request can make use of them.
    ...TABLE_VERBS.slice(0, role === 'service_role' ? 2 : 4).map(verb =>
      ask(
        about,
        `${table.name} privilege ${verb}`,
        role,
        String(writes),
        `select has_table_privilege('${role}', '${table.name}', '${verb}')`,
      ),
    ),
  ]
}

function mayExecute(fn: CatalogFunction, role: Role): Cell {
  const may = fn.schema === 'public' ? role === 'authenticated' : words(HELPERS_FOR[role]).includes(fn.name)
  return ask(
    `function ${fn.signature}`,
    `${fn.signature} execute`,
    role,
    String(may),
    `select has_function_privilege('${role}', '${fn.signature}', 'execute')`,
  )
}

const isForNobody = (fn: CatalogFunction) =>
  fn.schema === 'private' && !words(HELPERS_FOR.authenticated).includes(fn.name)

/** And really calling one is refused, whatever one passes. */
function closedHelper(fn: CatalogFunction): Cell {
  // Of a strict function PostgreSQL would not even ask who calls it with null.
  const nulls = fn.argTypes.map(type => (type === 'text' ? "''::text" : `null::${type}`)).join(', ')
  return {
    ...{
      about: `function ${fn.signature}`,
      line: `${fn.signature} call`,
      column: 'patient',
      expected: '42501',
    },
    ...{ steps: [{ as: 'patient', sql: `select private.${fn.name}(${nulls})` }], judge: okOrRefusal },
  }
}

/** What kind each function is, and which policies there are: the catalog against what was declared. */
export function schemaCells(catalog: Catalog): Cell[] {
  return [
    ...catalog.tables.map(({ name }) =>
      ask(
        `table ${name}`,
        `${name} row security`,
        'catalog',
        'true',
        `select relrowsecurity from pg_class where oid = '${name}'::regclass`,
      ),
    ),
    ...catalog.tables.map(table => {
      const [schema, name] = table.name.split('.')
      return {
        ...ask(
          `table ${table.name}`,
          `${table.name} policies`,
          'catalog',
          inOrder(policiesOf(table.name)),
          `
          select coalesce(string_agg(lower(cmd) || ':' || policyname || case when roles = '{authenticated}' and permissive = 'PERMISSIVE'
            then '' else '!' || array_to_string(roles, ',') || permissive end, ' '), '')
          from pg_policies where schemaname = '${schema}' and tablename = '${name}'`,
        ),
        judge: (outcomes: readonly Outcome[]) => inOrder(firstText(outcomes)),
      }
    }),
    ...catalog.functions.flatMap(fn => {
      const about = `function ${fn.signature}`
      const oid = `'${fn.signature}'::regprocedure`
      return [
        ask(
          about,
          `${fn.signature} rights`,
          'catalog',
          rightsOf(fn),
          `select case when prosecdef then 'definer' else 'invoker' end from pg_proc where oid = ${oid}`,
        ),
        ask(
          about,
          `${fn.signature} search_path`,
          'catalog',
          'true',
          `select coalesce(proconfig, '{}') @> array['search_path=""'] from pg_proc where oid = ${oid}`,
        ),
      ]
    }),
  ]
}

function policiesOf(table: string): string {
  if (table === 'storage.objects') return STORAGE_POLICIES
  if (table === 'realtime.messages') return TOPIC_POLICIES
  return TABLES[table]?.policies ?? ''
}

export function rightsOf(fn: CatalogFunction): string {
  if (fn.schema === 'public') return FUNCTIONS[fn.signature]?.security ?? 'undeclared'
  return words(DEFINERS).includes(fn.name) ? 'definer' : 'invoker'
}

export function undeclaredHelpers(catalog: Catalog): string[] {
  const known = [...words(DEFINERS), ...words(INVOKERS)]
  const there = catalog.functions.filter(fn => fn.schema === 'private').map(fn => fn.name)
  return [
    ...there
      .filter(name => !known.includes(name))
      .map(
        name =>
          `Function private.${name}: name it in expectations/helpers.ts, under DEFINERS or INVOKERS and under whoever may call it.`,
      ),
    ...[...known, ...Object.values(HELPERS_FOR).flatMap(words)]
      .filter(name => !there.includes(name))
      .map(name => `Function private.${name} is declared and not there.`),
  ]
}

export function undeclaredPolicies(catalog: Catalog): string[] {
  return catalog.tables.flatMap(table => {
    const declared = words(policiesOf(table.name))
    return table.policies
      .map(policy => `${policy.verb}:${policy.name}`)
      .filter(policy => !declared.includes(policy))
      .map(
        policy =>
          `Policy ${policy} on ${table.name}: declare it, and rows or cases that show what it decides.`,
      )
  })
}
