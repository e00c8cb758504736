/** The next steps of an appointment, for whoever may take them; each says what it does to the chat before it is taken. */
import type { Appointment, ChatService } from '@bedside/core'
import { useText } from '@bedside/react'
import { useId, useState } from 'react'
import { type AppointmentStep, appointmentSteps, type StepTaker } from './appointment-steps.ts'
import { StepChooser } from './step-chooser.tsx'

export interface AppointmentActionsProps {
  chat: Pick<ChatService, 'setAppointmentStatus'>
  appointment: Appointment
  role: StepTaker
  /** A step was taken; the button that had the focus is gone. */
  onTaken?: (() => void) | undefined
}

const ENDS: readonly AppointmentStep[] = ['cancelled', 'no_show']

export function AppointmentActions({ chat, appointment, role, onTaken }: AppointmentActionsProps) {
  const { strings } = useText()
  const id = useId()
  const [reason, setReason] = useState('')
  return (
    <StepChooser
      title={strings.steps.title}
      steps={appointmentSteps(appointment, role, Date.now())}
      words={strings.steps}
      dangerous={ENDS}
      take={async step => {
        await chat.setAppointmentStatus(
          appointment.id,
          step,
          step === 'cancelled' ? reason.trim() || null : null,
        )
        setReason('')
      }}
      onTaken={onTaken}
      fields={step =>
        step === 'cancelled' && (
          <div className="grid gap-1">
            <label htmlFor={id} className="text-[0.9375rem] text-muted">
              {strings.steps.reason}
            </label>
            <textarea
              id={id}
              dir="auto"
              rows={2}
              maxLength={500}
              value={reason}
              onChange={event => setReason(event.target.value)}
              className="rounded-xl border border-control bg-surface p-3"
            />
          </div>
        )
      }
    />
  )
}
