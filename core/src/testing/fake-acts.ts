/** What people ask of a fake clinic now and then: no state machines, but the right people and the right answers. */
import type { Draft } from '../api.ts'
import { ChatError } from '../chat-error.ts'
import type {
  AccessLogPage,
  Appointment,
  AppointmentStatus,
  Clinic,
  Consent,
  ListedRoom,
  Message,
  MessageVersion,
  OutOfOffice,
  Participant,
  Person,
  QuickReply,
  ReceiptTimes,
  ReplyCheck,
  SearchPage,
  SystemEvent,
} from '../records.ts'
import type { RoomChange } from '../transport.ts'
import { type FakeRoom, participant } from './fake-clinic.ts'

export interface FakeActs {
  edit(userId: string, roomId: string, messageId: string, body: string): Message
  retract(userId: string, roomId: string, messageId: string): Message
  versions(userId: string, roomId: string, messageId: string): MessageVersion[]
  receipts(userId: string, roomId: string, messageId: string): ReceiptTimes[]
  search(userId: string, roomId: string, query: string, beforeSeq: number | null, size: number): SearchPage
  addTo(userId: string, roomId: string, whom: string, role: 'care_team' | 'proxy'): Participant[]
  removeFrom(userId: string, roomId: string, whom: string): Participant[]
  setRoomStatus(userId: string, roomId: string, status: 'open' | 'read_only' | 'closed'): RoomChange
  setPatientMayReply(userId: string, roomId: string, mayReply: boolean): RoomChange
  mute(userId: string, roomId: string, until: string | null): void
  saveDraft(userId: string, roomId: string, draft: Draft): void
  checkReply(userId: string, roomId: string): ReplyCheck
  accessLog(userId: string, roomId: string, beforeN: number | null, size: number): AccessLogPage
  setAppointmentStatus(
    userId: string,
    appointmentId: string,
    status: AppointmentStatus,
    reason: string | null,
  ): Appointment
  listedRooms(userId: string): ListedRoom[]
  acceptConsent(version: number, locale: string): Consent
  publishConsent(userId: string, texts: Record<string, string>): Consent
  consent: Consent
  /** How often somebody signed out everywhere. */
  sessionsEnded: number
  readonly settings: Clinic
  readonly quickReplies: Map<string, QuickReply>
  readonly absences: Map<string, OutOfOffice>
}

interface Desk {
  people: ReadonlyMap<string, Person>
  rooms(): FakeRoom[]
  member(userId: string, roomId: string): { found: FakeRoom; mine: Participant }
  at(): string
  changeMessage(room: FakeRoom, seq: number, body: string | null): Message
  tellEvent(room: FakeRoom, event: Partial<SystemEvent> & Pick<SystemEvent, 'type'>): void
  changeOf(room: FakeRoom): RoomChange
  appointmentOf(appointmentId: string, userId: string): Appointment
}

export function createFakeActs(desk: Desk): FakeActs {
  function own(userId: string, roomId: string, messageId: string): { found: FakeRoom; message: Message } {
    const { found } = desk.member(userId, roomId)
    const message = found.messages.find(each => each.id === messageId)
    if (!message) throw new ChatError('not-found')
    if (message.senderId !== userId) throw new ChatError('forbidden', { detail: 'author' })
    return { found, message }
  }
  function clinician(userId: string, roomId: string): FakeRoom {
    const { found, mine } = desk.member(userId, roomId)
    if (mine.role === 'patient' || mine.role === 'proxy') throw new ChatError('forbidden')
    return found
  }

  return {
    edit(userId, roomId, messageId, body) {
      const { found, message } = own(userId, roomId, messageId)
      if (message.retractedAt) throw new ChatError('conflict', { word: 'message_retracted' })
      if (found.replyBlock) throw new ChatError('reply-blocked', { detail: found.replyBlock })
      return message.body === body ? message : desk.changeMessage(found, message.seq, body)
    },
    retract(userId, roomId, messageId) {
      const { found, message } = own(userId, roomId, messageId)
      return message.retractedAt ? message : desk.changeMessage(found, message.seq, null)
    },
    versions(userId, roomId, messageId) {
      const { found } = desk.member(userId, roomId)
      const message = found.messages.find(each => each.id === messageId)
      if (!message) throw new ChatError('not-found')
      const isHidden = message.retractedAt !== null && message.senderId !== userId
      return isHidden ? [] : (found.versions.get(messageId) ?? [])
    },
    receipts(userId, roomId, messageId) {
      const { found } = desk.member(userId, roomId)
      const message = found.messages.find(each => each.id === messageId && each.senderId === userId)
      if (!message) throw new ChatError('not-found')
      const first = (who: string, which: 'deliveredSeq' | 'readSeq') =>
        found.moves.find(move => move.userId === who && move[which] >= message.seq)?.at ?? null
      return found.participants
        .filter(({ id, leftAt }) => id !== userId && leftAt === null)
        .map(({ id }) => ({
          userId: id,
          deliveredAt: first(id, 'deliveredSeq'),
          readAt: first(id, 'readSeq'),
        }))
    },
    search(userId, roomId, query, beforeSeq, size) {
      const { found } = desk.member(userId, roomId)
      const hits = found.messages
        .filter(({ body, seq }) => body?.includes(query) && seq < (beforeSeq ?? Number.POSITIVE_INFINITY))
        .reverse()
      return { messages: hits.slice(0, size), match: 'words', hasMore: hits.length > size }
    },
    addTo(userId, roomId, whom, role) {
      const found = clinician(userId, roomId)
      const person = desk.people.get(whom)
      if (!person) throw new ChatError('not-found')
      if (!found.participants.some(each => each.id === whom)) {
        found.participants.push(participant(person, role))
        desk.tellEvent(found, { type: 'participant_added', actorId: userId, subjectId: whom })
      }
      return found.participants
    },
    removeFrom(userId, roomId, whom) {
      const found = clinician(userId, roomId)
      for (const each of found.participants) if (each.id === whom) each.leftAt = desk.at()
      found.epoch++
      desk.tellEvent(found, { type: 'participant_removed', actorId: userId, subjectId: whom })
      return found.participants
    },
    setRoomStatus(userId, roomId, status) {
      const found = clinician(userId, roomId)
      if (found.status === status) return desk.changeOf(found)
      if (found.status === 'archived') throw new ChatError('conflict', { word: 'transition_refused' })
      found.status = status
      found.replyBlock = status === 'open' ? null : status === 'closed' ? 'room_closed' : 'reply_window_over'
      const type = status === 'open' ? 'room_reopened' : `room_${status}`
      desk.tellEvent(found, { type: type as SystemEvent['type'], actorId: userId })
      return desk.changeOf(found)
    },
    setPatientMayReply(userId, roomId, mayReply) {
      const found = clinician(userId, roomId)
      found.patientMayReply = mayReply
      desk.tellEvent(found, {
        type: mayReply ? 'patient_reply_allowed' : 'patient_reply_stopped',
        actorId: userId,
      })
      return desk.changeOf(found)
    },
    mute(userId, roomId, until) {
      const { found } = desk.member(userId, roomId)
      if (until === null) found.mutes.delete(userId)
      else found.mutes.set(userId, until)
    },
    saveDraft(userId, roomId, draft) {
      const { found } = desk.member(userId, roomId)
      if (draft.body === '') found.drafts.delete(userId)
      else found.drafts.set(userId, draft)
    },
    checkReply(userId, roomId) {
      const { found } = desk.member(userId, roomId)
      const block = found.replyBlock
      return {
        mayReply: block === null,
        block,
        hint: block && 'Call the clinic.',
        nextStep: block && 'call_clinic',
        phone: null,
      }
    },
    accessLog(userId, roomId, beforeN, size) {
      const { found } = desk.member(userId, roomId)
      const entries = found.log.filter(({ n }) => n < (beforeN ?? Number.POSITIVE_INFINITY)).reverse()
      return { entries: entries.slice(0, size), hasMore: entries.length > size }
    },
    setAppointmentStatus(userId, appointmentId, status, reason) {
      const found = desk.rooms().find(each => each.appointmentId === appointmentId)
      if (!found) throw new ChatError('not-found')
      desk.member(userId, found.id)
      found.appointmentStatus = status
      found.statusReason = reason
      if (status === 'cancelled') found.replyBlock = 'appointment_cancelled'
      return desk.appointmentOf(appointmentId, userId)
    },
    listedRooms(userId) {
      return desk
        .rooms()
        .filter(each => each.participants.some(({ id, leftAt }) => id === userId && leftAt === null))
        .map(each => {
          const { room } = desk.appointmentOf(each.appointmentId, userId)
          if (room === null) throw new Error('no room')
          const { appointmentId, waitingSince } = each
          return { ...room, appointmentId, waitingSince, mutedUntil: each.mutes.get(userId) ?? null }
        })
        .sort(
          (a, b) => (b.lastMessageAt ?? '').localeCompare(a.lastMessageAt ?? '') || (a.id < b.id ? 1 : -1),
        )
    },
    acceptConsent(version, locale) {
      if (version !== this.consent.version) throw new ChatError('conflict', { detail: 'consent_outdated' })
      this.consent = { ...this.consent, acceptedAt: desk.at(), acceptedLocale: locale }
      for (const each of desk.rooms()) if (each.replyBlock === 'consent_missing') each.replyBlock = null
      return this.consent
    },
    publishConsent(userId, texts) {
      if (desk.people.get(userId)?.role !== 'admin') throw new ChatError('forbidden')
      const { version } = this.consent
      this.consent = {
        version: version + 1,
        texts,
        publishedAt: desk.at(),
        acceptedAt: null,
        acceptedLocale: null,
      }
      return this.consent
    },
    sessionsEnded: 0,
    consent: { version: 0, texts: {}, publishedAt: null, acceptedAt: null, acceptedLocale: null },
    settings: {
      name: 'The clinic',
      phone: null,
      timeZone: 'UTC',
      emergencyText: {},
      expectedReplyMinutes: 1_440,
      replyWindowDays: 14,
      editWindowMinutes: 15,
      archiveAfterDays: 90,
      retentionDays: 3_650,
      maxFileBytes: 26_214_400,
      businessHours: [],
      opensAt: null,
    },
    quickReplies: new Map(),
    absences: new Map(),
  }
}
