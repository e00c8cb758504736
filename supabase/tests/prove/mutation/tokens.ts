/** SQL and PL/pgSQL cut into tokens, and tokens into groups: what is between brackets, or between `case` and `end`. */

export interface Token {
  /** In lower case, but for strings. */
  readonly text: string
  readonly start: number
  readonly end: number
}

export interface Group {
  readonly opens: Token
  readonly closes: Token
  readonly items: Item[]
}

export type Item = Token | Group

export const isGroup = (item: Item | undefined): item is Group => item !== undefined && 'items' in item
export const isWord = (item: Item | undefined, ...words: string[]): boolean =>
  item !== undefined && !isGroup(item) && words.includes(item.text)

export const startOf = (item: Item): number => (isGroup(item) ? item.opens.start : item.start)
export const endOf = (item: Item): number => (isGroup(item) ? item.closes.end : item.end)

const TOKEN =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>[eE]?'(?:[^'\\]|''|\\.)*')|(?<word>[A-Za-z_#][\w$]*)|(?<number>\d+(?:\.\d+)?)|(?<quoted>"[^"]*")|(?<operator>::|:=|=>|<=|>=|<>|!=|\|\||->>|->|#>>|@>|@@|@\?|!~|[-+*/<>=~!@#%^&|?:.,;()[\]{}$\\])/y

/** The tokens of `text` from `from` to `to`. @throws on text that is no SQL. */
export function tokenize(text: string, from = 0, to = text.length): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = from
  while (TOKEN.lastIndex < to) {
    const start = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (!match) throw new Error(`No token at: ${text.slice(start, start + 40)}`)
    if (match.groups?.space !== undefined) continue
    const raw = match[0]
    const isLiteral = match.groups?.string !== undefined || match.groups?.quoted !== undefined
    tokens.push({ text: isLiteral ? raw : raw.toLowerCase(), start, end: TOKEN.lastIndex })
  }
  return tokens
}

const CLOSERS: Record<string, string> = { '(': ')', '[': ']', case: 'end' }

/** Nests the tokens. A bracket that is never closed ends with the text. */
export function nest(tokens: readonly Token[]): Item[] {
  let place = 0
  const until = (closer: string | null): { items: Item[]; closes: Token | undefined } => {
    const items: Item[] = []
    for (let token = tokens[place++]; token; token = tokens[place++]) {
      if (token.text === closer) return { items, closes: token }
      const own = CLOSERS[token.text]
      if (own === undefined) {
        items.push(token)
        continue
      }
      const inner = until(own)
      items.push({ opens: token, closes: inner.closes ?? token, items: inner.items })
    }
    return { items, closes: undefined }
  }
  return until(null).items
}

/** `text` with the part from `start` to `end` replaced. */
export const splice = (text: string, start: number, end: number, by: string): string =>
  text.slice(0, start) + by + text.slice(end)
