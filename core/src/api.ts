/**
 * The public shapes of Bedside's client, in one place: what the screens read and what they may ask for.
 *
 * All times are ISO 8601 strings in UTC as the server wrote them; all durations are milliseconds. A `seq` is a
 * message's place in its room: 1, 2, 3 … without gaps, given by the database and the same on every device.
 */
import type { ChatError } from './chat-error.ts'

/** A value that changes over time: read it, or be told when it changed. `subscribe` returns its own undo. */
export interface Store<T> {
  readonly current: T
  subscribe(listener: () => void): () => void
}

/** What somebody is to the clinic. */
export type Role = 'patient' | 'doctor' | 'admin'

/** As what somebody takes part in a room. `care_team`: a colleague of the doctor; `proxy`: writes for the patient. */
export type ParticipantRole = 'patient' | 'doctor' | 'care_team' | 'proxy'

export interface Person {
  id: string
  role: Role
  displayName: string
  /** A doctor's field, such as "Cardiology". */
  specialty: string | null
}

export interface Profile extends Person {
  locale: string
  timeZone: string
}

export type AppointmentStatus =
  | 'requested'
  | 'confirmed'
  | 'in_progress'
  | 'completed'
  | 'cancelled'
  | 'no_show'

export type AppointmentMode = 'in_person' | 'video' | 'phone'

export type RoomStatus = 'pending' | 'open' | 'read_only' | 'closed' | 'archived'

/** Why this person cannot write in this room now. The server decides; the screen says what to do instead. */
export type ReplyBlock =
  | 'appointment_not_confirmed'
  | 'appointment_cancelled'
  | 'appointment_missed'
  | 'reply_window_over'
  | 'room_closed'
  | 'room_archived'
  /** An administrator stopped the conversation in an emergency, whatever its status. */
  | 'room_locked'
  | 'patient_may_not_reply'

/** An appointment's room as a list shows it. Without the caller being a participant there is no room: null. */
export interface RoomSummary {
  id: string
  status: RoomStatus
  lastSeq: number
  lastMessageAt: string | null
  /** Messages of others that this person has not read. Derived on the server, never stored. */
  unread: number
}

export interface Appointment {
  id: string
  patient: Person
  doctor: Person
  startsAt: string
  endsAt: string
  mode: AppointmentMode
  location: string | null
  reason: string | null
  status: AppointmentStatus
  room: RoomSummary | null
}

export interface AppointmentPage {
  appointments: Appointment[]
  hasMore: boolean
}

export interface Participant extends Omit<Person, 'role'> {
  role: ParticipantRole
  /** Everything up to this seq has reached one of their devices; never below `readSeq`. */
  deliveredSeq: number
  readSeq: number
  /** Set once they were taken out of the room; their messages stay. */
  leftAt: string | null
}

export interface Room {
  id: string
  appointmentId: string
  status: RoomStatus
  /** Rises when somebody is removed; part of the topic name, so that nobody removed hears what follows. */
  epoch: number
  lastSeq: number
  /** null: this person may write. */
  replyBlock: ReplyBlock | null
  /** After this moment the room becomes read-only. null: no such date. */
  replyUntil: string | null
  participants: Participant[]
}

export type SystemEventType =
  | 'appointment_confirmed'
  | 'appointment_started'
  | 'appointment_completed'
  | 'appointment_cancelled'
  | 'appointment_missed'
  | 'room_read_only'
  | 'room_closed'
  | 'room_reopened'
  | 'room_archived'
  /** Its time was over, or an administrator did it: of what was written there is only left that it was. */
  | 'room_erased'
  | 'room_locked'
  | 'room_unlocked'
  | 'patient_reply_allowed'
  | 'patient_reply_stopped'
  | 'participant_added'
  | 'participant_removed'
  /** An administrator may read the room for some minutes; the actor is the administrator. */
  | 'access_started'
  | 'access_extended'
  | 'access_ended'
  /** The message's `body` is a text of the clinic's administrators. */
  | 'notice'
  /** One that this version of the client does not know. */
  | 'unknown'

export interface SystemEvent {
  type: SystemEventType
  /** Who did it: a participant, or an administrator of the clinic, who is none. null: the clinic's system. */
  actorId: string | null
  /** Who was added or removed; null for everything else. */
  subjectId: string | null
  /** How long access is given for; null for everything else. */
  minutes: number | null
}

/** A message as the database holds it. */
export interface Message {
  /** UUIDv7 that the sender's client made: the same id is the same message, however often it is sent. */
  id: string
  roomId: string
  seq: number
  /** null for system messages. */
  senderId: string | null
  kind: 'text' | 'image' | 'file' | 'system'
  /** null once retracted or erased, and for system messages other than a notice. */
  body: string | null
  /** Of system messages only. */
  event: SystemEvent | null
  replyTo: string | null
  createdAt: string
  editedAt: string | null
  retractedAt: string | null
  /** Set once the time for keeping it was over: the text is gone for everybody. */
  erasedAt: string | null
  /** Place of its last edit or retraction among the room's, 1, 2, 3 …; null: it is as it was sent. */
  change: number | null
}

/** A message of this person's that the server has not confirmed yet. It has no seq: its place is at the end. */
export interface OutgoingMessage {
  id: string
  body: string
  replyTo: string | null
  /** When it was typed, by this device's clock. */
  queuedAt: string
  /**
   * queued: waits for its turn or for the connection; sending: on its way; failed: refused for good, or given up,
   * with the reason: the person may retry or discard it.
   */
  state: { is: 'queued' } | { is: 'sending' } | { is: 'failed'; error: ChatError }
}

export type ConnectionState =
  | { is: 'connecting' }
  | { is: 'live' }
  /** The socket is gone or has not proved itself. Messages are still fetched and sent over HTTP where that works. */
  | { is: 'reconnecting'; attempt: number; nextTryAt: string | null }
  | { is: 'offline' }

/** What one room looks like right now. One of four; only `ready` has content. */
export type ChatState =
  | { is: 'loading' }
  /** `error.kind` is `not-found` for a room that does not exist and for one that is not this person's: no telling apart. */
  | { is: 'failed'; error: ChatError }
  /** Access was taken away while it was open: the content is gone from memory. */
  | { is: 'revoked' }
  | ReadyChat

export interface ReadyChat {
  is: 'ready'
  me: string
  appointment: Appointment
  room: Room
  /** Ascending by seq, without gaps. */
  messages: readonly Message[]
  /** In the order they were typed; to be shown after `messages`. */
  outgoing: readonly OutgoingMessage[]
  hasOlder: boolean
  isLoadingOlder: boolean
  /** Set when the last attempt to load older messages failed; `loadOlder` tries again. */
  olderError: ChatError | null
  /** readSeq at the moment the room was opened: where the "unread" line belongs. */
  openedAtReadSeq: number
  connection: ConnectionState
}

/** One room, open on one screen. Every verb is safe to call at any time; after `close` they do nothing. */
export interface ChatRoom extends Store<ChatState> {
  /**
   * Queue a message; it is shown at once and sent in order. Returns its id.
   * @throws ChatError `message-empty` or `message-too-long` before anything is queued.
   */
  send(draft: { body: string; replyTo?: string | null }): string
  /** Send a failed message again, under the same id. */
  retry(id: string): void
  /** Drop a message that the server has not confirmed. A message being sent right now cannot be dropped. */
  discard(id: string): void
  loadOlder(): Promise<void>
  /** Tell the others that everything up to `seq` was seen. Coalesced; never moves backwards. */
  markRead(seq: number): void
  /** Try the connection now rather than at its next turn. */
  reconnect(): void
  /** Leave the room: channels, timers and listeners go. Idempotent and final. */
  close(): void
}

export type AppointmentScope = 'upcoming' | 'past'

export interface AppointmentListState {
  /** null until the first page of that scope arrived. */
  page: AppointmentPage | null
  isLoading: boolean
  error: ChatError | null
}

/** The signed-in person's appointments, kept fresh by their own topic. */
export interface AppointmentList extends Store<AppointmentListState> {
  loadMore(): Promise<void>
  reload(): Promise<void>
  close(): void
}

/** All that a signed-in person can do. Closed at sign-out; a new sign-in makes a new one. */
export interface ChatService {
  readonly connection: Store<ConnectionState>
  appointments(scope: AppointmentScope): AppointmentList
  /** Opens the appointment's room, making it where this is the first visit. Several screens may hold the same room. */
  openRoom(appointmentId: string): ChatRoom
  reconnect(): void
  close(): void
}

export type SessionState =
  | { is: 'loading' }
  | { is: 'signed-out'; reason: 'none' | 'signed-out' | 'expired' }
  | { is: 'signed-in'; profile: Profile; chat: ChatService }

export interface Session extends Store<SessionState> {
  /** @throws ChatError `credentials-refused`, `offline`, `unavailable`, `rate-limited`. */
  signIn(email: string, password: string): Promise<void>
  signOut(): Promise<void>
  close(): void
}
