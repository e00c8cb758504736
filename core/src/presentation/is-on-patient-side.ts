import type { ReadyChat } from '../api.ts'

/** Whether this person is the patient or writes for them: everyone else is the clinic's. */
export function isOnPatientSide({ me, appointment, room }: ReadyChat): boolean {
  return me === appointment.patient.id || room.participants.find(each => each.id === me)?.role === 'proxy'
}
