import type { ChatService, ReadyChat } from '@bedside/core'
import { Avatar, LinkedText, roleLabel, useText } from '@bedside/react'
import type { ReactNode } from 'react'
import { AppointmentActions } from '../../appointment/appointment-actions.tsx'
import { StatusChip } from '../../appointment/status-chip.tsx'

/** What the conversation is about: when, where, who. */
export function AppointmentDetails({ chat, service }: { chat: ReadyChat; service: ChatService }) {
  const { strings, dates } = useText()
  const { appointment, room } = chat
  const me = room.participants.find(person => person.id === chat.me)
  return (
    <div className="grid gap-6">
      <h2 className="text-xl font-bold tracking-tight">{strings.chat.details}</h2>
      <dl className="grid gap-4">
        <Row label={strings.chat.date}>
          <time dateTime={appointment.startsAt}>{dates.day(appointment.startsAt)}</time>
        </Row>
        <Row label={strings.chat.time}>
          {dates.timeRange(appointment.startsAt, appointment.endsAt)}
          <span className="block text-[0.9375rem] font-normal text-muted">
            {dates.zoneName(appointment.startsAt)}
          </span>
        </Row>
        <Row label={strings.chat.how}>{strings.appointment.modes[appointment.mode]}</Row>
        {appointment.location !== null && (
          <Row label={strings.chat.place}>
            <bdi className="wrap-anywhere [&_a]:text-accent [&_a]:underline [&_a]:underline-offset-3">
              <LinkedText text={appointment.location} />
            </bdi>
          </Row>
        )}
        {appointment.reason !== null && (
          <Row label={strings.chat.reason}>
            <bdi className="wrap-anywhere whitespace-pre-line">{appointment.reason}</bdi>
          </Row>
        )}
        {appointment.statusReason !== null && (
          <Row label={strings.chat.statusReason}>
            <bdi className="wrap-anywhere whitespace-pre-line">{appointment.statusReason}</bdi>
          </Row>
        )}
        <Row label={strings.chat.status}>
          <span className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
            <StatusChip status={appointment.status} />
            <span className="text-[0.9375rem] font-normal text-muted">
              {strings.appointment.rooms[room.status]}
            </span>
          </span>
        </Row>
      </dl>
      {me !== undefined && chat.freshness === 'live' && (
        <AppointmentActions chat={service} appointment={appointment} role={me.role} />
      )}
      <section>
        <h3 className="mb-3 text-[0.9375rem] text-muted">{strings.chat.participants}</h3>
        <ul className="grid gap-3">
          {room.participants.map(person => (
            <li key={person.id} className="flex items-center gap-3">
              <Avatar name={person.displayName} role={person.role} />
              <p className="min-w-0 leading-snug">
                <span className="font-semibold wrap-anywhere">
                  <bdi>{person.displayName}</bdi>
                  {person.id === chat.me && (
                    <span className="font-normal text-muted"> {strings.chat.itIsYou}</span>
                  )}
                </span>
                <span className="block text-[0.9375rem] text-muted">
                  {person.leftAt === null ? roleLabel(person, strings) : strings.chat.hasLeft}
                </span>
              </p>
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-[0.9375rem] text-muted">{label}</dt>
      <dd className="font-semibold">{children}</dd>
    </div>
  )
}
