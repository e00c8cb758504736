import { describe, expect, test } from 'vitest'
import { ar } from './ar.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { isolate } from './isolate.ts'
import { directionOf, languageOf, shownLocale } from './languages.ts'
import { createCount } from './plurals.ts'

const others = { es, fr, ar }
/** What a language writes as English does. */
const alike: Record<keyof typeof others, readonly string[]> = {
  es: ['.appointment.chat'],
  fr: ['.chat.messages', '.chat.date', '.message.image'],
  ar: [],
}
/** Nothing but marks around what is given, or the product's name. */
const wordless = ['.app.name', '.app.titleWithUnread', '.appointments.unreadShort', '.roleWithSpecialty']

type Nested = { [key: string]: unknown }

/** Every text of a table of this shape, with its path. What takes a number is called once for each kind of number. */
function leaves(table: unknown, shape: unknown = en, path = ''): [string, string][] {
  if (typeof table === 'string') return [[path, table]]
  if (typeof table === 'function' && typeof shape === 'function') {
    const takesNumber = path === '.connection.nextTry' || String(shape('Ada', 'Bo', 5)).includes('NaN')
    return takesNumber
      ? [0, 1, 2, 3, 11, 100].map(n => [`${path}(${n})`, String(table(n))])
      : [[path, String(table('Ada', 'Bo', 5))]]
  }
  return Object.entries(table as Nested).flatMap(([key, value]) =>
    leaves(value, (shape as Nested)[key], `${path}.${key}`),
  )
}

describe.each(Object.entries(others))('U19 the words in %s', (language, table) => {
  const english = new Map(leaves(en))
  const isAlike = (path: string) =>
    [...wordless, ...alike[language as keyof typeof others], '.list.announce'].includes(
      path.replace(/\(.*/, ''),
    )

  test.each(leaves(table))('are there and are not English: %s', (path, text) => {
    expect(text.trim()).not.toBe('')
    expect(text).not.toMatch(/undefined|NaN|\{n\}/)
    if (!isAlike(path)) expect(text).not.toBe(english.get(path))
  })

  test('are as many as in English', () => {
    expect(leaves(table).map(([path]) => path)).toEqual(leaves(en).map(([path]) => path))
  })

  test('hold every name that they are given', () => {
    for (const [path, text] of english) {
      const own = new Map(leaves(table)).get(path) ?? ''
      for (const name of ['Ada', 'Bo'].filter(each => text.includes(each))) expect(own, path).toContain(name)
    }
  })
})

test('U19 Arabic is written in Arabic letters, but for keys, an example of an address and the product’s name', () => {
  for (const [path, text] of leaves(ar)) {
    const left = text.replace(/\b(?:Ada|Bo|Bedside|Enter|Shift|Escape|name@example\.com)\b/g, '')
    expect(left, path).not.toMatch(/\p{Script=Latin}/u)
  }
})

test('U19 French keeps its marks with the word before them', () => {
  for (const [path, text] of leaves(fr)) expect(text, path).not.toMatch(/[^\u202f][?!;]|[^\u00a0]:/u)
})

describe('U37 numbers', () => {
  test('take the form that the language has for them', () => {
    const shown = (table: typeof en, numbers: number[]) => numbers.map(table.list.newMessages)
    expect(shown(ar, [0, 1, 2, 3, 10, 11, 99, 100, 102, 103])).toEqual([
      'لا توجد رسائل جديدة',
      'رسالة واحدة جديدة',
      'رسالتان جديدتان',
      '3 رسائل جديدة',
      '10 رسائل جديدة',
      '11 رسالة جديدة',
      '99 رسالة جديدة',
      '100 رسالة جديدة',
      '102 رسالة جديدة',
      '103 رسائل جديدة',
    ])
    expect(shown(fr, [0, 1, 2])).toEqual(['0 nouveau message', '1 nouveau message', '2 nouveaux messages'])
    expect(shown(es, [0, 1, 2])).toEqual(['0 mensajes nuevos', '1 mensaje nuevo', '2 mensajes nuevos'])
    expect(shown(en, [0, 1, 2])).toEqual(['0 new messages', '1 new message', '2 new messages'])
  })

  test('are written as the language writes them, in the same digits everywhere', () => {
    const written = (language: string) => createCount<'other'>(language)(12_345, { other: '{n}' })
    expect(['en', 'es', 'fr', 'ar', 'ar-EG'].map(written)).toEqual([
      '12,345',
      '12.345',
      '12\u202f345',
      '12,345',
      '12,345',
    ])
  })
})

describe('U30 the language', () => {
  test('is that of the tag, where there is a table', () => {
    expect(['es', 'ES-mx', 'en-GB', 'fr-CA', 'ar-MA', 'de', 'constructor', ''].map(languageOf)).toEqual([
      'es',
      'es',
      'en',
      'fr',
      'ar',
      'en',
      'en',
      'en',
    ])
  })

  test('is the first preferred one that has a table, with its region', () => {
    expect(shownLocale(['ar-MA', 'fr'])).toBe('ar-MA')
    expect(shownLocale(['de', 'fr-CA', 'en'])).toBe('fr-CA')
    expect(shownLocale(['de'])).toBe('en')
    expect(shownLocale([])).toBe('en')
  })

  test('has a direction', () => {
    expect(['ar-JO', 'he', 'es', ''].map(directionOf)).toEqual(['rtl', 'rtl', 'ltr', 'ltr'])
  })
})

test('U50 a name in a sentence is isolated', () => {
  expect(ar.chat.with(isolate('Ada'))).toBe('محادثة مع \u2068Ada\u2069')
})
