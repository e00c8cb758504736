/** Functions, broken in their text: each refusal, each check, each condition left out, one at a time. */
import type { CatalogFunction } from '../catalog.ts'
import { type Call, callsIn } from './calls.ts'
import { leavesOf } from './conditions.ts'
import type { Mutant, Operator } from './mutant.ts'
import { nest, splice, tokenize } from './tokens.ts'

interface Change {
  readonly operator: Operator
  readonly what: string
  readonly start: number
  readonly end: number
  readonly by: string
}

const QUOTE = '$function$'

export function functionMutants(fn: CatalogFunction, about: readonly string[]): Mutant[] {
  const text = fn.definition
  const from = text.indexOf(QUOTE) + QUOTE.length
  const to = text.lastIndexOf(QUOTE)
  return [...bodyChanges(fn, from, to), ...headerChanges(text)].map(({ operator, what, start, end, by }) => ({
    id: `${fn.schema}.${fn.name}: ${what}`,
    operator,
    sql: splice(text, start, end, by),
    about,
  }))
}

function bodyChanges(fn: CatalogFunction, from: number, to: number): Change[] {
  const text = fn.definition
  return [
    ...callsIn(text, from, to).flatMap(call => callChange(text, call)),
    ...raises(fn, from, to),
    ...dynamicConditions(text, from, to),
    ...leavesOf(nest(tokenize(text, from, to)))
      // Its refusal left out is the same.
      .filter(leaf => !/^\s*then\s+perform private\.fail/.test(text.slice(leaf.end)) || leaf.context !== 'if')
      .map(
        (leaf): Change => ({
          ...{ operator: 'condition left out', start: leaf.start, end: leaf.end, by: leaf.neutral },
          what: `${leaf.context} without «${oneLine(text.slice(leaf.start, leaf.end))}»`,
        }),
      ),
  ]
}

const oneLine = (text: string) =>
  text
    .replace(/--[^\n]*/g, '')
    .replace(/\s+/g, ' ')
    .trim()

/** What stands in a call's place, as though what it checks had been checked. */
const WITHOUT: Record<string, [operator: Operator, by: (args: readonly string[]) => string]> = {
  require_uid: ['check left out', () => 'auth.uid()'],
  require_role: ['check left out', () => 'private.require_uid()'],
  require_admin: ['check left out', () => 'private.require_uid()'],
  require_participant: [
    'check left out',
    ([room]) =>
      `(select q from public.chat_participants q where q.room_id = ${room} order by q.joined_at limit 1)`,
  ],
  require_clinician: ['check left out', ([room, uid]) => `private.require_participant(${room}, ${uid})`],
  require_own_message: [
    'check left out',
    ([room, id]) => `(select q from public.chat_messages q where q.room_id = ${room} and q.id = ${id})`,
  ],
  require_body: ['check left out', ([body]) => `(${body})`],
  require_reason: ['check left out', ([reason]) => `(${reason})`],
  require_text: ['check left out', ([, given]) => `(${given})`],
  require_page_size: ['check left out', ([size]) => `coalesce(${size}, 50)`],
  require_room_keeper: ['check left out', () => 'null'],
  require_reader: ['check left out', () => 'null'],
  require_may_reply: ['check left out', () => 'null'],
  kind_of_attachments: ['check left out', () => "'file'"],
  take_token: ['limit left out', () => 'null'],
  note_admin_action: ['log entry left out', () => 'null::uuid'],
  audit: ['log entry left out', () => 'null'],
  audit_live_reading: ['log entry left out', () => 'null'],
  tell_room: ['telling left out', () => 'null'],
  tell_user: ['telling left out', () => 'null'],
  tell_room_changed: ['telling left out', () => 'null'],
}

function callChange(text: string, call: Call): Change[] {
  const isRefusal = /^fail/.test(call.name)
  const without = isRefusal
    ? (['refusal left out', () => 'null'] as (typeof WITHOUT)[string])
    : WITHOUT[call.name]
  if (!without) return []
  const [operator, by] = without
  const replaced = by(call.args)
  // A row that is only asked for is no statement.
  const isStatement = call.statement && !replaced.startsWith('private.') && replaced !== 'auth.uid()'
  const place = isStatement && call.statement ? call.statement : call
  return [
    {
      ...{ operator, start: place.start, end: place.end, by: isStatement ? 'null;' : replaced },
      what: `without «${oneLine(text.slice(call.start, call.end))}»`,
    },
  ]
}

function raises(fn: CatalogFunction, from: number, to: number): Change[] {
  const tokens = tokenize(fn.definition, from, to)
  return tokens.flatMap((token, place) => {
    if (token.text !== 'raise') return []
    const end = tokens.slice(place).find(each => each.text === ';')?.end ?? token.end
    return [
      {
        operator: 'refusal left out' as const,
        what: `without «${oneLine(fn.definition.slice(token.start, end)).slice(0, 60)}…»`,
        ...{ start: token.start, end, by: fn.isTrigger ? 'return coalesce(new, old);' : 'null;' },
      },
    ]
  })
}

/** A condition that is put together as text. */
function dynamicConditions(text: string, from: number, to: number): Change[] {
  return tokenize(text, from, to)
    .filter(token => /^'.*select private\.my_/.test(token.text))
    .map(token => ({
      ...{ operator: 'condition left out' as const, start: token.start, end: token.end, by: "'true'" },
      what: `without the text «${oneLine(token.text)}»`,
    }))
}

function headerChanges(text: string): Change[] {
  const header = text.slice(0, text.indexOf(QUOTE))
  const found = (
    pattern: RegExp,
    change: (match: RegExpExecArray) => Omit<Change, 'start' | 'end'>,
  ): Change[] => {
    const match = pattern.exec(header)
    return match ? [{ ...change(match), start: match.index, end: match.index + match[0].length }] : []
  }
  const definer = found(/ SECURITY DEFINER/, () => ({
    ...{ operator: 'rights of the other kind', what: 'with its caller’s rights', by: '' },
  }))
  return [
    ...(definer.length > 0
      ? definer
      : found(/\n LANGUAGE \w+/, ([language]) => ({
          ...{
            operator: 'rights of the other kind',
            what: 'with its owner’s rights',
            by: `${language} SECURITY DEFINER`,
          },
        }))),
    ...found(/ SET search_path TO ''/, () => ({
      ...{ operator: 'search_path left open', what: 'without a search_path', by: '' },
    })),
  ]
}
