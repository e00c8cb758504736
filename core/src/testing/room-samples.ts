/** A room, its messages and pages, as small as they can be. */
import type { Message, Participant, ParticipantRole } from '../records.ts'
import type { MessagePage, OpenedRoom } from '../transport.ts'

const nobody = { actorId: null, subjectId: null, minutes: null }

export function messageAt(seq: number, senderId: string | null = 'doctor'): Message {
  return {
    id: `m${seq}`,
    roomId: 'room',
    seq,
    senderId,
    kind: senderId === null ? 'system' : 'text',
    body: senderId === null ? null : `message ${seq}`,
    event: senderId === null ? { type: 'appointment_confirmed', ...nobody } : null,
    replyTo: null,
    createdAt: new Date(Date.UTC(2026, 0, 15, 9, 0, seq)).toISOString(),
    editedAt: null,
    retractedAt: null,
    erasedAt: null,
    change: null,
  }
}

export function pageOf(
  first: number,
  last: number,
  {
    hasMore = false,
    epoch = 1,
    lastChange = 0,
  }: { hasMore?: boolean; epoch?: number; lastChange?: number } = {},
): MessagePage {
  const messages = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    messageAt(first + index),
  )
  return { messages, hasMore, lastSeq: last, lastChange, epoch }
}

export function participantOf(id: string, role: ParticipantRole, readSeq: number): Participant {
  return { id, role, displayName: id, specialty: null, deliveredSeq: readSeq, readSeq, leftAt: null }
}

/** The patient is `me` and has read up to `readSeq`, the doctor up to 8. */
export function openedAt({
  lastSeq,
  epoch = 1,
  readSeq = lastSeq,
}: {
  lastSeq: number
  epoch?: number
  readSeq?: number
}): OpenedRoom {
  const patient = participantOf('patient', 'patient', readSeq)
  const doctor = participantOf('doctor', 'doctor', Math.min(8, lastSeq))
  const person = { displayName: '', specialty: null }
  return {
    me: 'patient',
    appointment: {
      id: 'appointment',
      patient: { ...person, id: 'patient', role: 'patient' },
      doctor: { ...person, id: 'doctor', role: 'doctor' },
      startsAt: '2026-01-15T10:00:00Z',
      endsAt: '2026-01-15T10:30:00Z',
      mode: 'video',
      location: null,
      reason: null,
      status: 'confirmed',
      statusReason: null,
      room: null,
    },
    room: {
      id: 'room',
      appointmentId: 'appointment',
      status: 'open',
      epoch,
      lastSeq,
      replyBlock: null,
      replyUntil: null,
      nextStep: null,
      patientMayReply: true,
      waitingSince: null,
      participants: [patient, doctor],
      opensAt: null,
      away: [],
    },
    mutedUntil: null,
    draft: null,
  }
}
