/**
 * Names that JavaScript objects answer to by themselves. lite builds objects from names in a request; with one of these
 * it would write into the prototype of everything in this process.
 *
 * Must never happen: such a name as a name of anything (parameter, column, table, key) reaches lite.
 */
import { HttpError } from './reply.ts'

const RESERVED: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  'constructor',
  'prototype',
])
/** Of what is asked by name: columns, relations, aliases, casts and hints. */
const SEPARATORS = /->>|->|[.,():!{}[\]"'\s]/
/** Parameters whose values are made of names; embedded ones are `relation.order` and the like. */
const NAMING = new Set(['select', 'order', 'columns', 'on_conflict', 'or', 'and'])

/** @throws HttpError 400 */
export function refuseReservedNames(url: URL): void {
  for (const segment of url.pathname.split('/')) refuseName(decodeSegment(segment))
  for (const [name, value] of url.searchParams) {
    refuseName(name)
    if (NAMING.has(name.split('.').at(-1) ?? '')) refuseName(value)
  }
}

/** `type`: its content type. A body that is not what it says is left to be refused later. @throws HttpError 400 */
export function refuseReservedKeys(body: string, type: string): void {
  const parsed = parseJson(body)
  if (parsed !== null) {
    for (const row of Array.isArray(parsed) ? (parsed as unknown[]) : [parsed]) {
      if (typeof row === 'object' && row !== null) Object.keys(row).forEach(refuseName)
    }
  } else if (type.includes('form-urlencoded')) {
    for (const name of new URLSearchParams(body).keys()) refuseName(name)
  } else if (body.includes('__proto__')) throw reserved()
}

function refuseName(text: string): void {
  if (text.replaceAll('\\', '').split(SEPARATORS).some(isReserved)) throw reserved()
}

const isReserved = (part: string): boolean => RESERVED.has(part)

const reserved = () =>
  new HttpError(400, 'PGRST100', 'The request uses a reserved name', {
    hint: 'Names such as __proto__, constructor and prototype name no column and no table',
  })

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new HttpError(400, 'PGRST125', 'Invalid path specified in request URL')
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}
