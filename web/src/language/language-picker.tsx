/**
 * Every language in its own words. What is chosen holds at once and the page stays what it is: nothing is loaded anew,
 * nothing that was typed goes. Where it could not be, the page says so and stays in the language that it was in.
 */
import { ChatError } from '@bedside/core'
import { fetchLanguage, type Language, languageNames, languageOf, useText } from '@bedside/react'
import { Languages } from 'lucide-react'
import { useState } from 'react'
import { chatErrorOf } from '../chat-error-of.ts'
import { localeFor } from './locale-for.ts'

export interface LanguagePickerProps {
  /** In one line, for a page that is about something else. */
  isCompact?: boolean
  /** Rejects where it could not be. */
  onChoose(locale: string): void | Promise<void>
}

const languages = Object.keys(languageNames) as Language[]

export function LanguagePicker({ isCompact = false, onChoose }: LanguagePickerProps) {
  const { strings, locale } = useText()
  const [isBusy, setIsBusy] = useState(false)
  const [isChanged, setIsChanged] = useState(false)
  const [error, setError] = useState<ChatError | null>(null)

  const choose = async (language: Language) => {
    if (isBusy || language === languageOf(locale)) return
    setIsBusy(true)
    setError(null)
    try {
      if (!(await fetchLanguage(language))) throw new ChatError(navigator.onLine ? 'unavailable' : 'offline')
      await onChoose(localeFor(language, navigator.languages))
      setIsChanged(true)
    } catch (cause) {
      setError(chatErrorOf(cause))
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <>
      <fieldset className={isCompact ? 'flex flex-wrap justify-center gap-1' : 'mt-4 flex flex-wrap gap-2'}>
        <legend className="sr-only">{strings.languagePicker.title}</legend>
        {isCompact && <Languages aria-hidden className="me-1 size-5 self-center text-muted max-sm:hidden" />}
        {languages.map(language => (
          <button
            key={language}
            type="button"
            lang={language}
            aria-pressed={language === languageOf(locale)}
            aria-disabled={isBusy}
            onClick={() => void choose(language)}
            className={`min-h-11 cursor-pointer rounded-xl border hover:border-accent hover:bg-soft hover:text-on-soft aria-pressed:border-accent aria-pressed:bg-soft aria-pressed:font-semibold aria-pressed:text-on-soft ${
              isCompact ? 'border-transparent px-2.5 text-[0.9375rem]' : 'min-w-28 border-line px-5'
            }`}
          >
            {languageNames[language]}
          </button>
        ))}
      </fieldset>
      {/* There before its words are: what comes with them is not read out everywhere. */}
      {(isBusy || isChanged) && (
        <p role="status" className="sr-only">
          {isChanged && strings.languagePicker.changed}
        </p>
      )}
      {error !== null && (
        <div
          role="alert"
          className="mt-4 rounded-xl border border-danger-line bg-danger-soft px-4 py-3 text-start"
        >
          <p className="font-semibold text-danger">{strings.languagePicker.failed}</p>
          <p>{strings.errors[error.kind]}</p>
        </div>
      )}
    </>
  )
}
