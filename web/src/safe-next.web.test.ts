import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { safeNext } from './safe-next.ts'

describe('U20 after signing in one stays in this app', () => {
  test('pages of the app are kept, with their search', () => {
    expect(safeNext('/appointments?show=past')).toBe('/appointments?show=past')
    expect(safeNext('/appointments/a1/chat#end')).toBe('/appointments/a1/chat')
  })

  test.each([
    'https://evil.example/',
    '//evil.example/x',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    'javascript:alert(1)',
    'appointments',
    '/sign-in',
    '/sign-in?next=/sign-in',
    '',
    null,
    ['/appointments'],
  ])('%j is refused', value => {
    expect(safeNext(value)).toBeNull()
  })

  test('whatever comes out has our own origin, and comes out the same again', () => {
    const part = fc.oneof(
      fc.constantFrom(
        '/',
        '//',
        '\\',
        '.',
        '..',
        '\t',
        '\n',
        '@',
        ':',
        '?',
        '#',
        'https:',
        'evil.example',
        '%2f',
      ),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(part), parts => {
        const next = safeNext(`/${parts.join('')}`)
        if (next === null) return
        expect(new URL(next, 'https://clinic.example').origin).toBe('https://clinic.example')
        expect(safeNext(next)).toBe(next)
      }),
    )
  })
})
