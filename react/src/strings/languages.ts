/** Which language a person gets, and its table. English comes with the page; the others load when they are needed. */
import { en, type Strings } from './en.ts'

export type Language = 'en' | 'es' | 'fr' | 'ar'

export interface Table {
  language: Language
  strings: Strings
}

const loaders: Record<Language, () => Promise<Strings>> = {
  en: () => Promise.resolve(en),
  es: () => import('./es.ts').then(file => file.es),
  fr: () => import('./fr.ts').then(file => file.fr),
  ar: () => import('./ar.ts').then(file => file.ar),
}

const english: Table = { language: 'en', strings: en }
const loaded = new Map<Language, Table>([['en', english]])

/** Each in its own words: who looks for theirs may not read any other. */
export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  es: 'Español',
  fr: 'Français',
  ar: 'العربية',
}

/** The language of a BCP 47 tag that has a table: "es-MX" gives "es"; without one, English. */
export function languageOf(locale: string): Language {
  const primary = primaryOf(locale)
  return isLanguage(primary) ? primary : 'en'
}

/** The locale that words and dates are shown in together: the first, in order of preference, whose language has a table. */
export function shownLocale(locales: readonly string[]): string {
  return locales.find(locale => isLanguage(primaryOf(locale))) ?? 'en'
}

/** null: not loaded yet. */
export function loadedTable(language: Language): Table | null {
  return loaded.get(language) ?? null
}

/** Never rejects: where a table cannot be loaded, English is better than nothing, and the next visit tries again. */
export async function loadTable(language: Language): Promise<Table> {
  try {
    const table = { language, strings: await loaders[language]() }
    loaded.set(language, table)
    return table
  } catch (error) {
    reportError(error)
    return english
  }
}

/** Whether the language's words are there to be shown; fetches them where they are not. */
export async function fetchLanguage(language: Language): Promise<boolean> {
  return (await loadTable(language)).language === language
}

export type Direction = 'ltr' | 'rtl'

/** Writing direction of a language tag. */
export function directionOf(locale: string): Direction {
  return ['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi'].includes(primaryOf(locale))
    ? 'rtl'
    : 'ltr'
}

function primaryOf(locale: string): string {
  return locale.toLowerCase().split('-')[0] ?? ''
}

function isLanguage(primary: string): primary is Language {
  return Object.hasOwn(loaders, primary)
}
