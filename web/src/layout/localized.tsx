import { StringsProvider, shownLocale, useText } from '@bedside/react'
import { type ReactNode, useLayoutEffect } from 'react'

export interface LocalizedProps {
  /** BCP 47, in order of preference: the first that has a table is shown. */
  locales: readonly string[]
  timeZone: string
  children: ReactNode
}

/** Words and dates for everything below; the document's language and direction change in the same frame as they do. */
export function Localized({ locales, timeZone, children }: LocalizedProps) {
  return (
    <StringsProvider locale={shownLocale(locales)} timeZone={timeZone}>
      <DocumentLanguage />
      {children}
    </StringsProvider>
  )
}

function DocumentLanguage() {
  const { locale, direction } = useText()
  useLayoutEffect(() => {
    document.documentElement.lang = locale
    document.documentElement.dir = direction
  }, [locale, direction])
  return null
}
