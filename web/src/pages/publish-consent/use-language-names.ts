import { useText } from '@bedside/react'
import { useMemo } from 'react'

/** What languages are called in the reader's own. */
export function useLanguageNames(): { of(locale: string): string; list(locales: readonly string[]): string } {
  const { locale: shown } = useText()
  return useMemo(() => {
    const names = new Intl.DisplayNames([shown], { type: 'language' })
    const list = new Intl.ListFormat(shown, { type: 'conjunction' })
    const of = (locale: string) => names.of(locale) ?? locale
    return { of, list: locales => list.format(locales.map(of)) }
  }, [shown])
}
