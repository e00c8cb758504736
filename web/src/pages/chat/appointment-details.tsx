import type { ChatService, ReadyChat } from '@bedside/core'
import { useText } from '@bedside/react'
import { Link } from '@tanstack/react-router'
import { useRef } from 'react'
import { AppointmentActions } from '../../appointment/appointment-actions.tsx'
import { AppointmentFacts, Fact } from '../../appointment/appointment-facts.tsx'
import { StatusChip } from '../../appointment/status-chip.tsx'
import { ParticipantList } from './participant-list.tsx'

/** What the conversation is about: when, where, who. */
export function AppointmentDetails({ chat, service }: { chat: ReadyChat; service: ChatService }) {
  const { strings } = useText()
  const { appointment, room } = chat
  const status = useRef<HTMLSpanElement>(null)
  const me = room.participants.find(person => person.id === chat.me)
  return (
    <div className="grid gap-6">
      <h2 className="text-xl font-bold tracking-tight">{strings.chat.details}</h2>
      <dl className="grid gap-4">
        <AppointmentFacts appointment={appointment} />
        <Fact label={strings.chat.status}>
          <span className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
            <span ref={status} tabIndex={-1} className="rounded-full">
              <StatusChip status={appointment.status} />
            </span>
            <span className="text-[0.9375rem] font-normal text-muted">
              {strings.appointment.rooms[room.status]}
            </span>
          </span>
        </Fact>
      </dl>
      <Link
        to="/appointments/$appointmentId"
        params={{ appointmentId: appointment.id }}
        className="bs-button justify-self-start text-[0.9375rem]"
      >
        {strings.appointment.openPage}
      </Link>
      {me !== undefined && chat.freshness === 'live' && (
        <AppointmentActions
          chat={service}
          appointment={appointment}
          role={me.role}
          onTaken={() => status.current?.focus()}
        />
      )}
      <section>
        <h3 className="mb-3 text-[0.9375rem] text-muted">{strings.chat.participants}</h3>
        <ParticipantList chat={chat} service={service} />
      </section>
    </div>
  )
}
