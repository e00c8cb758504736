/** What a patient must know before they write: that this is not for emergencies, and when to expect an answer. */
import type { Clinic } from '@bedside/core'
import { PhoneCall } from 'lucide-react'
import { languageOf } from '../strings/languages.ts'
import { useText } from '../strings/strings-provider.tsx'
import { useIsAhead } from './use-is-ahead.ts'

export interface EmergencyNoticeProps {
  /** With its own words, where it has some in the reader's language. */
  clinic?: Clinic | null
  /** When it opens next, where that is known better than from `clinic`. */
  opensAt?: string | null
}

export function EmergencyNotice({ clinic = null, opensAt = clinic?.opensAt ?? null }: EmergencyNoticeProps) {
  const { strings, locale, dates } = useText()
  const isClosed = useIsAhead(opensAt)
  const own = clinic?.emergencyText[languageOf(locale)]
  return (
    <p className="bs-emergency">
      <PhoneCall aria-hidden className="bs-icon-sm" />
      <span>
        {own ? (
          <strong dir="auto">{own}</strong>
        ) : (
          <>
            <strong>{strings.emergency.title}</strong> {strings.emergency.text}
          </>
        )}{' '}
        {opensAt !== null && isClosed
          ? strings.emergency.closedUntil(dates.recent(opensAt))
          : clinic && strings.emergency.answersWithin(dates.duration(clinic.expectedReplyMinutes))}
      </span>
    </p>
  )
}
