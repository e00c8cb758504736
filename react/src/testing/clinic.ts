/** A made-up clinic for examples and component tests. Fixed times: give the browser a fixed clock, or dates age. */
import type {
  Appointment,
  Clinic,
  Message,
  OutgoingMessage,
  Participant,
  Person,
  Profile,
  ReadyChat,
  Room,
  SystemEvent,
} from '@bedside/core'

export const NOW = '2026-11-23T10:00:00.000Z'

export const patient: Profile = {
  id: 'p1',
  role: 'patient',
  displayName: 'Margaret Ellis',
  specialty: null,
  locale: 'en-GB',
  timeZone: 'Europe/London',
}

export const doctor: Profile = {
  id: 'd1',
  role: 'doctor',
  displayName: 'Dr. Amara Okafor',
  specialty: 'Cardiology',
  locale: 'en-GB',
  timeZone: 'Europe/London',
}

export const otherDoctor: Person = {
  id: 'd2',
  role: 'doctor',
  displayName: 'Dr. Luis Ortega',
  specialty: 'General practice',
}

export function person(profile: Person): Person {
  const { id, role, displayName, specialty } = profile
  return { id, role, displayName, specialty }
}

/** The clinic's own. */
export function settings(change: Partial<Clinic> = {}): Clinic {
  return {
    name: 'Harbour Clinic',
    phone: '+44 20 7946 0000',
    timeZone: 'Europe/London',
    emergencyText: { en: 'Not for emergencies. In an emergency call 999.' },
    expectedReplyMinutes: 480,
    replyWindowDays: 14,
    editWindowMinutes: 15,
    archiveAfterDays: 90,
    retentionDays: 3650,
    maxFileBytes: 26_214_400,
    businessHours: [],
    opensAt: null,
    ...change,
  }
}

export function appointment(change: Partial<Appointment> = {}): Appointment {
  return {
    id: 'a1',
    patient: person(patient),
    doctor: person(doctor),
    startsAt: '2026-11-23T14:30:00.000Z',
    endsAt: '2026-11-23T15:00:00.000Z',
    mode: 'in_person',
    location: 'Harbour Clinic, 2nd floor, room 14',
    reason: 'Blood pressure check',
    status: 'confirmed',
    statusReason: null,
    room: {
      id: 'r1',
      status: 'open',
      lastSeq: 9,
      lastMessageAt: '2026-11-23T09:41:00.000Z',
      waitingSince: null,
      unread: 2,
    },
    ...change,
  }
}

export function participant(who: Person, change: Partial<Participant> = {}): Participant {
  const role = who.role === 'patient' ? 'patient' : 'doctor'
  return { ...person(who), role, deliveredSeq: 0, readSeq: 0, leftAt: null, ...change }
}

export function room(change: Partial<Room> = {}): Room {
  return {
    id: 'r1',
    appointmentId: 'a1',
    status: 'open',
    epoch: 1,
    lastSeq: 0,
    replyBlock: null,
    replyUntil: null,
    nextStep: null,
    patientMayReply: true,
    waitingSince: null,
    participants: [participant(patient), participant(doctor)],
    opensAt: null,
    away: [],
    ...change,
  }
}

export function message(
  seq: number,
  senderId: string | null,
  body: string | null,
  change: Partial<Message> = {},
): Message {
  return {
    id: `m${seq}`,
    roomId: 'r1',
    seq,
    senderId,
    kind: senderId === null ? 'system' : 'text',
    body,
    event: null,
    replyTo: null,
    createdAt: new Date(Date.parse('2026-11-23T09:00:00.000Z') + seq * 60_000).toISOString(),
    editedAt: null,
    retractedAt: null,
    erasedAt: null,
    change: null,
    ...change,
  }
}

/** `body`: of a notice. */
export function event(
  seq: number,
  told: Partial<SystemEvent> & Pick<SystemEvent, 'type'>,
  change: Partial<Message> = {},
): Message {
  const nobody = { actorId: null, subjectId: null, minutes: null }
  return message(seq, null, null, { event: { ...nobody, ...told }, ...change })
}

export function outgoing(id: string, body: string, state: OutgoingMessage['state']): OutgoingMessage {
  return { id, body, replyTo: null, queuedAt: NOW, state }
}

export function readyChat(change: Partial<ReadyChat> = {}): ReadyChat {
  return {
    is: 'ready',
    freshness: 'live',
    me: patient.id,
    appointment: appointment(),
    room: room(),
    messages: [],
    outgoing: [],
    hasOlder: false,
    isLoadingOlder: false,
    olderError: null,
    openedAtReadSeq: 0,
    mutedUntil: null,
    connection: { is: 'live' },
    ...change,
  }
}
