/**
 * Who and what there is in the world that access is proven in. Two cases that have nothing to do with each other:
 *
 *   a  a patient and their doctor; a proxy who writes for the patient, a colleague of the care team, a former one, and a
 *      suspended one; two administrators, one of whom has a live grant for the room
 *   b  another patient with another doctor
 *
 * Each has an old appointment besides, whose conversation is archived and erased. `aNew` is asked for and has no room.
 */
const uuid = (kind: string, n: number) => `${kind}0000000-0000-4000-8000-${String(n).padStart(12, '0')}`

export const person = {
  patient: uuid('a', 1),
  otherPatient: uuid('a', 2),
  proxy: uuid('a', 3),
  /** Known to the clinic, part of nothing. */
  sparePatient: uuid('a', 4),
  doctor: uuid('d', 1),
  otherDoctor: uuid('d', 2),
  careTeam: uuid('d', 3),
  former: uuid('d', 4),
  suspended: uuid('d', 5),
  spareDoctor: uuid('d', 6),
  admin: uuid('c', 1),
  grantedAdmin: uuid('c', 2),
  /** Has an account and no profile. */
  stranger: uuid('e', 1),
} as const

export const appointment = {
  a: uuid('b', 1),
  aNew: uuid('b', 2),
  aOld: uuid('b', 3),
  b: uuid('b', 4),
  bOld: uuid('b', 5),
} as const

export const room = { a: uuid('f', 1), aOld: uuid('f', 2), b: uuid('f', 3), bOld: uuid('f', 4) } as const

const message = (n: number) => `11111111-0000-4000-8000-${String(n).padStart(12, '0')}`
export const said = {
  /** By the patient, some time ago. */
  first: message(1),
  /** By the doctor, corrected since. */
  edited: message(2),
  /** By the patient, taken back since. */
  retracted: message(3),
  event: message(4),
  /** By the patient, with files. In b another one has the same id. */
  files: message(5),
  /** By the care team, with a file. */
  careFile: message(6),
  /** By the patient, just now. In b another one has the same id. */
  fresh: message(7),
  gone: message(8),
  firstB: message(11),
  goneB: message(13),
} as const

const file = (n: number) => `22222222-0000-4000-8000-${String(n).padStart(12, '0')}`
export const attachment = {
  clean: file(1),
  infected: file(2),
  rejected: file(3),
  /** Uploaded and sent, not scanned yet. */
  waiting: file(4),
  /** Erased; its bytes are still there. */
  erased: file(5),
  /** By the care team; the granted administrator has opened it. */
  permitted: file(6),
  /** Clean, not sent yet. */
  unsent: file(7),
  /** Announced, not uploaded yet: by the patient, the doctor, the former, the suspended, the proxy. */
  pending: file(8),
  pendingDoctors: file(9),
  pendingFormers: file(10),
  pendingSuspendeds: file(11),
  /** By the patient, announced in the archived conversation. */
  pendingOld: file(12),
  /** By the patient, announced and erased. */
  pendingErased: file(13),
  /** Clean, of a message that the patient retracted. */
  retracted: file(14),
  cleanB: file(21),
  pendingB: file(22),
} as const

const other = (n: number) => `33333333-0000-4000-8000-${String(n).padStart(12, '0')}`
export const thing = {
  grantLive: other(1),
  grantEnded: other(2),
  grantEndedB: other(3),
  /** The granted administrator's for b, run out and never ended. */
  grantLapsedB: other(4),
  actionA: other(11),
  actionB: other(12),
  actionOnUser: other(13),
  replyShared: other(21),
  replyDoctors: other(22),
  replyOtherDoctors: other(23),
  replyAdmins: other(24),
  noticeOfPatient: other(31),
  noticeOfDoctor: other(32),
  noticeOfOtherPatient: other(33),
  pushOfPatient: other(41),
  pushOfOtherPatient: other(42),
  rule: other(51),
  alert: other(52),
  /** Of nothing. */
  nothing: other(99),
  /** What clients make up for something new. */
  fresh: other(100),
} as const

const CLINIC_CHAIN = '00000000-0000-0000-0000-000000000000'
const NAMES = new Map<string, string>([
  [CLINIC_CHAIN, 'clinic'],
  ...[person, appointment, room, said, attachment, thing].flatMap(kind =>
    Object.entries(kind).map(([name, id]) => [id, name] as const),
  ),
])
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

/** The text with the name of everything that has one in the place of its id; of the rest it says `?`. */
export const named = (text: string): string => text.replace(UUID, id => NAMES.get(id) ?? '?')
