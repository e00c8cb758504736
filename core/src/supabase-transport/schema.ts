/**
 * What is read of the wire: a schema is a function that answers the value in core's words, or throws. Ours, and this
 * small, because every page carries it (docs/decisions.md).
 */

export type Schema<T> = (value: unknown) => T
export type Read<S> = S extends Schema<infer T> ? T : never

type Camel<Key> = Key extends `${infer First}_${infer Rest}` ? `${First}${Capitalize<Camel<Rest>>}` : Key
export type CamelKeys<Wire> = { [Key in keyof Wire as Camel<Key>]: Wire[Key] }
type Shape<Entries> = { [Key in keyof Entries as Camel<Key>]: Read<Entries[Key]> }

/** null: the value is not as agreed. */
export function read<T>(schema: Schema<T>, value: unknown): { readonly value: T } | null {
  try {
    return { value: schema(value) }
  } catch {
    return null
  }
}

function refuse(): never {
  throw new TypeError('This is not as agreed.')
}

export const string: Schema<string> = value => (typeof value === 'string' ? value : refuse())
export const boolean: Schema<boolean> = value => (typeof value === 'boolean' ? value : refuse())
/** A whole number from 0 on. */
export const count: Schema<number> = value =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : refuse()
export const oneOf =
  <const Word extends string>(...words: Word[]): Schema<Word> =>
  value =>
    words.includes(value as Word) ? (value as Word) : refuse()
export const nullable =
  <T>(schema: Schema<T>): Schema<T | null> =>
  value =>
    value === null ? null : schema(value)
export const array =
  <T>(item: Schema<T>): Schema<T[]> =>
  value =>
    Array.isArray(value) ? Array.from(value, item) : refuse()
/** Any keys, as they are. */
export const record =
  <T>(item: Schema<T>): Schema<Record<string, T>> =>
  value =>
    Object.fromEntries(entriesOf(value).map(([key, each]) => [key, item(each)]))
export const to =
  <T, Told>(schema: Schema<T>, tell: (read: T) => Told): Schema<Told> =>
  value =>
    tell(schema(value))
export const check = <T>(schema: Schema<T>, isRight: (read: T) => boolean): Schema<T> =>
  to(schema, read => (isRight(read) ? read : refuse()))

/** An object with these keys, in core's words: `last_seq` is `lastSeq`. Others are let pass, and are gone. */
export function shape<Entries extends Record<string, Schema<unknown>>>(
  entries: Entries,
): Schema<Shape<Entries>> {
  const parts = Object.entries(entries).map(([key, schema]) => [key, camelOf(key), schema] as const)
  return value => {
    const given = Object.fromEntries(entriesOf(value))
    return Object.fromEntries(
      parts.map(([key, name, schema]) => [name, schema(given[key])]),
    ) as Shape<Entries>
  }
}

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : refuse()

const camelOf = (key: string) => key.replace(/_(\w)/gu, (_, letter: string) => letter.toUpperCase())

/** Core's words for the wire: `lastSeq` is `last_seq`. */
export const snake = (query: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(query).map(([key, value]) => [
      key.replace(/[A-Z]/gu, letter => `_${letter.toLowerCase()}`),
      value,
    ]),
  )
