/**
 * Calls in a policy that PostgreSQL makes for every row: those outside of a sub-select, and those inside of one that are
 * given a column. `(select auth.uid())` is evaluated once.
 */
import { type Group, type Item, isGroup, isWord, nest, tokenize } from '../mutation/tokens.ts'

const SCHEMAS = ['auth', 'private', 'public', 'realtime', 'storage']

export const perRowCalls = (expression: string): string[] => calls(nest(tokenize(expression)), false)

function calls(items: readonly Item[], isOnce: boolean): string[] {
  return items.flatMap((item, place) => {
    if (!isGroup(item)) return []
    const name = calledBefore(items, place)
    const own = name !== null && !(isOnce && isOfConstants(item)) ? [name] : []
    // A sub-select that reads a table is a join, and decides row by row what its own rows are.
    const isSubselect = isWord(item.items[0], 'select') && !item.items.some(each => isWord(each, 'from'))
    return [...own, ...calls(item.items, name === null ? isOnce || isSubselect : isOnce)]
  })
}

/** The function that the group has the arguments of. */
function calledBefore(items: readonly Item[], place: number): string | null {
  const [schema, dot, name] = items.slice(Math.max(place - 3, 0), place)
  if (!isWord(schema, ...SCHEMAS) || !isWord(dot, '.') || name === undefined || isGroup(name)) return null
  return `${(schema as { text: string }).text}.${name.text}`
}

/** Nothing, literals, and calls of the same kind. */
function isOfConstants({ items }: Group): boolean {
  return items.every((item, place) => {
    if (isGroup(item)) return isOfConstants(item)
    if (/^[^a-z_]/.test(item.text)) return true
    const isSchema = isWord(items[place + 1], '.') && isGroup(items[place + 3])
    const isFunction = isWord(items[place - 1], '.') && isGroup(items[place + 1])
    return isSchema || isFunction || isWord(items[place - 1], '::')
  })
}
