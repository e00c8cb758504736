import type { AppointmentDetail, ChatService, Freshness } from '@bedside/core'
import { type AppointmentVerbs, useText } from '@bedside/react'
import { type ReactNode, type Ref, useId, useRef } from 'react'
import { useSignedIn } from '../../app-context.tsx'
import { AppointmentActions } from '../../appointment/appointment-actions.tsx'
import { AppointmentFacts } from '../../appointment/appointment-facts.tsx'
import { ChatCard } from './chat-card.tsx'
import { PeopleCard } from './people-card.tsx'

export interface AppointmentBodyProps {
  detail: AppointmentDetail
  freshness: Freshness
  service: ChatService
  actions: AppointmentVerbs
}

export function AppointmentBody({ detail, freshness, service, actions }: AppointmentBodyProps) {
  const { strings } = useText()
  const { profile } = useSignedIn()
  const facts = useRef<HTMLHeadingElement>(null)
  const role = detail.role ?? (profile.role === 'admin' ? 'admin' : null)
  const setAppointmentStatus: ChatService['setAppointmentStatus'] = async (...step) => {
    const answer = await service.setAppointmentStatus(...step)
    await actions.reload()
    return answer
  }
  return (
    <div className="mt-6 grid items-start gap-4 lg:grid-cols-2">
      <Card title={strings.chat.details} heading={facts} className="lg:col-span-2">
        <dl className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
          <AppointmentFacts appointment={detail} />
        </dl>
        {role !== null && freshness === 'live' && (
          <AppointmentActions
            chat={{ setAppointmentStatus }}
            appointment={detail}
            role={role}
            // It may have been the last one: then nothing is left where the focus was.
            onTaken={() => facts.current?.focus()}
          />
        )}
      </Card>
      <Card title={strings.appointment.chat}>
        <ChatCard detail={detail} freshness={freshness} service={service} actions={actions} />
      </Card>
      <Card title={strings.appointment.people}>
        <PeopleCard detail={detail} service={service} actions={actions} />
      </Card>
    </div>
  )
}

interface CardProps {
  title: string
  /** Where it can take the focus. */
  heading?: Ref<HTMLHeadingElement>
  className?: string
  children: ReactNode
}

function Card({ title, heading, className = '', children }: CardProps) {
  const id = useId()
  return (
    <section
      aria-labelledby={id}
      className={`grid gap-5 rounded-card [&_.bs-closed]:py-0 border border-line bg-surface p-4 shadow-card sm:p-6 ${className}`}
    >
      <h2
        ref={heading}
        id={id}
        tabIndex={heading ? -1 : undefined}
        className="w-fit text-lg font-bold tracking-tight"
      >
        {title}
      </h2>
      {children}
    </section>
  )
}
