import { languageNames, languageOf, useText } from '@bedside/react'
import { TriangleAlert } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { ProblemSummary } from '../../form/problem-summary.tsx'
import { ConsentText, firstLocale } from '../consent/consent-text.tsx'
import { useLanguageNames } from './use-language-names.ts'
import type { PublishState } from './use-publish-consent.ts'

export interface ConsentPreviewProps {
  state: PublishState & { is: 'looking' }
  onGoOn(): void
  onPublish(): void
}

/** The text as patients will read it, and what publishing does to them. */
export function ConsentPreview({ state, onGoOn, onPublish }: ConsentPreviewProps) {
  const { strings, locale: shown } = useText()
  const names = useLanguageNames()
  const heading = useRef<HTMLHeadingElement>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  useEffect(() => heading.current?.focus(), [])
  const { inForce, texts, isSaving, error } = state
  const consent = {
    version: inForce.version + 1,
    texts: { ...texts },
    publishedAt: null,
    acceptedAt: null,
    acceptedLocale: null,
  }
  const missing = Object.keys(languageNames).filter(language => !Object.hasOwn(texts, language))
  return (
    <>
      <h2 ref={heading} tabIndex={-1} className="mt-6 text-xl font-bold tracking-tight focus:outline-none">
        {strings.publish.preview}
      </h2>
      <section className="mt-4 rounded-card border border-line bg-surface p-5 shadow-card sm:p-8">
        <ConsentText
          consent={consent}
          locale={chosen ?? firstLocale(consent, languageOf(shown))}
          onLocale={setChosen}
        />
      </section>
      {missing.length > 0 && (
        <p className="mt-4">
          {strings.publish.missing(names.list(missing), names.of(firstLocale(consent, 'en')))}
        </p>
      )}
      <section className="mt-6 flex gap-3 rounded-xl border border-warning-line bg-warning-soft px-4 py-3">
        <TriangleAlert aria-hidden className="mt-0.5 size-5.5 flex-none text-warning" />
        <div>
          <h3 className="font-semibold">{strings.publish.whatHappens}</h3>
          <ul className="mt-1 list-disc ps-5">
            {strings.publish.consequences.map(each => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </div>
      </section>
      {error !== null && (
        <div className="mt-5">
          <ProblemSummary title={strings.publish.failed}>{strings.errors[error.kind]}</ProblemSummary>
        </div>
      )}
      <div className="mt-5 flex flex-wrap gap-3 max-sm:flex-col">
        <button
          type="button"
          className="bs-button min-h-13"
          data-tone="accent"
          aria-disabled={isSaving}
          onClick={onPublish}
        >
          {isSaving ? strings.publish.publishing : strings.publish.publish(String(consent.version))}
        </button>
        <button type="button" className="bs-button min-h-13" aria-disabled={isSaving} onClick={onGoOn}>
          {strings.publish.goOn}
        </button>
      </div>
    </>
  )
}
