import type { Appointment, Person } from '@bedside/core'

/** Whom this person meets: the doctor for the patient, the patient for everyone else. */
export function otherPerson(appointment: Appointment, me: string): Person {
  return me === appointment.patient.id ? appointment.doctor : appointment.patient
}
