import type { Appointment } from '@bedside/core'
import { useText } from '@bedside/react'
import { Link } from '@tanstack/react-router'
import { MessagesSquare } from 'lucide-react'

/** The way to the conversation, and how much of it is new. */
export function OpenChat({ appointment }: { appointment: Appointment }) {
  const { strings } = useText()
  const unread = appointment.room?.unread ?? 0
  return (
    <Link
      to="/appointments/$appointmentId/chat"
      params={{ appointmentId: appointment.id }}
      className="bs-button max-sm:w-full"
      data-tone="accent"
    >
      <MessagesSquare aria-hidden className="size-5" />
      {strings.appointment.openChat}
      {unread > 0 && (
        <span className="grid h-7 min-w-7 place-items-center rounded-full bg-on-accent px-2 text-[0.9375rem] font-bold text-accent tabular-nums">
          <span aria-hidden>{strings.appointments.unreadShort(unread)}</span>
          <span className="sr-only">{strings.appointments.unread(unread)}</span>
        </span>
      )}
    </Link>
  )
}
