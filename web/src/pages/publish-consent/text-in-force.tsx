import type { Consent } from '@bedside/core'
import { languageOf, useText } from '@bedside/react'
import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { ConsentText, firstLocale } from '../consent/consent-text.tsx'
import { useLanguageNames } from './use-language-names.ts'

/** Which text patients are asked to agree to now, since when and in which languages; itself on a press. */
export function TextInForce({ consent }: { consent: Consent }) {
  const { strings, locale: shown, dates } = useText()
  const names = useLanguageNames()
  const [chosen, setChosen] = useState<string | null>(null)
  const locales = Object.keys(consent.texts)
  if (consent.publishedAt === null || locales.length === 0)
    return <p className="mt-4 max-w-prose">{strings.publish.none}</p>
  const locale =
    chosen !== null && locales.includes(chosen) ? chosen : firstLocale(consent, languageOf(shown))
  return (
    <section className="mt-6 rounded-card border border-line bg-surface p-5 shadow-card sm:p-8">
      <h2 className="text-xl font-bold tracking-tight">{strings.publish.inForce}</h2>
      <p className="mt-2">
        {strings.consent.published(String(consent.version), dates.day(consent.publishedAt))}
      </p>
      <p className="text-muted">{names.list(locales)}</p>
      <details className="group mt-3">
        <summary className="inline-flex min-h-11 cursor-pointer list-none items-center gap-2 font-semibold text-accent [&::-webkit-details-marker]:hidden">
          <ChevronDown aria-hidden className="size-5 group-open:rotate-180" />
          {strings.publish.read}
        </summary>
        <div className="mt-3 border-t border-line pt-4">
          <ConsentText consent={{ ...consent, publishedAt: null }} locale={locale} onLocale={setChosen} />
        </div>
      </details>
    </section>
  )
}
