/**
 * What stands where one writes, from everything that decides it: the composer, the reason why there is none, or a page
 * that says why there is no conversation. Pure and total: each answer has a reason and a way on, in the reader's words.
 *
 * Must never happen: a place without a way; a way that leads nowhere as things stand, such as reopening a chat that is
 * shown from an earlier visit.
 */
import {
  type Away,
  type ChatState,
  isOnPatientSide,
  type ParticipantRole,
  type ReadyChat,
  type Role,
} from '@bedside/core'
import type { BlockText, Strings } from '../strings/en.ts'

/**
 * What the person can do: write (`send`, `save` an edit), leave an answer or an edit (`cancel`), take a step of their own
 * (`reopen`, `confirm`, `consent`), ask somebody (`call`), go elsewhere (`appointments`), or try again (`retry`, `reload`).
 */
export type Way =
  | 'appointments'
  | 'call'
  | 'cancel'
  | 'confirm'
  | 'consent'
  | 'reload'
  | 'reopen'
  | 'retry'
  | 'save'
  | 'send'

export interface ChatPlace {
  /** opening: the answer is on its way, and every request has an end. page: instead of the conversation. */
  is: 'opening' | 'page' | 'notice' | 'composer'
  reason: string
  next: string
  ways: readonly Way[]
  /** Of the doctor, for the patient's side, wherever the chat is not over. */
  away: Away | null
  /** When somebody is at the clinic again, for the patient's side; null: they are, or it has no hours. */
  opensAt: string | null
}

type Place = Omit<ChatPlace, 'away' | 'opensAt'>

export function chatPlace(chat: ChatState, target: 'reply' | 'edit' | null, strings: Strings): ChatPlace {
  const wait = waitOf(chat)
  const place = placeOf(chat, target, strings)
  const isMissingCall = place.is === 'composer' && wait.away !== null
  return { ...place, ...wait, ways: isMissingCall ? [...place.ways, 'call'] : place.ways }
}

function waitOf(chat: ChatState): Pick<ChatPlace, 'away' | 'opensAt'> {
  if (chat.is !== 'ready' || !isTakingPart(chat) || !isOnPatientSide(chat))
    return { away: null, opensAt: null }
  const { room, appointment } = chat
  const isOver = room.status !== 'pending' && room.status !== 'open'
  const away = room.away.find(each => each.userId === appointment.doctor.id) ?? null
  return { away: isOver ? null : away, opensAt: room.opensAt }
}

function placeOf(chat: ChatState, target: 'reply' | 'edit' | null, strings: Strings): Place {
  switch (chat.is) {
    case 'loading':
      return {
        is: 'opening',
        reason: strings.chat.loading,
        next: strings.chat.backToAppointments,
        ways: ['appointments'],
      }
    case 'revoked':
      return page(strings.chat.revoked, strings.chat.revokedHelp, 'appointments')
    case 'failed': {
      const { kind } = chat.error
      // Missing and forbidden are one answer, here as on the server.
      if (kind === 'not-found' || kind === 'forbidden')
        return page(strings.chat.notFound, strings.chat.notFoundHelp, 'appointments')
      return page(strings.chat.failed, strings.errors[kind], kind === 'protocol' ? 'reload' : 'retry')
    }
    case 'ready':
      return placeInChat(chat, target, strings)
  }
}

function page(reason: string, next: string, way: Way): Place {
  return { is: 'page', reason, next, ways: [way] }
}

function placeInChat(chat: ReadyChat, target: 'reply' | 'edit' | null, strings: Strings): Place {
  const { room, connection } = chat
  const person = myself(chat)
  if (person === undefined || person.leftAt !== null)
    return {
      is: 'notice',
      reason: strings.chat.revoked,
      next: strings.chat.revokedHelp,
      ways: ['appointments'],
    }
  if (room.replyBlock !== null) {
    const { reason, next } = blockWords(strings.blocks[room.replyBlock], person.role)
    return { is: 'notice', reason, next, ways: [...ownWays(chat), 'appointments'] }
  }
  const isOffline = connection.is === 'offline'
  const text = strings.composer
  if (target === 'edit')
    return {
      is: 'composer',
      reason: text.editing,
      next: isOffline ? text.editOffline : text.save,
      ways: ['save', 'cancel'],
    }
  return {
    is: 'composer',
    reason: text.placeholder,
    next: isOffline ? text.queuedHint : text.send,
    ways: target === 'reply' ? ['send', 'cancel'] : ['send'],
  }
}

const myself = ({ room, me }: ReadyChat) => room.participants.find(each => each.id === me)
const isTakingPart = (chat: ReadyChat) => myself(chat)?.leftAt === null

/** In a chat of an earlier visit nothing can be changed yet. */
function ownWays(chat: ReadyChat): Way[] {
  const isLive = chat.freshness === 'live'
  if (isLive && chat.room.nextStep === 'reopen_room') return ['reopen']
  if (isLive && chat.room.nextStep === 'confirm_appointment') return ['confirm']
  if (!isOnPatientSide(chat)) return []
  return isLive && chat.room.nextStep === 'accept_consent' ? ['consent', 'call'] : ['call']
}

/** The patient's side, the doctor and the doctor's colleagues have different next steps. */
export function blockWords(
  { reason, forPatient, forStaff, forCareTeam }: BlockText,
  role: Role | ParticipantRole,
): { reason: string; next: string } {
  if (role === 'patient' || role === 'proxy') return { reason, next: forPatient }
  return { reason, next: (role === 'care_team' && forCareTeam) || forStaff }
}
