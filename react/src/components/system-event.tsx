import type { Message, Participant, SystemEventType } from '@bedside/core'
import {
  Archive,
  CalendarCheck,
  CalendarX,
  CircleCheck,
  Eraser,
  Eye,
  EyeOff,
  Info,
  LockKeyhole,
  LockKeyholeOpen,
  type LucideIcon,
  Megaphone,
  MessageSquare,
  MessageSquareOff,
  OctagonPause,
  Stethoscope,
  UserMinus,
  UserPlus,
} from 'lucide-react'
import { eventText } from '../strings/event-text.ts'
import { useText } from '../strings/strings-provider.tsx'

const icons: Record<SystemEventType, LucideIcon> = {
  appointment_confirmed: CalendarCheck,
  appointment_started: Stethoscope,
  appointment_completed: CircleCheck,
  appointment_cancelled: CalendarX,
  appointment_missed: CalendarX,
  room_read_only: LockKeyhole,
  room_closed: LockKeyhole,
  room_reopened: LockKeyholeOpen,
  room_archived: Archive,
  room_erased: Eraser,
  room_locked: OctagonPause,
  room_unlocked: LockKeyholeOpen,
  patient_reply_allowed: MessageSquare,
  patient_reply_stopped: MessageSquareOff,
  participant_added: UserPlus,
  participant_removed: UserMinus,
  access_started: Eye,
  access_extended: Eye,
  access_ended: EyeOff,
  notice: Megaphone,
  unknown: Info,
}

export interface SystemEventLineProps {
  message: Message
  participants: readonly Participant[]
}

/** What happened to the appointment or the chat, between the messages. An event of a newer server is told in general. */
export function SystemEventLine({ message, participants }: SystemEventLineProps) {
  const { strings, dates } = useText()
  const event = message.event ?? { type: 'unknown', actorId: null, subjectId: null, minutes: null }
  const Icon = icons[event.type]
  return (
    <p className="bs-event" data-state={event.type} data-seq={message.seq}>
      <span>
        <Icon aria-hidden className="bs-icon-sm" />
        {eventText(event, participants, strings)}
      </span>
      <time dateTime={message.createdAt}>{dates.time(message.createdAt)}</time>
    </p>
  )
}
