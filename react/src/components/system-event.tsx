import type { Message, SystemEventType } from '@bedside/core'
import {
  CalendarCheck,
  CalendarX,
  CircleCheck,
  Info,
  LockKeyhole,
  LockKeyholeOpen,
  type LucideIcon,
  Stethoscope,
} from 'lucide-react'
import { isolate } from '../strings/isolate.ts'
import { useText } from '../strings/strings-provider.tsx'

const icons: Record<SystemEventType, LucideIcon> = {
  appointment_confirmed: CalendarCheck,
  appointment_started: Stethoscope,
  appointment_completed: CircleCheck,
  appointment_cancelled: CalendarX,
  room_closed: LockKeyhole,
  room_reopened: LockKeyholeOpen,
}

export interface SystemEventLineProps {
  message: Message
  /** Name of the one who did it; null: the clinic's system. */
  actorName: string | null
}

/** What happened to the appointment or the chat, between the messages. An event of a newer server is told in general. */
export function SystemEventLine({ message, actorName }: SystemEventLineProps) {
  const { strings, dates } = useText()
  const type = message.event?.type
  const Icon = (type && icons[type]) ?? Info
  return (
    <p className="bs-event" data-state={type} data-seq={message.seq}>
      <Icon aria-hidden className="bs-icon-sm" />
      <span>{type ? strings.events[type](actorName && isolate(actorName)) : strings.unknownEvent}</span>
      <time dateTime={message.createdAt}>{dates.time(message.createdAt)}</time>
    </p>
  )
}
