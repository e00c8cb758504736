import type { Appointment, AppointmentStatus, ParticipantRole } from '@bedside/core'

export type AppointmentStep = Exclude<AppointmentStatus, 'requested'>

/** A participant, or the front desk. */
export type StepTaker = ParticipantRole | 'admin'

/**
 * The steps that somebody may take from here, the likeliest first, as docs/architecture.md draws them. The server
 * decides; this is only what is offered.
 *
 * @param now milliseconds since 1970
 */
export function appointmentSteps(
  { status, startsAt }: Pick<Appointment, 'status' | 'startsAt'>,
  role: StepTaker,
  now: number,
): AppointmentStep[] {
  const isDoctor = role === 'doctor'
  const isClinic = isDoctor || role === 'admin'
  const isPatientSide = role === 'patient' || role === 'proxy'
  const hasBegun = Date.parse(startsAt) <= now
  const steps: [AppointmentStep, boolean][] = [
    ['confirmed', status === 'requested' && isClinic],
    ['in_progress', status === 'confirmed' && isDoctor],
    ['completed', status === 'in_progress' && isDoctor],
    ['no_show', (status === 'confirmed' || status === 'in_progress') && isClinic && hasBegun],
    [
      'cancelled',
      ((status === 'requested' || status === 'confirmed') && (isClinic || isPatientSide)) ||
        (status === 'in_progress' && isClinic),
    ],
  ]
  return steps.filter(([, isOffered]) => isOffered).map(([step]) => step)
}
