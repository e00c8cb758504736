/** What can be said and done about an appointment's chat without opening it. The server decides; this is what is offered. */
import type {
  AppointmentDetail,
  AppointmentStatus,
  Freshness,
  ReplyBlock,
  Role,
  RoomVerbs,
} from '@bedside/core'

/**
 * desk: that there is a chat is all that is shown of it. removed: it goes on without this person. closed: there is
 * nothing to be opened, for this reason.
 */
export type ChatWay =
  | { is: 'open' }
  | { is: 'desk' }
  | { is: 'removed' }
  | { is: 'closed'; block: ReplyBlock }

const BLOCKS: Partial<Record<AppointmentStatus, ReplyBlock>> = {
  requested: 'appointment_not_confirmed',
  cancelled: 'appointment_cancelled',
  no_show: 'appointment_missed',
}

export function chatWay(
  { role, room, status }: Pick<AppointmentDetail, 'role' | 'room' | 'status'>,
  me: Role,
  freshness: Freshness,
): ChatWay {
  if (role === null && me === 'admin') return { is: 'desk' }
  // Of an earlier visit it is not known who takes part.
  if (role === null && freshness === 'live') return { is: 'removed' }
  if (room?.status === 'pending') return { is: 'closed', block: 'appointment_not_confirmed' }
  const block = room === null ? BLOCKS[status] : undefined
  return block === undefined ? { is: 'open' } : { is: 'closed', block }
}

export type ChatStep = 'open' | 'read_only' | 'closed' | 'replies_on' | 'replies_off'

const MAY_BE_OPEN: readonly AppointmentStatus[] = ['confirmed', 'in_progress', 'completed']

/** What a clinician may do with the chat from here, as docs/architecture.md draws it. */
export function chatSteps({
  role,
  chat,
  status,
}: Pick<AppointmentDetail, 'role' | 'chat' | 'status'>): ChatStep[] {
  if (chat === null || (role !== 'doctor' && role !== 'care_team')) return []
  // Stopped by an administrator: none of it would do what it says.
  if (chat.replyBlock === 'room_locked') return []
  const isWritable = chat.status === 'open' && chat.replyBlock === null
  const isReadable = chat.status === 'open' || chat.status === 'read_only'
  const steps: [ChatStep, boolean][] = [
    ['open', !isWritable && (isReadable || chat.status === 'closed') && MAY_BE_OPEN.includes(status)],
    ['replies_on', isWritable && !chat.patientMayReply],
    ['replies_off', isWritable && chat.patientMayReply],
    ['read_only', isWritable],
    ['closed', isReadable],
  ]
  return steps.filter(([, isOffered]) => isOffered).map(([step]) => step)
}

export async function takeChatStep(
  verbs: Pick<RoomVerbs, 'setStatus' | 'setPatientMayReply'>,
  step: ChatStep,
): Promise<void> {
  if (step === 'replies_on' || step === 'replies_off') await verbs.setPatientMayReply(step === 'replies_on')
  else await verbs.setStatus(step)
}

/** Whom this person may take out of the chat. */
export function mayRemove(
  mine: AppointmentDetail['role'],
  { role, leftAt }: { role: AppointmentDetail['role']; leftAt: string | null },
): boolean {
  if (leftAt !== null) return false
  return role === 'proxy'
    ? mine === 'doctor' || mine === 'patient'
    : role === 'care_team' && mine === 'doctor'
}
