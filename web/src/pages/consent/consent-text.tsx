import type { Consent } from '@bedside/core'
import { directionOf, useText } from '@bedside/react'
import { useId } from 'react'

export interface ConsentTextProps {
  consent: Consent
  locale: string
  onLocale(locale: string): void
}

/** The clinic's text in one of its languages, which the reader may change. */
export function ConsentText({ consent, locale, onLocale }: ConsentTextProps) {
  const { strings, dates, locale: shown } = useText()
  const id = useId()
  const names = new Intl.DisplayNames([shown], { type: 'language' })
  const locales = Object.keys(consent.texts)
  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-4">
        {consent.publishedAt !== null && (
          <p className="text-[0.9375rem] text-muted">
            {strings.consent.published(String(consent.version), dates.day(consent.publishedAt))}
          </p>
        )}
        {locales.length > 1 && (
          <div className="print:hidden">
            <label htmlFor={id} className="mb-1 block text-[0.9375rem] text-muted">
              {strings.consent.language}
            </label>
            <select
              id={id}
              value={locale}
              onChange={event => onLocale(event.target.value)}
              className="field min-w-44"
            >
              {locales.map(each => (
                <option key={each} value={each}>
                  {names.of(each)}
                </option>
              ))}
            </select>
          </div>
        )}
      </div>
      <div lang={locale} dir={directionOf(locale)} className="mt-5 grid max-w-prose gap-4 text-lg">
        {(consent.texts[locale] ?? '').split(/\n\s*\n/u).map(paragraph => (
          <p key={paragraph} className="wrap-anywhere whitespace-pre-line">
            {paragraph}
          </p>
        ))}
      </div>
    </>
  )
}

/** In which language to begin: as it was agreed to, the reader's own, English, any. */
export function firstLocale({ texts, acceptedLocale }: Consent, language: string): string {
  const wanted = [acceptedLocale, language, 'en']
  return wanted.find(each => each !== null && Object.hasOwn(texts, each)) ?? Object.keys(texts)[0] ?? language
}
