/** The next steps of an appointment, for whoever may take them; each says what it does to the chat before it is taken. */
import { type Appointment, ChatError, type ChatService, type ParticipantRole } from '@bedside/core'
import { useText } from '@bedside/react'
import { useId, useState } from 'react'
import { type AppointmentStep, appointmentSteps } from './appointment-steps.ts'

export interface AppointmentActionsProps {
  chat: ChatService
  appointment: Appointment
  role: ParticipantRole
}

export function AppointmentActions({ chat, appointment, role }: AppointmentActionsProps) {
  const { strings } = useText()
  const [asked, setAsked] = useState<AppointmentStep | null>(null)
  const steps = appointmentSteps(appointment, role, Date.now())
  if (steps.length === 0) return null
  return (
    <section>
      <h3 className="mb-3 text-[0.9375rem] text-muted">{strings.steps.title}</h3>
      {asked !== null && steps.includes(asked) ? (
        <StepQuestion chat={chat} appointment={appointment} step={asked} onDone={() => setAsked(null)} />
      ) : (
        <div className="flex flex-wrap gap-2">
          {steps.map((step, place) => (
            <button
              key={step}
              type="button"
              className="bs-button"
              data-tone={place === 0 && step !== 'cancelled' ? 'accent' : undefined}
              onClick={() => setAsked(step)}
            >
              {strings.steps.labels[step]}
            </button>
          ))}
        </div>
      )}
    </section>
  )
}

function StepQuestion(props: {
  chat: ChatService
  appointment: Appointment
  step: AppointmentStep
  onDone(): void
}) {
  const { chat, appointment, step, onDone } = props
  const { strings } = useText()
  const id = useId()
  const [reason, setReason] = useState('')
  const [isTaking, setIsTaking] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const hasReason = step === 'cancelled'
  const isEnd = step === 'cancelled' || step === 'no_show'

  const take = async () => {
    setIsTaking(true)
    setProblem(null)
    try {
      await chat.setAppointmentStatus(appointment.id, step, reason.trim() || null)
      onDone()
    } catch (error) {
      setProblem(error instanceof ChatError ? strings.errors[error.kind] : strings.errors.protocol)
      setIsTaking(false)
    }
  }

  return (
    <form
      className="grid gap-3"
      onSubmit={event => {
        event.preventDefault()
        if (!isTaking) void take()
      }}
    >
      <p id={`${id}-what`}>{strings.steps.consequences[step]}</p>
      {hasReason && (
        <div className="grid gap-1">
          <label htmlFor={`${id}-reason`} className="text-[0.9375rem] text-muted">
            {strings.steps.reason}
          </label>
          <textarea
            id={`${id}-reason`}
            dir="auto"
            rows={2}
            maxLength={500}
            value={reason}
            onChange={event => setReason(event.target.value)}
            className="rounded-xl border border-control bg-surface p-3"
          />
        </div>
      )}
      <div className="flex flex-wrap gap-2">
        <button
          type="submit"
          className="bs-button"
          data-tone={isEnd ? 'danger' : 'accent'}
          aria-describedby={`${id}-what`}
        >
          {isTaking ? strings.steps.taking : strings.steps.yes[step]}
        </button>
        <button type="button" className="bs-button" onClick={onDone}>
          {strings.steps.no}
        </button>
      </div>
      <p role="alert" className="font-semibold text-danger empty:hidden">
        {problem}
      </p>
    </form>
  )
}
