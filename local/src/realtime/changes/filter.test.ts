import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseChangeParams, refusalMessage } from './change-params.ts'
import { parseFilters } from './filter.ts'

const filter = (column: string, operator: string, values: (string | null)[], isNegated = false) => ({
  column,
  operator,
  isNegated,
  values,
})

test.each([
  ['id=eq.1', [filter('id', 'eq', ['1'])]],
  ['id=not.eq.1', [filter('id', 'eq', ['1'], true)]],
  ['a=gt.1,b=like.x%', [filter('a', 'gt', ['1']), filter('b', 'like', ['x%'])]],
  ['a=eq.', [filter('a', 'eq', [''])]],
  ['a=eq."x, \\"y\\" \\\\"', [filter('a', 'eq', ['x, "y" \\'])]],
  ['a=eq.1=2.3', [filter('a', 'eq', ['1=2.3'])]],
  ['a=in.(1, "b,c)" ,d)', [filter('a', 'in', ['1', 'b,c)', 'd'])]],
  ['a=not.in.(""),b=is.NULL', [filter('a', 'in', [''], true), filter('b', 'is', ['null'])]],
  ['a=isdistinct.null', [filter('a', 'isdistinct', [null])]],
  ['a=isdistinct."null"', [filter('a', 'isdistinct', ['null'])]],
  ['a b=neq.c', [filter('a b', 'neq', ['c'])]],
])('R119 the filter %s is read', (text, filters) => {
  expect(parseFilters(text)).toEqual(filters)
})

test.each([
  ...['', 'id', 'id=', 'id=1', 'id=eq', '=eq.1', 'id=foo.1', 'id=eq.1,', 'id=eq.1,x', 'id=not.not.eq.1'],
  ...['id=in.1', 'id=in.()', 'id=in.(1', 'id=in.(1,)', 'id=in.(1)x', 'id=is.1', 'id=eq."1', 'id=eq."1"x'],
  `id=in.(${Array.from({ length: 101 }, (_, n) => n).join(',')})`,
])('R119 %s is no filter', text => {
  expect(parseFilters(text)).toBe(null)
})

test('R119 a list of a hundred values is read', () => {
  const values = Array.from({ length: 100 }, (_, n) => String(n))
  expect(parseFilters(`id=in.(${values.join(',')})`)).toEqual([filter('id', 'in', values)])
})

test('RB15 any value comes back out of its quotes, and no text makes the parser throw', () => {
  const quote = (value: string) => `"${value.replace(/["\\]/g, '\\$&')}"`
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string(), { minLength: 1, maxLength: 9 }), (one, many) => {
      expect(parseFilters(`a=eq.${quote(one)},b=in.(${many.map(quote).join(',')})`)).toEqual([
        filter('a', 'eq', [one]),
        filter('b', 'in', many),
      ])
    }),
  )
  const pieces = fc.array(
    fc.constantFrom('a', '=', 'eq', '.', 'in', '(', ')', ',', '"', '\\', 'not', 'is', 'null', ' '),
  )
  fc.assert(
    fc.property(pieces, parts => void parseFilters(parts.join(''))),
    { numRuns: 2_000 },
  )
})

test('R120 what is missing takes its default; what asks for nothing that there is is refused', () => {
  const defaults = { event: '*', schema: 'public', table: '*', filters: [], select: null }
  expect(parseChangeParams({})).toEqual(defaults)
  expect(parseChangeParams({ event: 'INSERT', schema: '*', select: null, filter: '' })).toEqual({
    ...defaults,
    event: 'INSERT',
    schema: '*',
  })
  expect(parseChangeParams({ table: 'a', select: ['x'] })).toEqual({ ...defaults, table: 'a', select: ['x'] })
  for (const entry of [
    { event: 'insert' },
    { event: 'TRUNCATE' },
    { schema: 1 },
    { table: '' },
    { table: 'a\0' },
    { table: 'a', filter: 7 },
    { table: 'a', filter: 'x' },
    { table: 'a', filter: 'x=eq.\0' },
    { filter: 'x=eq.1' },
    { table: 'a', select: 'x' },
    { table: 'a', select: [] },
    { table: 'a', select: [1] },
    { select: ['x'] },
    { schema: '*', table: 'a', filter: 'x=eq.1' },
  ]) {
    expect(parseChangeParams(entry), JSON.stringify(entry)).toBe(null)
  }
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('event', 'schema', 'table', 'filter', 'select'), fc.jsonValue()),
      entry => {
        parseChangeParams(entry)
        expect(refusalMessage(entry)).toContain('[event: ')
      },
    ),
  )
})

test('R120 a refusal names the parameters', () => {
  const start =
    'Unable to subscribe to changes with given parameters. Please check Realtime is enabled for the given connect parameters: '
  expect(refusalMessage({ event: 'INSERT', schema: 'public' })).toBe(
    `${start}[event: INSERT, schema: public, table: *, filters: [], select: nil]`,
  )
  expect(refusalMessage({ table: 'a', filter: 'id=not.in.(1,2)', select: ['id', 'b'] })).toBe(
    `${start}[event: *, schema: public, table: a, filters: [{"id", "not.in", "1,2"}], select: ["id", "b"]]`,
  )
})
