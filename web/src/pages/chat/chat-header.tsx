import { type ChatService, isOnPatientSide, type ReadyChat } from '@bedside/core'
import { Avatar, isolate, roleLabel, useText } from '@bedside/react'
import { Link } from '@tanstack/react-router'
import { ArrowLeft, Info } from 'lucide-react'
import { otherPerson } from '../../appointment/other-person.ts'
import { PageHeading } from '../../layout/page-heading.tsx'
import { OtherPresence } from './other-presence.tsx'

export interface ChatHeaderProps {
  service: ChatService
  chat: ReadyChat | null
  onShowDetails(): void
}

/** With whom, and the ways to the list and to the details. The heading stays the same element in every state. */
export function ChatHeader({ service, chat, onShowDetails }: ChatHeaderProps) {
  const { strings } = useText()
  const other = chat && otherPerson(chat.appointment, isOnPatientSide(chat))
  return (
    <div className="flex min-h-18 items-center gap-2 border-b border-line bg-surface px-2 py-2 sm:gap-3 sm:px-4 low:min-h-12 low:py-0.5">
      <Link
        to="/appointments"
        aria-label={strings.chat.backToAppointments}
        title={strings.chat.backToAppointments}
        className="grid size-11 flex-none place-items-center rounded-xl hover:bg-sunken print:hidden"
      >
        <ArrowLeft aria-hidden className="icon-directional size-6" />
      </Link>
      {other && (
        <span className="max-sm:hidden low:hidden print:hidden">
          <Avatar name={other.displayName} role={other.role} isLarge />
        </span>
      )}
      <div className="min-w-0 flex-1 leading-snug">
        <div className="flex items-center gap-2">
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
          {other && <OtherPresence chat={service} appointmentId={chat.appointment.id} userId={other.id} />}
        </div>
        {other && <p className="text-[0.9375rem] text-muted">{roleLabel(other, strings)}</p>}
      </div>
      {other && (
        <button
          type="button"
          aria-haspopup="dialog"
          onClick={onShowDetails}
          className="bs-button flex-none text-[0.9375rem] max-sm:px-3 lg:hidden print:hidden"
        >
          <Info aria-hidden className="size-5" />
          {strings.chat.showDetails}
        </button>
      )}
    </div>
  )
}
