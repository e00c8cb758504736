/**
 * What core needs from the server, in core's own words. Every call resolves to a parsed shape or rejects with a
 * `ChatError`; nobody above this interface knows a function's or a topic's name.
 */
import type { AppointmentScope, Cancellable, Draft } from './api.ts'
import type { ChatError } from './chat-error.ts'
import type {
  AccessLogPage,
  Appointment,
  AppointmentDetail,
  AppointmentPage,
  AppointmentStatus,
  Clinic,
  Consent,
  Message,
  MessageVersion,
  OutOfOffice,
  Participant,
  Person,
  Profile,
  QuickReply,
  ReceiptTimes,
  ReplyCheck,
  Room,
  RoomPage,
  RoomStatus,
  SearchPage,
} from './records.ts'

export type AuthChange =
  | { is: 'signed-in'; userId: string }
  /** The tokens are gone: by our own wish, another tab's, or because the server no longer takes them. */
  | { is: 'signed-out' }
  | { is: 'token-refreshed' }

export interface AuthTransport {
  /** Whose tokens this device holds, whether or not they are still good. Asks nobody. */
  holder(): Promise<{ userId: string } | null>
  /** The person whose tokens this device holds, or null. @throws ChatError `offline`, `unavailable`. */
  restore(): Promise<{ userId: string } | null>
  /** @throws ChatError `credentials-refused`, `rate-limited`, `offline`, `unavailable`. */
  signIn(email: string, password: string): Promise<{ userId: string }>
  /** Forgets the tokens on this device whatever the server says, and tells it where it can be reached. */
  signOut(): Promise<void>
  /** Ends every session of this person on the server, this one included. @throws ChatError. */
  endSessions(): Promise<void>
  /** `listener` is never called from inside one of these methods' own call stack. */
  onChange(listener: (change: AuthChange) => void): () => void
}

export interface OpenedRoom {
  me: string
  appointment: Appointment
  room: Room
  mutedUntil: string | null
  draft: Draft | null
}

export interface MessagePage {
  /** Ascending by seq. */
  messages: Message[]
  /** More in the direction that was asked. */
  hasMore: boolean
  lastSeq: number
  /** The room's last change when the page was read, or one before: what is in the page is at least as new. */
  lastChange: number
  epoch: number
}

/** What was edited or retracted, each message as it is now: of several changes of one only its last is listed. */
export interface ChangePage {
  /** Ascending by `change`. */
  messages: Message[]
  lastChange: number
  hasMore: boolean
}

export interface Receipt {
  userId: string
  deliveredSeq: number
  readSeq: number
}

export interface RoomChange {
  roomId: string
  appointmentId: string
  epoch: number
  status: RoomStatus
  lastSeq: number
  lastChange: number
  waitingSince: string | null
}

/** One message of a room. */
export interface MessageKey {
  roomId: string
  messageId: string
}

export type Topic = { of: 'room'; roomId: string; epoch: number } | { of: 'user'; userId: string }

export type TopicEvent =
  | { is: 'message'; message: Message }
  /** Edited or retracted: the message as it is now. */
  | { is: 'message-changed'; message: Message }
  | { is: 'receipt'; roomId: string; receipt: Receipt }
  | { is: 'room-changed'; change: RoomChange }
  | { is: 'appointment-changed'; appointmentId: string }
  /** Something may have been missed or was not understood: fetch. */
  | { is: 'hint' }

export interface MembershipHandlers {
  /** Events flow from now on; whatever came before has to be fetched. At most once. */
  onJoined(): void
  /** The end of this membership, or of the attempt. Nothing is called afterwards; join again for a new one. */
  onLost(error: ChatError): void
}

export interface TopicHandlers extends MembershipHandlers {
  onEvent(event: TopicEvent): void
}

/** Where the people of a room tell each other what is of no consequence. */
export interface LiveTopic {
  roomId: string
  epoch: number
  /** Whose membership it is. */
  me: string
}

/**
 * Told by one client to the others, not by the database: anybody who may join can claim anything. Nothing but decoration
 * may come of it, and only of people whom the room itself knows.
 */
export type LiveEvent =
  | { is: 'typing-told'; userId: string; isTyping: boolean }
  /** Everybody who is on the topic now, each once. */
  | { is: 'presence-told'; userIds: readonly string[] }

export interface LiveHandlers extends MembershipHandlers {
  onEvent(event: LiveEvent): void
}

export interface LiveMembership {
  /** Tells the others. Lost, where the topic is not joined. */
  tellTyping(isTyping: boolean): void
  leave(): void
}

export interface Transport {
  readonly auth: AuthTransport
  getProfile(): Promise<Profile>
  setLocale(locale: string, userId: string): Promise<void>
  listAppointments(query: {
    scope: AppointmentScope
    after: { startsAt: string; id: string } | null
    /** 1 to 100 */
    pageSize: number
  }): Promise<AppointmentPage>
  getAppointment(query: { appointmentId: string }): Promise<AppointmentDetail>
  openRoom(appointmentId: string): Promise<OpenedRoom>
  sendMessage(message: { id: string; roomId: string; body: string; replyTo: string | null }): Promise<Message>
  /** Without a cursor the newest page. `pageSize`: 1 to 100. */
  listMessages(query: {
    roomId: string
    beforeSeq?: number
    afterSeq?: number
    pageSize: number
  }): Promise<MessagePage>
  /** `pageSize`: 1 to 100. */
  listChanges(query: { roomId: string; afterChange: number; pageSize: number }): Promise<ChangePage>
  markRead(marks: {
    roomId: string
    readSeq: number | null
    deliveredSeq: number | null
  }): Promise<{ deliveredSeq: number; readSeq: number }>
  editMessage(edit: MessageKey & { body: string }): Promise<Message>
  retractMessage(key: MessageKey): Promise<Message>
  listMessageVersions(query: MessageKey & Cancellable): Promise<MessageVersion[]>
  listReceipts(query: MessageKey & Cancellable): Promise<ReceiptTimes[]>
  searchMessages(
    query: { roomId: string; query: string; beforeSeq: number | null; pageSize: number } & Cancellable,
  ): Promise<SearchPage>
  addParticipant(who: { roomId: string; userId: string; role: 'care_team' | 'proxy' }): Promise<Participant[]>
  removeParticipant(who: { roomId: string; userId: string }): Promise<Participant[]>
  setRoomStatus(step: { roomId: string; status: 'open' | 'read_only' | 'closed' }): Promise<RoomChange>
  setPatientMayReply(right: { roomId: string; mayReply: boolean }): Promise<RoomChange>
  muteRoom(mute: { roomId: string; until: string | null }): Promise<void>
  saveDraft(draft: { roomId: string } & Draft): Promise<void>
  checkReply(query: { roomId: string } & Cancellable): Promise<ReplyCheck>
  listAccessLog(
    query: { roomId: string; beforeN: number | null; pageSize: number } & Cancellable,
  ): Promise<AccessLogPage>
  setAppointmentStatus(step: {
    appointmentId: string
    status: AppointmentStatus
    reason: string | null
  }): Promise<Appointment>
  listRooms(query: {
    /** null: from the one with the latest message. */
    after: { lastMessageAt: string | null; id: string } | null
    /** 1 to 100 */
    pageSize: number
  }): Promise<RoomPage>
  getClinic(options: Cancellable): Promise<Clinic>
  getConsent(options: Cancellable): Promise<Consent>
  acceptConsent(consent: { version: number; locale: string }): Promise<Consent>
  publishConsent(consent: { texts: Record<string, string> }): Promise<Consent>
  listColleagues(options: Cancellable): Promise<Person[]>
  listQuickReplies(options: Cancellable): Promise<QuickReply[]>
  saveQuickReply(reply: QuickReply): Promise<QuickReply>
  deleteQuickReply(id: string): Promise<void>
  setOutOfOffice(absence: {
    backAt: string
    startsAt: string | null
    note: string | null
  }): Promise<OutOfOffice>
  clearOutOfOffice(): Promise<void>
  getOutOfOffice(options: Cancellable): Promise<OutOfOffice | null>
  /** Joins with a fresh token. Returns its undo, after which no handler is called. One membership a topic. */
  join(topic: Topic, handlers: TopicHandlers): () => void
  /** The same for a room's live topic; once joined, one is present on it. */
  joinLive(topic: LiveTopic, handlers: LiveHandlers): LiveMembership
  /** Throws the socket away, because it may be dead without knowing it. Every topic is lost. */
  dropSocket(): void
  close(): void
}
