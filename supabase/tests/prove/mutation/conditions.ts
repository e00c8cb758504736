/**
 * The conditions of a piece of SQL, taken apart: after `where`, `if`, `on`, `when`, `having`, and wherever `and` or `or`
 * joins two. Each leaf can be replaced by the constant that makes it say nothing: `true` among those joined by `and`,
 * `false` among those joined by `or`.
 */
import { endOf, type Group, type Item, isGroup, isWord, startOf } from './tokens.ts'

export interface Leaf {
  readonly start: number
  readonly end: number
  /** What it is replaced by to say nothing. */
  readonly neutral: 'true' | 'false'
  /** `if` and `when` decide what is done, `where` and `on` which rows; `expression` neither. */
  readonly context: 'where' | 'if' | 'when' | 'on' | 'having' | 'expression'
}

const INTRODUCERS = ['where', 'if', 'elsif', 'on', 'when', 'having']
const ENDS =
  'then ; , order group limit for union except intersect returning window join left right full inner cross loop else select from set values into using do return begin declare perform update insert delete execute with as :='.split(
    ' ',
  )

export function leavesOf(items: readonly Item[]): Leaf[] {
  const leaves: Leaf[] = []
  scan(items, leaves)
  return leaves
}

/** Finds the conditions among `items`, one region after the other. */
function scan(items: readonly Item[], leaves: Leaf[], caseGroup?: Group): void {
  let context: Leaf['context'] = 'expression'
  let region: Item[] = []
  let isHandler = false
  const flush = () => {
    take(region, context, leaves)
    region = []
    context = 'expression'
  }
  for (const [place, item] of items.entries()) {
    if (isGroup(item) || !isEnd(items, place)) {
      region.push(item)
      continue
    }
    // `exception when this or that then`: what was raised, no condition.
    if (!isHandler) flush()
    region = []
    isHandler = isWord(item, 'when') && !introduces(items, place, caseGroup) && caseGroup === undefined
    if (INTRODUCERS.includes(item.text) && introduces(items, place, caseGroup)) {
      context = item.text === 'elsif' ? 'if' : (item.text as Leaf['context'])
    }
  }
  if (!isHandler) flush()
}

function isEnd(items: readonly Item[], place: number): boolean {
  const item = items[place]
  if (item === undefined || isGroup(item)) return false
  // `is distinct from`
  if (item.text === 'from' && isWord(items[place - 1], 'distinct')) return false
  return ENDS.includes(item.text) || INTRODUCERS.includes(item.text)
}

function introduces(items: readonly Item[], place: number, caseGroup: Group | undefined): boolean {
  const [before, item, after] = [items[place - 1], items[place], items[place + 1]]
  if (isWord(item, 'on')) return !isWord(after, 'conflict') && !isWord(before, 'distinct')
  if (isWord(item, 'if')) return !isWord(before, 'end')
  // Of `case x when …` and `exception when …` what follows is no condition.
  if (isWord(item, 'when')) return caseGroup !== undefined && isWord(caseGroup.items[0], 'when')
  return true
}

function take(region: readonly Item[], context: Leaf['context'], leaves: Leaf[]): void {
  const isCondition = context !== 'expression' || splitAt(region, 'or', 'and').length > 1
  if (isCondition) takeBoolean(region, context, isNeutralFalse(context) ? 'false' : 'true', leaves)
  else for (const item of region) if (isGroup(item)) scan(item.items, leaves, asCase(item))
}

/** A lone condition of `if` and `when` says nothing when it never holds; one of `where`, when it always does. */
const isNeutralFalse = (context: Leaf['context']) => context === 'if' || context === 'when'

function takeBoolean(
  items: readonly Item[],
  context: Leaf['context'],
  neutral: Leaf['neutral'],
  leaves: Leaf[],
): void {
  const terms = splitAt(items, 'or')
  if (terms.length > 1) {
    for (const term of terms) takeBoolean(term, context, 'false', leaves)
    return
  }
  const factors = splitAt(items, 'and')
  if (factors.length > 1) {
    for (const factor of factors) takeBoolean(factor, context, 'true', leaves)
    return
  }
  const [first, second] = items
  if (first === undefined) return
  if (items.length === 1 && isGroup(first) && first.opens.text === '(' && !isSubquery(first)) {
    takeBoolean(first.items, context, neutral, leaves)
    return
  }
  if (items.length === 2 && isWord(first, 'not') && isGroup(second) && !isSubquery(second)) {
    takeBoolean(second.items, context, neutral === 'true' ? 'false' : 'true', leaves)
    leaves.push({ start: startOf(first), end: endOf(second), neutral, context })
    return
  }
  const last = items.at(-1)
  if (last === undefined || (items.length === 1 && isWord(first, 'true'))) return
  leaves.push({ start: startOf(first), end: endOf(last), neutral, context })
  for (const item of items) if (isGroup(item)) scan(item.items, leaves, asCase(item))
}

const isSubquery = (group: Group) => isWord(group.items[0], 'select', 'with', 'values')
const asCase = (group: Group) => (group.opens.text === 'case' ? group : undefined)

/** Cuts at the words, but not at the `and` of `between … and …`. */
function splitAt(items: readonly Item[], ...words: string[]): Item[][] {
  const parts: Item[][] = [[]]
  let isBetween = false
  for (const item of items) {
    if (isWord(item, 'between')) isBetween = true
    if (isWord(item, 'and') && isBetween) isBetween = false
    else if (isWord(item, ...words)) {
      parts.push([])
      continue
    }
    parts.at(-1)?.push(item)
  }
  return parts
}
