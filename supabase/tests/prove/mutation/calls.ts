/** Calls of functions of ours inside a function's text. */
import { type Token, tokenize } from './tokens.ts'

export interface Call {
  readonly name: string
  readonly args: readonly string[]
  /** Of `private.name(…)`. */
  readonly start: number
  readonly end: number
  /** Of `perform private.name(…) …;`, where the call is that statement. */
  readonly statement: { readonly start: number; readonly end: number } | null
}

export function callsIn(text: string, from: number, to: number): Call[] {
  const tokens = tokenize(text, from, to)
  return tokens.flatMap((token, place) => {
    const [dot, name, open] = tokens.slice(place + 1, place + 4)
    if (token.text !== 'private' || dot?.text !== '.' || !name || open?.text !== '(') return []
    const inside = argumentsAt(text, tokens, place + 3)
    if (!inside) return []
    return [
      {
        name: name.text,
        args: inside.args,
        start: token.start,
        end: inside.end,
        statement: statementAt(tokens, place, inside.place),
      },
    ]
  })
}

function argumentsAt(text: string, tokens: readonly Token[], open: number) {
  let depth = 0
  let begins = tokens[open]?.end ?? 0
  const args: string[] = []
  for (let place = open; place < tokens.length; place++) {
    const token = tokens[place]
    if (!token) break
    if ('(['.includes(token.text)) depth++
    if (')]'.includes(token.text)) depth--
    if ((token.text === ',' && depth === 1) || depth === 0) {
      const arg = text.slice(begins, token.start).trim()
      if (arg !== '') args.push(arg)
      begins = token.end
    }
    if (depth === 0) return { args, end: token.end, place }
  }
  return null
}

function statementAt(tokens: readonly Token[], first: number, last: number): Call['statement'] {
  const perform = tokens[first - 1]
  if (perform?.text !== 'perform') return null
  const semicolon = tokens.slice(last).find(token => token.text === ';')
  return semicolon ? { start: perform.start, end: semicolon.end } : null
}
