/** Above the composer, for the patient's side: that the doctor is away, until when, and what to do meanwhile. */
import type { Away, Person } from '@bedside/core'
import { CalendarOff, ChevronDown } from 'lucide-react'
import { isolate } from '../strings/isolate.ts'
import { useText } from '../strings/strings-provider.tsx'
import { CallLink } from './call-link.tsx'
import { useIsAhead } from './use-is-ahead.ts'

export interface AwayNoticeProps {
  /** null: the doctor is there. What is said comes and goes in a place that stays, so that it is spoken. */
  away: Away | null
  doctor: Pick<Person, 'displayName'>
  /** Whether one can write meanwhile. */
  canWrite?: boolean
  /** The clinic's. */
  phone?: string | null
}

export function AwayNotice({ away, doctor, canWrite = false, phone = null }: AwayNoticeProps) {
  const { strings, dates } = useText()
  const isAhead = useIsAhead(away?.backAt ?? null)
  if (away === null || !isAhead) return <div role="status" className="bs-away" />
  const line = (
    <>
      <CalendarOff aria-hidden className="bs-icon-sm" />
      <span>
        <strong>{strings.away.title(isolate(doctor.displayName))}</strong>{' '}
        <time dateTime={away.backAt}>{strings.away.back(dates.weekdayAndTime(away.backAt))}</time>
      </span>
    </>
  )
  return (
    <div role="status" className="bs-away">
      {!canWrite && away.note === null ? (
        <p className="bs-away-line">{line}</p>
      ) : (
        // To be folded where there is little room.
        <details open>
          <summary>
            {line}
            <ChevronDown aria-hidden className="bs-icon-sm bs-away-fold" />
          </summary>
          <div className="bs-away-body">
            {away.note !== null && (
              <p dir="auto" className="bs-away-note">
                {away.note}
              </p>
            )}
            {canWrite && <p>{phone === null ? strings.away.write : strings.away.writeOrCall}</p>}
            {canWrite && phone !== null && <CallLink phone={phone} />}
          </div>
        </details>
      )}
    </div>
  )
}
