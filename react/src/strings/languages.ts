/** Which language a person gets, and its table. English comes with the page; the others load when they are needed. */
import { en, type Strings } from './en.ts'

export type Language = 'en' | 'es'

const loaders: Record<Language, () => Promise<Strings>> = {
  en: () => Promise.resolve(en),
  es: () => import('./es.ts').then(file => file.es),
}

const loaded = new Map<Language, Strings>([['en', en]])

/** The first language of a BCP 47 tag that has a table: "es-MX" gives "es"; without one, English. */
export function languageOf(locale: string): Language {
  const primary = primaryOf(locale)
  return isLanguage(primary) ? primary : 'en'
}

/** The locale that words and dates are shown in together: the one given where its language has a table. */
export function shownLocale(locale: string): string {
  return isLanguage(primaryOf(locale)) ? locale : 'en'
}

/** null: not loaded yet. */
export function loadedStrings(language: Language): Strings | null {
  return loaded.get(language) ?? null
}

/** Never rejects: where a table cannot be loaded, English is better than nothing, and the next visit tries again. */
export async function loadStrings(language: Language): Promise<Strings> {
  try {
    const table = await loaders[language]()
    loaded.set(language, table)
    return table
  } catch (error) {
    reportError(error)
    return en
  }
}

/** Writing direction of a language tag. */
export function directionOf(locale: string): 'ltr' | 'rtl' {
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
