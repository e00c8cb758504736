import type { Appointment, Person } from '@bedside/core'

/** Whom one meets: the doctor for the patient and who writes for them, the patient for everyone else. */
export function otherPerson(appointment: Appointment, isPatientSide: boolean): Person {
  return isPatientSide ? appointment.doctor : appointment.patient
}
