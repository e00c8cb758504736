/** The SQL of a call: the arguments arrive as one json text, every result row leaves as one json text. */
import { escapeIdentifier } from 'pg'
import type { RpcFunction } from './catalog.ts'
import type { ResolvedCall } from './resolve.ts'

export interface Statement {
  /** Of the prepared statement; empty for one that is not kept. */
  name: string
  text: string
}

/** Combinations of function and given arguments whose statement is kept prepared; beyond it they are parsed each time. */
const MAX_KEPT = 500

export function createStatements(): (call: ResolvedCall) => Statement {
  const kept = new Map<string, Statement>()
  return call => {
    const text = callText(call)
    const known = kept.get(text)
    if (known) return known
    if (kept.size >= MAX_KEPT) return { name: '', text }
    const statement = { name: `rpc_${kept.size}`, text }
    kept.set(text, statement)
    return statement
  }
}

function callText({ fn, given }: ResolvedCall): string {
  const target = `public.${escapeIdentifier(fn.name)}`
  if (given === null) return select(fn, `${target}($1::${fn.args[0]?.type ?? 'json'})`, '')
  const args = fn.args.filter(arg => given.includes(arg.name))
  // $1 is bound either way, so that every call has the same shape.
  if (args.length === 0) return select(fn, `${target}()`, '(select $1::json) as body')
  const last = fn.args.at(-1)
  const passed = args.map(arg => {
    const name = escapeIdentifier(arg.name)
    const variadic = fn.isVariadic && arg === last ? 'variadic ' : ''
    return `${variadic}${name} := body.${name}`
  })
  const columns = args.map(arg => `${escapeIdentifier(arg.name)} ${arg.type}`)
  return select(
    fn,
    `${target}(${passed.join(', ')})`,
    `json_to_record($1::json) as body(${columns.join(', ')})`,
  )
}

function select(fn: RpcFunction, call: string, from: string): string {
  if (fn.returns === 'composite') {
    return `select to_json(result) from ${from ? `${from}, lateral ` : ''}(select * from ${call}) as result`
  }
  const value = fn.returns === 'void' ? call : `to_json(${call})`
  return `select ${value}${from ? ` from ${from}` : ''}`
}
