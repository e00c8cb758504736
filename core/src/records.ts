/** What the clinic keeps, in core's words: people, appointments, rooms, messages. `api.ts` says how to read the times. */

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
  /** The clinic has a text to agree to before writing, and this person has not: see `Consent`. */
  | 'consent_missing'

/** What a person can do instead of writing. */
export type NextStep =
  | 'confirm_appointment'
  | 'wait_for_confirmation'
  | 'reopen_room'
  | 'book_appointment'
  | 'call_clinic'
  | 'accept_consent'

/**
 * An appointment's room as a list shows it. null: there is none, or none that this person may know of. Who does not take
 * part but runs the clinic is told its state and who waits, and nothing of what was said: `lastSeq` and `unread` are 0.
 */
export interface RoomSummary {
  id: string
  status: RoomStatus
  lastSeq: number
  lastMessageAt: string | null
  /** Since when the patient has been waiting for an answer; null: nobody waits. */
  waitingSince: string | null
  /** Messages of others that this person has not read. Derived on the server, never stored. */
  unread: number
}

/** A room in the list of all of one's rooms. */
export interface ListedRoom extends RoomSummary {
  appointmentId: string
  /** Until when this person wants no notification of it. */
  mutedUntil: string | null
}

export interface RoomPage {
  /** The one with the latest message first. */
  rooms: ListedRoom[]
  hasMore: boolean
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
  /** Why it was cancelled or missed, in somebody's words. */
  statusReason: string | null
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
  nextStep: NextStep | null
  /** Whether the clinicians let the patient write here, as far as nothing else stands against it. */
  patientMayReply: boolean
  waitingSince: string | null
  participants: Participant[]
  /** When the clinic opens next; null while it is open, and where it has no hours. */
  opensAt: string | null
  /** Who of the participants was away when it was fetched, who is back first before the others. */
  away: Away[]
}

export interface Away {
  userId: string
  backAt: string
  /** Their own words for those who wait for them. */
  note: string | null
}

/** An appointment by itself. */
export interface AppointmentDetail extends Appointment {
  /**
   * This person's part in it. null for the front desk, for who was taken out of the chat, and while all that is known is
   * what an earlier visit left.
   */
  role: ParticipantRole | null
  /** The room as its people see it; null: not made yet, or not this person's. */
  chat: Room | null
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

/** What a message said before an edit or its retraction. */
export interface MessageVersion {
  /** 1, 2, 3 …, oldest first. */
  version: number
  body: string
  writtenAt: string
  replacedAt: string
}

/** When a message of one's own reached somebody, and when they read it; null: not yet, or before times were kept. */
export interface ReceiptTimes {
  userId: string
  deliveredAt: string | null
  readAt: string | null
}

export interface SearchPage {
  /** Newest first. */
  messages: Message[]
  /** `parts`: no message has these words; these have parts of them, or something spelled like them. */
  match: 'words' | 'parts'
  /** There are older ones: go on before the last one's seq. */
  hasMore: boolean
}

/** Whether this person may write in a room now, and what they can do instead. */
export interface ReplyCheck {
  mayReply: boolean
  block: ReplyBlock | null
  /** The reason in English, for who has no words of their own for `block`. */
  hint: string | null
  nextStep: NextStep | null
  /** The clinic's. */
  phone: string | null
}

/** One entry of a room's log: who opened, read or changed what. */
export interface AccessLogEntry {
  /** 1, 2, 3 … without gaps. */
  n: number
  at: string
  /** A code word such as `room_opened`; there may be ones that this version does not know. */
  action: string
  /** null: the clinic's system. */
  actor: Person | null
  /** Whom or what it was done to: a person, a message, a grant. */
  subjectId: string | null
  details: Readonly<Record<string, string | number | boolean | null>>
  /** Of an administrator's act. */
  reason: string | null
}

export interface AccessLogPage {
  /** Latest first. */
  entries: AccessLogEntry[]
  hasMore: boolean
}

export interface Clinic {
  name: string
  phone: string | null
  timeZone: string
  /** What to do in an emergency, by language. */
  emergencyText: Readonly<Record<string, string>>
  expectedReplyMinutes: number
  replyWindowDays: number
  editWindowMinutes: number
  archiveAfterDays: number
  retentionDays: number
  maxFileBytes: number
  /** In the clinic's own time zone. `weekday`: 1 is Monday, 7 is Sunday; `opens` and `closes`: "09:30". */
  businessHours: { weekday: number; opens: string; closes: string }[]
  /** null while it is open, and where it has no hours. */
  opensAt: string | null
}

/** What patients, and who writes for them, agree to before their first message. */
export interface Consent {
  /** Of the text in force; 0: the clinic has never published one. */
  version: number
  /** By language; none: nothing to agree to. Paragraphs are parted by empty lines. */
  texts: Readonly<Record<string, string>>
  publishedAt: string | null
  /** When this person agreed to this version, and in which language; null: not yet. */
  acceptedAt: string | null
  acceptedLocale: string | null
}

export interface QuickReply {
  id: string
  title: string
  body: string
  /** For patients of this language; null: for all. */
  locale: string | null
  /** The whole clinic's; otherwise one's own. */
  isShared: boolean
}

/** A doctor's absence, which may be still to come. */
export interface OutOfOffice {
  startsAt: string
  backAt: string
  note: string | null
}
