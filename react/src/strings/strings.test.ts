import { describe, expect, test } from 'vitest'
import { en } from './en.ts'
import { es } from './es.ts'
import { directionOf, languageOf, shownLocale } from './languages.ts'

/** Every leaf with its path; functions are called with one thing, several things, and a name. */
function leaves(table: unknown, path = ''): [string, string][] {
  if (typeof table === 'string') return [[path, table]]
  if (typeof table === 'function') {
    return [1, 3, 'Name'].map(value => [`${path}(${value})`, String(table(value, 'x', 'y'))])
  }
  return Object.entries(table as Record<string, unknown>).flatMap(([key, value]) =>
    leaves(value, `${path}.${key}`),
  )
}

describe('U19 the words', () => {
  // Names, marks, and words that both languages share.
  const same = new Set(['.app.name', '.list.announce(1)', '.list.announce(3)', '.list.announce(Name)'])
  const english = new Map(leaves(en))
  const isShared = (path: string) =>
    same.has(path) || path.startsWith('.app.titleWithUnread') || path.startsWith('.appointments.unreadShort')

  test.each(leaves(es))('%s is there in Spanish, and is Spanish', (path, text) => {
    expect(text.trim()).not.toBe('')
    expect(text).not.toContain('undefined')
    if (!isShared(path)) expect(text).not.toBe(english.get(path))
  })

  test('follow the person’s locale where there is a table, and are English elsewhere', () => {
    expect(['es', 'ES-mx', 'en-GB', 'fr', 'constructor', ''].map(languageOf)).toEqual([
      'es',
      'es',
      'en',
      'en',
      'en',
      'en',
    ])
    expect(['es-MX', 'en-GB', 'ar'].map(shownLocale)).toEqual(['es-MX', 'en-GB', 'en'])
    expect(['ar-JO', 'he', 'es', ''].map(directionOf)).toEqual(['rtl', 'rtl', 'ltr', 'ltr'])
  })
})
