import { isOnPatientSide, type ReadyChat } from '@bedside/core'
import { Avatar, isolate, roleLabel, useText } from '@bedside/react'
import { Link } from '@tanstack/react-router'
import { ArrowLeft, Info } from 'lucide-react'
import { otherPerson } from '../../appointment/other-person.ts'
import { PageHeading } from '../../layout/page-heading.tsx'

/** With whom, and the ways to the list and to the details. The heading stays the same element in every state. */
export function ChatHeader({ chat, onShowDetails }: { chat: ReadyChat | null; onShowDetails(): void }) {
  const { strings } = useText()
  const other = chat && otherPerson(chat.appointment, isOnPatientSide(chat))
  return (
    <div className="flex min-h-18 items-center gap-2 border-b border-line bg-surface px-2 py-2 sm:gap-3 sm:px-4">
      <Link
        to="/appointments"
        aria-label={strings.chat.backToAppointments}
        title={strings.chat.backToAppointments}
        className="grid size-11 flex-none place-items-center rounded-xl hover:bg-sunken"
      >
        <ArrowLeft aria-hidden className="icon-directional size-6" />
      </Link>
      {other && (
        <span className="max-sm:hidden">
          <Avatar name={other.displayName} role={other.role} isLarge />
        </span>
      )}
      <div className="min-w-0 flex-1 leading-snug">
        <PageHeading className="text-lg leading-snug font-bold wrap-anywhere">
          {other ? (
            <>
              <span className="sr-only">{strings.chat.with(isolate(other.displayName))}</span>
              <bdi aria-hidden>{other.displayName}</bdi>
            </>
          ) : (
            strings.chat.title
          )}
        </PageHeading>
        {other && <p className="text-[0.9375rem] text-muted">{roleLabel(other, strings)}</p>}
      </div>
      {other && (
        <button
          type="button"
          aria-haspopup="dialog"
          onClick={onShowDetails}
          className="bs-button flex-none text-[0.9375rem] max-sm:px-3 lg:hidden"
        >
          <Info aria-hidden className="size-5" />
          {strings.chat.showDetails}
        </button>
      )}
    </div>
  )
}
