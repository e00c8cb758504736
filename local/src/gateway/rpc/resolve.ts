/**
 * Which function a call means, by PostgREST's rules: one whose arguments are all among the given, none missing that has
 * no default; for a JSON body failing that, one with a single unnamed json argument, which takes the whole body.
 */
import { HttpError } from '../reply.ts'
import type { Catalog, RpcFunction } from './catalog.ts'

export interface ResolvedCall {
  fn: RpcFunction
  /** The given argument names in the function's order; null: the whole body is the one unnamed argument. */
  given: string[] | null
}

/** null: no such function, which may only be news to us. @throws HttpError 300 when several fit. */
export function resolveCall(
  catalog: Catalog,
  name: string,
  keys: readonly string[],
  isJsonBody: boolean,
): ResolvedCall | null {
  const overloads = catalog.functions.get(name) ?? []
  const given = new Set(keys)
  const fitting = overloads.filter(
    fn =>
      fn.args.every(arg => arg.name !== '' && (!arg.isRequired || given.has(arg.name))) &&
      keys.every(key => fn.args.some(arg => arg.name === key)),
  )
  if (fitting.length > 1) throw ambiguous(fitting)
  const [fn] = fitting
  if (fn) return { fn, given: fn.args.map(arg => arg.name).filter(arg => given.has(arg)) }
  const unnamed = isJsonBody ? overloads.find(takesWholeBody) : undefined
  return unnamed ? { fn: unnamed, given: null } : null
}

function takesWholeBody(fn: RpcFunction): boolean {
  const [only, ...more] = fn.args
  return only?.name === '' && more.length === 0 && (only.type === 'json' || only.type === 'jsonb')
}

function ambiguous(fitting: readonly RpcFunction[]): HttpError {
  const described = fitting.map(
    fn => `public.${fn.name}(${fn.args.map(arg => `${arg.name} => ${arg.type}`).join(', ')})`,
  )
  return new HttpError(
    300,
    'PGRST203',
    `Could not choose the best candidate function between: ${described.join(', ')}`,
    {
      hint: 'Try renaming the parameters or the function itself in the database so function overloading can be resolved',
    },
  )
}

export function notFound(
  catalog: Catalog,
  name: string,
  keys: readonly string[],
  isPost: boolean,
): HttpError {
  const list = keys.length === 0 ? ' without parameters' : `(${keys.join(', ')})`
  const searched =
    keys.length === 0
      ? ' without parameters'
      : ` with parameter${keys.length > 1 ? 's' : ''} ${keys.join(', ')}`
  const unnamed = isPost ? ' or with a single unnamed json/jsonb parameter' : ''
  return new HttpError(
    404,
    'PGRST202',
    `Could not find the function public.${name}${list} in the schema cache`,
    {
      details: `Searched for the function public.${name}${searched}${unnamed}, but no matches were found in the schema cache.`,
      hint: suggestion(catalog, name),
    },
  )
}

function suggestion(catalog: Catalog, name: string): string | null {
  const overloads = catalog.functions.get(name)
  if (overloads?.[0]) {
    return `Perhaps you meant to call the function public.${name}(${overloads[0].args.map(arg => arg.name).join(', ')})`
  }
  const near = [...catalog.functions.keys()].find(known => distance(known, name) <= 2)
  return near ? `Perhaps you meant to call the function public.${near}` : null
}

/** Edits between two names; more than 2 is all the same to us. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3
  let row = Array.from({ length: b.length + 1 }, (_, place) => place)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 3
}
