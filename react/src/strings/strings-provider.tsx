/** Gives every component below it its words, and dates in the person's own language and time zone. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { createDateFormat, type DateFormat } from './date-format.ts'
import { en, type Strings } from './en.ts'
import { languageOf, loadedStrings, loadStrings, shownLocale } from './languages.ts'

export interface Text {
  strings: Strings
  /** BCP 47: as given where its language has a table, else English, so that words and dates never mix. */
  locale: string
  /** IANA name. */
  timeZone: string
  dates: DateFormat
}

export interface StringsProviderProps {
  /** BCP 47, such as `profile.locale`. */
  locale: string
  /** IANA name, such as `profile.timeZone`. */
  timeZone: string
  children: ReactNode
}

const TextContext = createContext<Text | null>(null)

/** Shows nothing until the first language's table is loaded; then the old one until the next is. */
export function StringsProvider({ locale, timeZone, children }: StringsProviderProps) {
  const language = languageOf(locale)
  const [strings, setStrings] = useState(() => loadedStrings(language))
  useEffect(() => {
    let isWanted = true
    void loadStrings(language).then(table => {
      if (isWanted) setStrings(table)
    })
    return () => {
      isWanted = false
    }
  }, [language])
  const text = useMemo(
    () => strings && textOf(strings, shownLocale(locale), timeZone),
    [strings, locale, timeZone],
  )
  return text && <TextContext value={text}>{children}</TextContext>
}

export function useText(): Text {
  const text = useContext(TextContext)
  return useMemo(() => text ?? textOf(en, 'en', deviceTimeZone()), [text])
}

export function deviceTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** A locale or zone that this browser does not know must not take the page down. */
function textOf(strings: Strings, locale: string, timeZone: string): Text {
  try {
    return { strings, locale, timeZone, dates: createDateFormat(locale, timeZone) }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const zone = deviceTimeZone()
    return { strings, locale: 'en', timeZone: zone, dates: createDateFormat('en', zone) }
  }
}
