/** Gives every component below it its words, and dates in the person's own language and time zone. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { createDateFormat, type DateFormat } from './date-format.ts'
import { en, type Strings } from './en.ts'
import { type Direction, directionOf, languageOf, loadedTable, loadTable, shownLocale } from './languages.ts'

export interface Text {
  strings: Strings
  /** BCP 47: as given where its language has a table, else English, so that words and dates never mix. */
  locale: string
  /** Of the words that are shown: it changes together with them. */
  direction: Direction
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
  const [latest, setLatest] = useState(() => loadedTable(language))
  useEffect(() => {
    let isWanted = true
    void loadTable(language).then(table => {
      if (isWanted) setLatest(table)
    })
    return () => {
      isWanted = false
    }
  }, [language])
  const table = loadedTable(language) ?? latest
  const text = useMemo(() => {
    if (table === null) return null
    return textOf(
      table.strings,
      table.language === language ? shownLocale([locale]) : table.language,
      timeZone,
    )
  }, [table, language, locale, timeZone])
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
  const direction = directionOf(locale)
  try {
    return { strings, locale, direction, timeZone, dates: createDateFormat(locale, timeZone) }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const zone = deviceTimeZone()
    const language = languageOf(locale)
    return {
      strings,
      locale: language,
      direction,
      timeZone: zone,
      dates: createDateFormat(language, zone),
    }
  }
}
