/** One appointment in the list. Nothing clinical on it: lists are read over shoulders. */
import type { Appointment, Person } from '@bedside/core'
import { Avatar, isolate, roleLabel, useClinicTime, useText } from '@bedside/react'
import { Link } from '@tanstack/react-router'
import { ChevronRight, Info } from 'lucide-react'
import { AppointmentPlace } from '../../appointment/appointment-place.tsx'
import { otherPerson } from '../../appointment/other-person.ts'
import { StatusChip } from '../../appointment/status-chip.tsx'
import { WaitingNote } from '../../appointment/waiting-note.tsx'

export interface AppointmentCardProps {
  appointment: Appointment
  me: Person
  /** Where the list is not parted into days. */
  hasDay?: boolean
}

export function AppointmentCard({ appointment, me, hasDay = false }: AppointmentCardProps) {
  const { strings, dates } = useText()
  const clinicTime = useClinicTime().range(appointment.startsAt, appointment.endsAt)
  const isMine = me.id === appointment.patient.id
  // A patient's account in somebody else's appointment writes for its patient.
  const isForSomebody = me.role === 'patient' && !isMine
  const other = otherPerson(appointment, isMine || isForSomebody)
  const { room } = appointment
  const isDesk = me.role === 'admin'
  const namedBy = [isolate(other.displayName), dates.dayAndTime(appointment.startsAt)] as const
  const unread = room?.unread ?? 0
  return (
    <article className="relative flex flex-wrap items-start gap-x-5 gap-y-3 rounded-card border border-line bg-surface p-4 shadow-card has-[a]:hover:border-accent motion-safe:transition-colors sm:flex-nowrap sm:p-5">
      <p className="w-full flex-none text-lg leading-snug font-semibold tabular-nums sm:w-46 sm:self-stretch sm:border-e sm:border-line sm:pe-4">
        {hasDay && <span className="block text-[0.9375rem]">{dates.relativeDay(appointment.startsAt)} </span>}
        <time dateTime={appointment.startsAt}>
          {dates.timeRange(appointment.startsAt, appointment.endsAt)}
        </time>
        {clinicTime !== null && (
          <span className="block text-[0.9375rem] font-normal text-muted">{clinicTime}</span>
        )}
      </p>
      <div className="flex min-w-0 flex-1 gap-3.5">
        <Avatar name={other.displayName} role={other.role} isLarge />
        <div className="min-w-0 flex-1">
          <h3 className="leading-snug font-semibold wrap-anywhere">
            {/* The front desk takes part in no conversation. */}
            <Link
              to={isDesk ? '/appointments/$appointmentId' : '/appointments/$appointmentId/chat'}
              params={{ appointmentId: appointment.id }}
              aria-label={
                isDesk
                  ? strings.appointments.openDetails(...namedBy)
                  : strings.appointments.openChat(...namedBy)
              }
              className="after:absolute after:inset-0 after:rounded-card focus-visible:outline-none focus-visible:after:outline-3 focus-visible:after:outline-offset-2 focus-visible:after:outline-accent"
            >
              <bdi>{other.displayName}</bdi>
            </Link>
          </h3>
          <p className="text-[0.9375rem] text-muted">{roleLabel(other, strings)}</p>
          {isDesk && (
            <p className="text-[0.9375rem] wrap-anywhere">
              <bdi>{appointment.doctor.displayName}</bdi>
            </p>
          )}
          {isForSomebody && (
            <p className="text-[0.9375rem] wrap-anywhere">
              {strings.appointments.forPatient(isolate(appointment.patient.displayName))}
            </p>
          )}
          <AppointmentPlace appointment={appointment} className="mt-1.5 text-[0.9375rem]" />
          <div className="mt-2.5 flex flex-wrap items-center gap-x-3 gap-y-1.5">
            <StatusChip status={appointment.status} />
            <span className="text-[0.9375rem] text-muted">
              {room === null ? strings.appointment.noRoom : strings.appointment.rooms[room.status]}
            </span>
            {room?.waitingSince && me.role !== 'patient' && <WaitingNote since={room.waitingSince} />}
            {room?.lastMessageAt && (
              <span className="text-[0.9375rem] text-muted">
                {strings.appointments.lastMessage(dates.recent(room.lastMessageAt))}
              </span>
            )}
          </div>
        </div>
      </div>
      <div className="absolute end-4 top-4 flex items-center gap-2 self-center sm:static">
        {unread > 0 && (
          <span className="grid h-8 min-w-8 place-items-center rounded-full border border-transparent bg-accent px-2 text-[0.9375rem] font-bold text-on-accent tabular-nums">
            <span aria-hidden>{strings.appointments.unreadShort(unread)}</span>
            <span className="sr-only">{strings.appointments.unread(unread)}</span>
          </span>
        )}
        {!isDesk && (
          <Link
            to="/appointments/$appointmentId"
            params={{ appointmentId: appointment.id }}
            aria-label={strings.appointments.openDetails(...namedBy)}
            title={strings.chat.details}
            // Above the link to the chat, which is as large as the card.
            className="relative z-10 -my-2 grid size-11 place-items-center rounded-xl text-muted hover:bg-sunken hover:text-ink"
          >
            <Info aria-hidden className="size-5.5" />
          </Link>
        )}
        <ChevronRight aria-hidden className="icon-directional size-6 text-muted" />
      </div>
    </article>
  )
}
