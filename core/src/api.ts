/**
 * The public shapes of Bedside's client: what the screens read and what they may ask for. `records.ts` has what the
 * clinic keeps.
 *
 * All times are ISO 8601 strings in UTC as the server wrote them; all durations are milliseconds. A `seq` is a
 * message's place in its room: 1, 2, 3 … without gaps, given by the database and the same on every device.
 */
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
  SearchPage,
} from './records.ts'

/** A value that changes over time: read it, or be told when it changed. `subscribe` returns its own undo. */
export interface Store<T> {
  readonly current: T
  subscribe(listener: () => void): () => void
}

/**
 * turn: it is about to go; earlier: one that was typed before it; connection: it could not be sent, and is tried again;
 * server: the server asked for a while of patience; sign-in: the session is over.
 */
export type WaitsFor = 'turn' | 'earlier' | 'connection' | 'server' | 'sign-in'

/** A message of this person's that the server has not confirmed yet. It has no seq: its place is at the end. */
export interface OutgoingMessage {
  id: string
  body: string
  replyTo: string | null
  /** When it was typed, by this device's clock. */
  queuedAt: string
  /**
   * queued: waits; sending: on its way; failed: refused for good, or given up,
   * with the reason: the person may retry or discard it.
   */
  state: { is: 'queued'; waitsFor: WaitsFor } | { is: 'sending' } | { is: 'failed'; error: ChatError }
}

/** What somebody is writing and has not sent. */
export interface Draft {
  /** As it was typed; '' for none. */
  body: string
  replyTo: string | null
}

/** As much of the web's `AbortSignal` as core needs. */
export interface AbortSignalLike {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** For a question whose answer may not be wanted any more: the promise then rejects with `cancelled`. */
export interface Cancellable {
  signal?: AbortSignalLike | undefined
}

export type ConnectionState =
  | { is: 'connecting' }
  | { is: 'live' }
  /** Of a room: joined, and what may have been missed is being fetched. */
  | { is: 'catching-up' }
  /** The socket is gone or has not proved itself. Messages are still fetched and sent over HTTP where that works. */
  | { is: 'reconnecting'; attempt: number; nextTryAt: string | null }
  /** Realtime does not let this person in, though the server may: messages are fetched and sent over HTTP meanwhile. */
  | { is: 'blocked'; nextTryAt: string }
  | { is: 'offline' }

/** What one room looks like right now. One of four; only `ready` has content. */
export type ChatState =
  | { is: 'loading' }
  /** `error.kind` is `not-found` for a room that does not exist and for one that is not this person's: no telling apart. */
  | { is: 'failed'; error: ChatError }
  /** Access was taken away while it was open: the content is gone from memory. */
  | { is: 'revoked' }
  | ReadyChat

/**
 * cached: as it was shown on this device at an earlier visit, and nothing of now is known yet; live: the server has answered
 * since. How recent that is, `connection` says.
 */
export type Freshness = 'cached' | 'live'

/**
 * While it is `cached` messages can be queued; they are sent as soon as that is possible. The verbs that answer reject
 * as before the room is open.
 */
export interface ReadyChat {
  is: 'ready'
  freshness: Freshness
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
  /** Until when this person wants no notification of the room; null: not muted. */
  mutedUntil: string | null
  connection: ConnectionState
}

/**
 * One room, open on one screen. Every verb is safe to call at any time; after `close` they do nothing, and those that
 * answer reject.
 *
 * What a promise is rejected with is a `ChatError`, and nothing is tried again by itself: `offline`, `unavailable`
 * (`room-not-open`: before the room is ready, or after `close`), `rate-limited`, `not-signed-in`, `not-found`, and what
 * each verb names. What an answer changes is shown before its promise resolves.
 */
export interface ChatRoom extends Store<ChatState>, RoomVerbs {
  /**
   * Queue a message; it is shown at once and sent in order. Returns its id.
   * @throws ChatError `message-empty` or `message-too-long` before anything is queued.
   */
  send(draft: { body: string; replyTo?: string | null }): string
  /** Send a failed message again, under the same id. */
  retry(id: string): void
  /**
   * Drop a message that the server has not confirmed. A message being sent right now cannot be dropped; one that another
   * tab of this browser is sending arrives all the same, and shows.
   */
  discard(id: string): void
  loadOlder(): Promise<void>
  /** Tell the others that everything up to `seq` was seen. Coalesced; never moves backwards. */
  markRead(seq: number): void
  /**
   * Who of the others is typing now, by user id, in the order in which they began. Decoration: the other clients say so,
   * and a participant could claim it of another one; nobody outside the room can. It is nowhere stored.
   */
  readonly typing: Store<readonly string[]>
  /** Who of the others has the room open now, on however many devices. Decoration, as `typing`. */
  readonly presence: Store<readonly string[]>
  /** What this person was writing here; null until it is known. It does not change under them while they write. */
  readonly draft: Store<Draft | null>
  /**
   * Keep what is being written: on this device at once, on the server at most every two seconds and when the room is
   * closed. Sending a message clears it.
   */
  saveDraft(draft: { body: string; replyTo?: string | null }): void
  /**
   * Say `true` with each keystroke, `false` when the text is cleared or left. The others are told at most every three
   * seconds, and forget it after six; sending a message says `false` by itself.
   */
  setTyping(isTyping: boolean): void
  /** Try the connection now rather than at its next turn. */
  reconnect(): void
  /** Leave the room: channels, timers and listeners go. Idempotent and final. */
  close(): void
}

export interface RoomVerbs {
  /**
   * Say something else in a message of one's own. What it said before stays readable: `versionsOf`.
   * @throws ChatError `message-empty`, `message-too-long`, `reply-blocked`; `forbidden`: not one's own; `conflict`, whose
   * `word` is `edit_window_over` (`detail`: minutes), `message_retracted` or `message_erased`.
   */
  edit(id: string, body: string): Promise<Message>
  /**
   * Take a message of one's own back: its text goes from every screen, and stays readable for oneself.
   * @throws ChatError `forbidden`: not one's own; `conflict`: `message_erased`.
   */
  retract(id: string): Promise<Message>
  /** What a message said before, oldest first. Of a retracted one its author only is answered anything. */
  versionsOf(id: string, options?: Cancellable): Promise<MessageVersion[]>
  /**
   * When a message of one's own reached each of the others who are still there, and when they read it.
   * @throws ChatError `not-found`: no message, or not one's own.
   */
  receiptsOf(id: string, options?: Cancellable): Promise<ReceiptTimes[]>
  /**
   * Messages of this room with these words, 20 at a time, newest first.
   * @param query 1 to 200 characters. `before`: a seq; go on with the last one's.
   * @throws ChatError `invalid`: no query, or too long a one.
   */
  search(query: string, options?: { before?: number | undefined } & Cancellable): Promise<SearchPage>
  /**
   * For the room's doctor: let a colleague in, or somebody who writes for the patient.
   * @throws ChatError `forbidden`, `not-found`: nobody whom the clinic knows in that role.
   */
  addParticipant(userId: string, role: 'care_team' | 'proxy'): Promise<Participant[]>
  /**
   * The doctor takes out whom they may add, a patient who writes for them, everybody else themselves.
   * @throws ChatError `forbidden`.
   */
  removeParticipant(userId: string): Promise<Participant[]>
  /**
   * For clinicians.
   * @throws ChatError `forbidden`; `conflict`, whose `word` is `transition_refused` (`detail`: from and to).
   */
  setStatus(status: 'open' | 'read_only' | 'closed'): Promise<void>
  /** For clinicians. The same errors. */
  setPatientMayReply(mayReply: boolean): Promise<void>
  /**
   * No notification of this room until then; null: notify again. For oneself only.
   * @param until ISO 8601, within the next year.
   * @throws ChatError `invalid`.
   */
  mute(until: string | null): Promise<void>
  canReply(options?: Cancellable): Promise<ReplyCheck>
  /** Who opened, read or changed the room, 50 at a time, latest first. `before`: an entry's `n`; go on with the last one's. */
  accessLog(options?: { before?: number | undefined } & Cancellable): Promise<AccessLogPage>
}

/** `inbox`: those with a conversation, who waits for an answer first, the longest before all others. */
export type AppointmentScope = 'upcoming' | 'past' | 'inbox'

export interface AppointmentListState {
  /** null until the first page of that scope arrived, or was found on this device. */
  page: AppointmentPage | null
  freshness: Freshness
  isLoading: boolean
  error: ChatError | null
}

/** The signed-in person's appointments, kept fresh by their own topic. */
export interface AppointmentList extends Store<AppointmentListState> {
  loadMore(): Promise<void>
  reload(): Promise<void>
  close(): void
}

export interface SingleAppointmentState {
  /** null until it arrived, or was found on this device. `detail` null: there is none, or none of this person's. */
  page: { detail: AppointmentDetail | null } | null
  freshness: Freshness
  isLoading: boolean
  error: ChatError | null
}

/**
 * One appointment, kept fresh as the lists are. Its chat is not opened: nobody is shown as present, nothing counts as
 * delivered. The verbs are those of its room, and reject as long as it has none that this person takes part in; what
 * they change is shown before they resolve.
 */
export interface SingleAppointment
  extends Store<SingleAppointmentState>,
    Pick<RoomVerbs, 'addParticipant' | 'removeParticipant' | 'setStatus' | 'setPatientMayReply'> {
  reload(): Promise<void>
  close(): void
}

export interface RoomListState {
  /** null until the first page arrived, or was found on this device. */
  page: RoomPage | null
  freshness: Freshness
  isLoading: boolean
  error: ChatError | null
}

/** The rooms that the signed-in person takes part in, kept fresh by their own topic. */
export interface RoomList extends Store<RoomListState> {
  loadMore(): Promise<void>
  reload(): Promise<void>
  close(): void
}

/** For staff: the clinic's ready-made answers and one's own. */
export interface QuickReplies {
  list(options?: Cancellable): Promise<QuickReply[]>
  /**
   * Without an `id` a new one is made. `title`: 1 to 80 characters, `body`: up to 4000.
   * @throws ChatError `forbidden`: `isShared` is for administrators; `invalid`; `conflict`: `too_many`.
   */
  save(reply: {
    id?: string | undefined
    title: string
    body: string
    locale?: string | null | undefined
    isShared?: boolean | undefined
  }): Promise<QuickReply>
  delete(id: string): Promise<void>
}

/**
 * All that a signed-in person can do. Closed at sign-out; a new sign-in makes a new one. Its promises reject as those
 * of a `ChatRoom`; after `close` with `unavailable`, `chat-closed`.
 */
export interface ChatService {
  readonly connection: Store<ConnectionState>
  appointments(scope: AppointmentScope): AppointmentList
  appointment(appointmentId: string): SingleAppointment
  rooms(): RoomList
  /**
   * The next step of an appointment. `reason`: up to 500 characters, for those who see the appointment.
   * @throws ChatError `forbidden`: not this person's step; `conflict`, whose `word` is `transition_refused` or
   * `too_early`: nobody has missed what has not begun.
   */
  setAppointmentStatus(
    appointmentId: string,
    status: Exclude<AppointmentStatus, 'requested'>,
    reason?: string | null,
  ): Promise<Appointment>
  clinic(options?: Cancellable): Promise<Clinic>
  /** What the clinic asks patients to agree to before they write. */
  consent(options?: Cancellable): Promise<Consent>
  /**
   * Agrees to the version in force, read in `locale`, one of its texts' languages; opens the rooms that waited for it.
   * @throws ChatError `conflict` when there is another version meanwhile: ask for it again.
   */
  acceptConsent(consent: { version: number; locale: string }): Promise<Consent>
  /**
   * For administrators: a new version, which patients are asked to agree to before they write again. By language, each
   * up to 20,000 characters; none: nothing is asked for any more.
   * @throws ChatError `forbidden`, `invalid`.
   */
  publishConsent(texts: Record<string, string>): Promise<Consent>
  /** For staff: the doctors whom a room could be given to. */
  colleagues(options?: Cancellable): Promise<Person[]>
  readonly quickReplies: QuickReplies
  /**
   * For doctors. Patients see when one is back. Times in ISO 8601; without `startsAt` it begins now; `note`: up to 300
   * characters.
   * @throws ChatError `invalid`: not in this order, or over.
   */
  setOutOfOffice(absence: {
    backAt: string
    startsAt?: string | null | undefined
    note?: string | null | undefined
  }): Promise<OutOfOffice>
  clearOutOfOffice(): Promise<void>
  /** For doctors: what they have set, also before it begins; null: nothing, or over. */
  outOfOffice(options?: Cancellable): Promise<OutOfOffice | null>
  /** Opens the appointment's room, making it where this is the first visit. Several screens may hold the same room. */
  openRoom(appointmentId: string): ChatRoom
  reconnect(): void
  close(): void
}

export type SessionState =
  | { is: 'loading' }
  | { is: 'signed-out'; reason: 'none' | 'signed-out' | 'expired' }
  /** Where the device holds tokens also before the server has confirmed it, with the profile of the last visit. */
  | { is: 'signed-in'; profile: Profile; chat: ChatService }

export interface Session extends Store<SessionState> {
  /** @throws ChatError `credentials-refused`, `offline`, `unavailable`, `rate-limited`. */
  signIn(email: string, password: string): Promise<void>
  signOut(): Promise<void>
  /**
   * Ends the person's sessions on every device, then signs out here. The others notice when they next renew their token,
   * within its lifetime: until then they go on, open sockets included.
   * @throws ChatError, still signed in everywhere.
   */
  signOutEverywhere(): Promise<void>
  /**
   * Which language the signed-in person reads, on every device. `locale`: BCP 47.
   * @throws ChatError, and it is as it was.
   */
  setLocale(locale: string): Promise<void>
  close(): void
}
