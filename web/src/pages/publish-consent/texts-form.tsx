import { directionOf, languageNames, useText } from '@bedside/react'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { Field, problemId } from '../../form/field.tsx'
import { ProblemSummary } from '../../form/problem-summary.tsx'
import { type Checked, checkedTexts, type Texts } from './checked-texts.ts'
import { useLanguageNames } from './use-language-names.ts'
import type { PublishState } from './use-publish-consent.ts'

export interface TextsFormProps {
  state: PublishState & { is: 'writing' }
  onWrite(locale: string, text: string): void
  onStartAgain(): void
  onLook(texts: Texts): void
}

/** A text for each language of the app, and for those that the text in force has besides. */
export function TextsForm({ state, onWrite, onStartAgain, onLook }: TextsFormProps) {
  const { strings } = useText()
  const names = useLanguageNames()
  const id = useId()
  const [checked, setChecked] = useState<Checked | null>(null)
  /** Tells one failed attempt from the next, so that each is announced. */
  const [attempt, setAttempt] = useState(0)
  const form = useRef<HTMLFormElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const { inForce, texts, isReplaced, isBack } = state
  useEffect(() => {
    if (isBack) heading.current?.focus()
  }, [isBack])
  const locales = [...new Set([...Object.keys(languageNames), ...Object.keys(inForce.texts)])]
  const isChanged = locales.some(locale => (texts[locale] ?? '') !== (inForce.texts[locale] ?? ''))

  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    const found = checkedTexts(texts, inForce.texts)
    setChecked(found)
    setAttempt(n => n + 1)
    if (found.is === 'good') onLook(found.texts)
    if (found.is === 'too-long') {
      const first = locales.find(locale => Object.hasOwn(found.over, locale))
      form.current?.querySelector<HTMLTextAreaElement>(`textarea[name="${first}"]`)?.focus()
    }
  }

  return (
    <form
      ref={form}
      noValidate
      onSubmit={onSubmit}
      className="mt-6 grid gap-5 rounded-card border border-line bg-surface p-5 shadow-card sm:p-8"
    >
      <div>
        <h2 ref={heading} tabIndex={-1} className="text-xl font-bold tracking-tight focus:outline-none">
          {strings.publish.write}
        </h2>
        <p className="mt-2 max-w-prose">{strings.publish.writeHelp}</p>
      </div>
      {isReplaced && (
        <p role="alert" className="rounded-xl border border-warning-line bg-warning-soft px-4 py-3">
          {strings.publish.replaced(String(inForce.version))}
        </p>
      )}
      {(checked?.is === 'empty' || checked?.is === 'same') && (
        <ProblemSummary key={attempt} title={strings.publish.notReady}>
          {strings.publish[checked.is]}
        </ProblemSummary>
      )}
      {locales.map(locale => {
        const over = checked?.is === 'too-long' ? checked.over[locale] : undefined
        return (
          <Field
            key={locale}
            id={`${id}-${locale}`}
            label={names.of(locale)}
            problem={over === undefined ? undefined : strings.publish.tooLong(over)}
          >
            <textarea
              id={`${id}-${locale}`}
              name={locale}
              lang={locale}
              dir={directionOf(locale)}
              rows={8}
              value={texts[locale] ?? ''}
              aria-invalid={over !== undefined}
              aria-describedby={problemId(`${id}-${locale}`)}
              onChange={event => onWrite(locale, event.target.value)}
              className="field block field-sizing-content max-h-[70dvh] min-h-40! resize-y py-3"
            />
          </Field>
        )
      })}
      <div className="flex flex-wrap gap-3 max-sm:flex-col">
        <button type="submit" className="bs-button min-h-13" data-tone="accent">
          {strings.publish.look}
        </button>
        {isChanged && (
          <button type="button" className="bs-button min-h-13" onClick={onStartAgain}>
            {strings.publish.startAgain}
          </button>
        )}
      </div>
    </form>
  )
}
