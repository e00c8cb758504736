import type { Appointment } from '@bedside/core'
import { LinkedText, useClinicTime, useText } from '@bedside/react'
import type { ReactNode } from 'react'

/** When, how, where, why: the rows of a `dl`. */
export function AppointmentFacts({ appointment }: { appointment: Appointment }) {
  const { strings, dates } = useText()
  const clinicTime = useClinicTime().range(appointment.startsAt, appointment.endsAt)
  return (
    <>
      <Fact label={strings.chat.date}>
        <time dateTime={appointment.startsAt}>{dates.day(appointment.startsAt)}</time>
      </Fact>
      <Fact label={strings.chat.time}>
        {dates.timeRange(appointment.startsAt, appointment.endsAt)}
        <span className="block text-[0.9375rem] font-normal text-muted">
          {dates.zoneName(appointment.startsAt)}
        </span>
        {clinicTime !== null && <span className="mt-1 block text-[0.9375rem]">{clinicTime}</span>}
      </Fact>
      <Fact label={strings.chat.how}>{strings.appointment.modes[appointment.mode]}</Fact>
      {appointment.location !== null && (
        <Fact label={strings.chat.place}>
          <bdi className="wrap-anywhere [&_a]:text-accent [&_a]:underline [&_a]:underline-offset-3">
            <LinkedText text={appointment.location} />
          </bdi>
        </Fact>
      )}
      {appointment.reason !== null && (
        <Fact label={strings.chat.reason}>
          <bdi className="wrap-anywhere whitespace-pre-line">{appointment.reason}</bdi>
        </Fact>
      )}
      {appointment.statusReason !== null && (
        <Fact label={strings.chat.statusReason}>
          <bdi className="wrap-anywhere whitespace-pre-line">{appointment.statusReason}</bdi>
        </Fact>
      )}
    </>
  )
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-[0.9375rem] text-muted">{label}</dt>
      <dd className="font-semibold">{children}</dd>
    </div>
  )
}
