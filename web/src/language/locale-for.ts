import type { Language } from '@bedside/react'

/** The language as the browser has it, region and all, so that dates are written as they are where the person lives. */
export function localeFor(language: Language, browserLanguages: readonly string[]): string {
  return browserLanguages.find(locale => locale.split('-')[0] === language) ?? language
}
