/** Functions: what comes of calling them, who may, and what kind of function each is. */
import type { Catalog, CatalogFunction } from '../catalog.ts'
import { ALWAYS, type Args, type Case, type FunctionExpectation } from '../expectations/function-types.ts'
import { type Persona, personas, SQL_PERSONAS } from '../personas.ts'
import { isRefused, type Outcome, type Step } from '../session.ts'
import { type Cell, okOrRefusal } from './cell.ts'
import { observe } from './effects.ts'

/** What it costs to say wrong things about a function: a message that says what to do. */
export function undeclaredFunctions(
  catalog: Catalog,
  declared: Record<string, FunctionExpectation>,
): string[] {
  const there = catalog.functions.filter(({ schema }) => schema === 'public').map(each => each.signature)
  return [
    ...there
      .filter(signature => !declared[signature])
      .map(
        signature =>
          `Function ${signature}: declare in expectations/functions/ what comes of calling it for each persona, and a case for each of its refusals.`,
      ),
    ...Object.keys(declared)
      .filter(signature => !there.includes(signature))
      .map(signature => `Function ${signature} is declared and not there.`),
    ...Object.entries(declared).flatMap(([signature, { by }]) => {
      const named = new Set(Object.values({ ...ALWAYS, ...by }).flatMap(personas))
      const missing = SQL_PERSONAS.filter(persona => !named.has(persona))
      return [
        ...missing.map(persona => `Function ${signature}: say under "by" what ${persona} gets.`),
        ...(by.ok ? [] : [`Function ${signature}: nobody gets an answer, so no refusal is proven.`]),
      ]
    }),
  ]
}

/** The outcome that is expected of the usual call. */
export function expectedOf({ by }: FunctionExpectation, persona: Persona): string {
  const found = Object.entries({ ...ALWAYS, ...by }).findLast(([, names]) =>
    personas(names).includes(persona),
  )
  return found?.[0] ?? 'undeclared'
}

export function functionCells(catalog: Catalog, declared: Record<string, FunctionExpectation>): Cell[] {
  return catalog.functions.flatMap(fn => {
    const expectation = declared[fn.signature]
    if (!expectation) return []
    return [
      ...SQL_PERSONAS.map(persona => usualCall(catalog, fn, expectation, persona)),
      ...(expectation.cases ?? []).map(each =>
        caseCell(catalog, `function ${fn.signature}`, each, fn, expectation),
      ),
    ]
  })
}

/** Cases that call no function of the API: helpers, triggers, what the worker runs. */
export const plainCells = (catalog: Catalog, about: string, cases: readonly Case[]): Cell[] =>
  cases.map(each => caseCell(catalog, about, each))

function usualCall(
  catalog: Catalog,
  fn: CatalogFunction,
  expectation: FunctionExpectation,
  persona: Persona,
): Cell {
  const is = expectedOf(expectation, persona)
  const { args, given, except } = expectation
  const { answer, touches, tells, logs, leaves } = { ...expectation, ...except?.[persona] }
  const effects = is === 'ok' ? { answer, touches: touches ?? '', tells, logs, leaves } : {}
  const call: Case = { why: '', who: persona, is, ...dropUndefined(effects), ...(given && { given }) }
  return {
    ...caseCell(catalog, `function ${fn.signature}`, call, fn, { ...expectation, args }),
    line: fn.signature,
    column: persona,
  }
}

const dropUndefined = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never

function caseCell(
  catalog: Catalog,
  about: string,
  each: Case,
  fn?: CatalogFunction,
  usual?: FunctionExpectation,
): Cell {
  const { who, is = 'ok', sql } = each
  const given = [usual?.given, each.given]
    .filter(Boolean)
    .map((text): Step => ({ as: 'superuser', sql: text ?? '' }))
  const call: Step = { as: who, sql: sql ?? (fn ? callSql(fn, { ...usual?.args, ...each.with }) : '') }
  const line = `${about.replace(/^function /, '')}: ${each.why}`
  if (is !== 'ok') {
    return {
      about,
      line,
      column: who,
      expected: each.hint ? `${is} (${each.hint})` : is,
      steps: [...given, call],
      judge: refusalAfter(given.length, each.hint),
    }
  }
  const seen = observe(catalog, each, who)
  return {
    ...{ about, line, column: who, expected: seen.expected },
    steps: [...given, ...seen.before, call, ...seen.after],
    judge: outcomes => {
      const word = okOrRefusal(outcomes.slice(0, given.length + seen.before.length + 1))
      return word === 'ok' ? seen.judge(outcomes.slice(given.length)) : word
    },
  }
}

/** What was given must have worked, or the refusal is one of something else. */
const refusalAfter = (given: number, hint?: string) => (outcomes: readonly Outcome[]) => {
  const setUp = okOrRefusal(outcomes.slice(0, given))
  if (setUp !== 'ok') return `given: ${setUp}`
  const [outcome] = outcomes.slice(given)
  const said = hint && outcome && isRefused(outcome) ? ` (${outcome.refusal.hint})` : ''
  return okOrRefusal(outcomes.slice(given)) + said
}

export function callSql(fn: CatalogFunction, args: Args): string {
  const passed = fn.argNames.flatMap((name, place) =>
    name in args ? [`"${name}" => ${literal(args[name], fn.argTypes[place] ?? 'text')}`] : [],
  )
  return `select public.${fn.name}(${passed.join(', ')}) as answer`
}

function literal(value: unknown, type: string): string {
  if (value === null) return `null::${type}`
  const text =
    type === 'jsonb' ? JSON.stringify(value) : Array.isArray(value) ? `{${value.join(',')}}` : String(value)
  return `'${text.replaceAll("'", "''")}'::${type}`
}
