/** What is said in the examples. */
import type { Clinic, Message, Participant } from '@bedside/core'
import { doctor, event, message, participant, patient, person } from '../src/testing/clinic.ts'

export const people: readonly Participant[] = [
  participant(person(patient), { deliveredSeq: 5, readSeq: 5 }),
  participant(person(doctor), { deliveredSeq: 5, readSeq: 5 }),
]

export const conversation: readonly Message[] = [
  event(1, { type: 'appointment_confirmed', actorId: doctor.id }),
  message(2, patient.id, 'Good morning. Should I take my tablets before the blood test?'),
  message(
    3,
    doctor.id,
    'Good morning Margaret. Please come without breakfast, and take the tablets afterwards.',
    {
      replyTo: 'm2',
    },
  ),
  message(4, patient.id, 'Thank you. Is there parking? The map is at https://example.org/visit'),
  message(5, doctor.id, 'Yes, behind the house. Call 020 7946 0018 if the barrier does not open.', {
    editedAt: '2026-11-23T09:06:00.000Z',
  }),
]

export const clinic: Clinic = {
  name: 'Harbour Clinic',
  phone: '+44 20 7946 0018',
  timeZone: 'Europe/London',
  emergencyText: { en: 'In an emergency call 999.' },
  expectedReplyMinutes: 240,
  replyWindowDays: 14,
  editWindowMinutes: 15,
  archiveAfterDays: 90,
  retentionDays: 3650,
  maxFileBytes: 10_000_000,
  businessHours: [{ weekday: 1, opens: '08:00', closes: '18:00' }],
  opensAt: null,
}
