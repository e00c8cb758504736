/** Who may see, join and ask for what in a clinic: docs/spec.md and docs/architecture.md once more, as sets. No SQL. */
import { blockOf } from '../states/model.ts'
import type { Appointment, Attachment, ClinicGraph, Person, Room } from './clinic-graph.ts'
import { CLINIC_CHAIN, pathOf, STRAY_OBJECT } from './load.ts'

/** Somebody with an account and no profile. */
export const NOBODY: Person = {
  id: '80000000-0000-4000-8000-000000000001',
  role: 'patient',
  isSuspended: true,
  isAway: false,
}

export type Answered =
  | 'ok'
  | 'not_found'
  | 'message_not_found'
  | 'forbidden'
  | 'reply_blocked'
  | 'file_not_readable'
  | 'refused'
export interface Question {
  call: string
  answer: Answered
  /** What is in the answer, where that is to be looked at. */
  holds?: string[]
}

type Housed = Appointment & { room: Room }
const hasRoom = (appointment: Appointment): appointment is Housed => appointment.room !== null

export function rightsOf(clinic: ClinicGraph, me: Person) {
  const isActive = !me.isSuspended
  const isAdmin = isActive && me.role === 'admin'
  const isStaff = isActive && me.role !== 'patient'
  const housed = clinic.appointments.filter(hasRoom)
  const rooms = housed.map(appointment => appointment.room)

  const partIn = (room: Room) =>
    isActive ? room.members.find(member => member.person === me.id && member.isIn)?.part : undefined
  const isIn = (room: Room) => partIn(room) !== undefined
  const hasGrant = (room: Room) =>
    isAdmin && room.grants.some(grant => grant.admin === me.id && grant.state === 'live')
  const mayRead = (room: Room) => isIn(room) || hasGrant(room)
  const isParty = ({ patient, doctor }: Appointment) => isActive && [patient, doctor].includes(me.id)
  const mine = clinic.appointments.filter(each => isParty(each) || (each.room && isIn(each.room)))
  const myRooms = rooms.filter(isIn)
  const contacts = new Set([
    ...(isActive ? [me.id] : []),
    ...mine.flatMap(({ patient, doctor }) => [patient, doctor]),
    ...myRooms.flatMap(room => room.members.map(member => member.person)),
  ])
  const maySee = (person: Person) => isAdmin || contacts.has(person.id)
  const seesFile = (room: Room, file: Attachment) =>
    isIn(room) && ((file.message !== null && !file.isRetracted) || file.uploader === me.id)
  const isReadable = (file: Attachment) => file.status === 'clean' && !file.isErased
  const isPermitted = (room: Room, file: Attachment) =>
    hasGrant(room) && room.permits.some(it => it.admin === me.id && it.file === file.id && !it.isOver)
  const mayWriteIn = ({ status, room }: Housed) => {
    const part = partIn(room)
    return part !== undefined && blockIn(status, room, part) === null
  }
  const ofRooms = (list: (room: Room) => string[], which = myRooms) => which.flatMap(list)
  const watched = isAdmin ? rooms : myRooms
  const ifAdmin = (ids: string[]) => (isAdmin ? ids : [])
  const own = isActive ? [me.id] : []

  /** The keys of the rows that this person sees, by table: see KEYS in the test. */
  const rows: Record<string, string[]> = {
    'public.profiles': clinic.people.filter(maySee).map(person => person.id),
    'public.out_of_office': clinic.people
      .filter(person => person.isAway && maySee(person))
      .map(person => person.id),
    'public.appointments': (isAdmin ? clinic.appointments : mine).map(appointment => appointment.id),
    'public.chat_rooms': ofRooms(room => [room.id]),
    'public.chat_participants': ofRooms(room => room.members.map(member => `${room.id} ${member.person}`)),
    'public.chat_messages': ofRooms(room => room.messages.map(message => message.id)),
    'public.chat_message_versions': ofRooms(room =>
      room.messages
        .filter(message => !message.isRetracted || message.sender === me.id)
        .flatMap(message => Array.from({ length: message.versions }, (_, i) => `${message.id} ${i + 1}`)),
    ),
    'public.chat_attachments': ofRooms(room =>
      room.files.filter(file => seesFile(room, file)).map(file => file.id),
    ),
    'storage.objects': ofRooms(
      room =>
        room.files
          .filter(file => isReadable(file) && (seesFile(room, file) || isPermitted(room, file)))
          .map(file => pathOf(room, file.id)),
      rooms,
    ),
    'public.chat_personal_state': ofRooms(room =>
      room.drafts.filter(person => person === me.id).map(person => `${room.id} ${person}`),
    ),
    'public.access_grants': ofRooms(room => room.grants.map(grant => grant.id), watched),
    'public.audit_log': [
      ...ofRooms(room => Array.from({ length: room.entries }, (_, i) => `${room.id} ${i + 1}`), watched),
      ...ifAdmin([`${CLINIC_CHAIN} 1`]),
    ],
    'public.room_erasures': ofRooms(room => (room.isErased ? [room.id] : []), watched),
    'public.legal_holds': ifAdmin(rooms.filter(room => room.isHeld).map(room => room.id)),
    'public.admin_actions': ifAdmin(rooms.map(room => room.id)),
    'public.notifications': clinic.notifications.filter(it => own.includes(it.person)).map(it => it.id),
    'public.notification_preferences': own,
    'public.push_subscriptions': own,
    'public.quick_replies': isStaff
      ? clinic.quickReplies.filter(it => it.owner === null || it.owner === me.id).map(it => it.id)
      : [],
    'public.clinic_settings': isActive ? ['true'] : [],
    'public.business_hours': isActive ? ['1'] : [],
    'public.consent_texts': isActive ? ['1'] : [],
    'public.consents': (isAdmin ? clinic.people.map(person => person.id) : own).map(id => `${id} 1`),
    'public.client_samples': ifAdmin(clinic.people.map(person => person.id)),
    'public.client_errors': ifAdmin(clinic.people.map(person => person.id)),
    'public.health_checks': ifAdmin(['canary']),
    'public.alert_rules': ifAdmin(['send_ms']),
    'public.alerts': ifAdmin(['3']),
  }

  const topics = (isLive: boolean) =>
    rooms.filter(isLive ? isIn : mayRead).map(room => `${isLive ? 'live' : 'room'}:${room.id}:${room.epoch}`)

  return {
    rows,
    joins: [...own.map(id => `user:${id}`), ...topics(true), ...topics(false)],
    sends: topics(true),
    /** Where bytes may be put. */
    uploads: housed.flatMap(each =>
      mayWriteIn(each)
        ? each.room.files
            .filter(file => file.uploader === me.id && file.status === 'pending' && !file.isErased)
            .map(file => pathOf(each.room, file.id))
        : [],
    ),
    questions: isActive ? questions() : everything().map((call): Question => ({ call, answer: 'refused' })),
  }

  /** Every call, for somebody who is refused all of them. */
  function everything(): string[] {
    return [
      `public.get_profile()`,
      `public.get_clinic()`,
      `public.list_rooms()`,
      `public.list_appointments()`,
      ...clinic.appointments.map(({ id }) => `public.open_room('${id}')`),
      ...rooms.flatMap(({ id }) => [`public.list_messages('${id}')`, `public.can_reply('${id}')`]),
    ]
  }

  function questions(): Question[] {
    const ask = (call: string, may: boolean, holds?: string[], no: Answered = 'not_found'): Question => ({
      call,
      answer: may ? 'ok' : no,
      ...(may && holds ? { holds } : {}),
    })
    const ids = (path: string, call: string) => `jsonb_path_query_array(to_jsonb(${call}), '${path}')`
    return [
      ask(ids('$.id', 'public.get_profile()'), true, [me.id]),
      ask('public.get_clinic()', true),
      ask(ids('$.rooms[*].id', 'public.list_rooms()'), true, rows['public.chat_rooms']),
      ...(['upcoming', 'past'] as const).map(scope =>
        ask(
          ids('$.appointments[*].id', `public.list_appointments('${scope}')`),
          true,
          (isAdmin ? clinic.appointments : mine)
            .filter(each => isUpcoming(each) === (scope === 'upcoming'))
            .map(each => each.id),
        ),
      ),
      ask(ids('$[*].id', 'public.list_quick_replies()'), isStaff, rows['public.quick_replies'], 'forbidden'),
      ask(
        ids('$[*].id', 'public.list_colleagues()'),
        isStaff,
        clinic.people.filter(each => each.role === 'doctor' && !each.isSuspended).map(each => each.id),
        'forbidden',
      ),
      ask(
        ids('$[*].chain', 'public.list_audit_heads()'),
        isAdmin,
        rooms.map(each => each.id),
        'forbidden',
      ),
      ask('public.list_due_erasures()', isAdmin, undefined, 'forbidden'),
      ...clinic.appointments.flatMap(each => [
        ask(
          ids('$.id', `public.get_appointment('${each.id}')`),
          isAdmin || isParty(each) || (each.room !== null && isIn(each.room)),
          [each.id],
        ),
        ask(
          ids('$.appointment.id', `public.open_room('${each.id}')`),
          each.room ? isIn(each.room) : isParty(each),
          [each.id],
        ),
        ask(
          ids('$.room.id', `public.inspect_room('${each.id}')`),
          isAdmin && each.room !== null,
          each.room ? [each.room.id] : [],
          isAdmin ? 'not_found' : 'forbidden',
        ),
      ]),
      ...housed.flatMap(({ room }) => [
        ask(`public.can_reply('${room.id}')`, isIn(room)),
        ask(`public.mark_read('${room.id}', 0)`, isIn(room)),
        ask(
          `public.save_draft('${room.id}', 'x')`,
          isIn(room) && room.status !== 'archived',
          undefined,
          isIn(room) ? 'reply_blocked' : 'not_found',
        ),
        ask(`public.mute_room('${room.id}')`, isIn(room)),
        ask(
          ids('$.messages[*].id', `public.list_messages('${room.id}')`),
          mayRead(room),
          room.messages.map(message => message.id),
        ),
        ask(`public.list_changes('${room.id}')`, mayRead(room)),
        ask(
          ids('$.messages[*].id', `public.search_messages('${room.id}', 'words')`),
          mayRead(room),
          room.messages.filter(message => message.sender && !message.isRetracted).map(message => message.id),
        ),
        ask(
          ids('$.entries[*].n', `public.list_access_log('${room.id}')`),
          isIn(room) || isAdmin,
          Array.from({ length: room.entries }, (_, i) => String(i + 1)),
        ),
        ask(`public.verify_access_log('${room.id}')`, isIn(room) || isAdmin),
        ...room.messages
          .slice(0, 3)
          .map(message =>
            ask(
              ids('$[*].version', `public.list_message_versions('${room.id}', '${message.id}')`),
              mayRead(room),
              !message.isRetracted || message.sender === me.id || isAdmin
                ? Array.from({ length: message.versions }, (_, i) => String(i + 1))
                : [],
            ),
          ),
        ...room.messages.slice(0, 3).map(message =>
          ask(
            ids('$[*].user_id', `public.list_receipts('${room.id}', '${message.id}')`),
            isIn(room) && message.sender === me.id,
            room.members.filter(member => member.isIn && member.person !== me.id).map(each => each.person),
            isIn(room) ? 'message_not_found' : 'not_found',
          ),
        ),
        ...room.files.map(file => {
          const isShown = file.message !== null && (!file.isRetracted || isAdmin)
          const mayAsk = mayRead(room) && (isShown || file.uploader === me.id)
          return ask(
            ids('$.id', `public.open_attachment('${file.id}')`),
            mayAsk && isReadable(file),
            [file.id],
            mayAsk ? 'file_not_readable' : 'not_found',
          )
        }),
      ]),
    ]
  }
}

/** Every topic that there is, and those that there were or will be. */
export const allTopics = ({ people, appointments }: ClinicGraph): string[] => [
  ...[...people, NOBODY].map(person => `user:${person.id}`),
  ...appointments
    .filter(hasRoom)
    .flatMap(({ room }) =>
      [room.epoch - 1, room.epoch, room.epoch + 1].flatMap(epoch => [
        `room:${room.id}:${epoch}`,
        `live:${room.id}:${epoch}`,
      ]),
    ),
]

export const allPaths = ({ appointments }: ClinicGraph): string[] => [
  STRAY_OBJECT,
  ...appointments.filter(hasRoom).flatMap(({ room }) => room.files.map(file => pathOf(room, file.id))),
]

const isUpcoming = ({ status, isPast }: Appointment) =>
  status === 'in_progress' || ((status === 'requested' || status === 'confirmed') && !isPast)

const blockIn = (appointment: Appointment['status'], room: Room, part: Parameters<typeof blockOf>[1]) =>
  blockOf(
    {
      appointment,
      room: {
        status: room.status,
        window: room.isOver ? 'over' : 'none',
        isLocked: room.isLocked,
        mayPatientReply: room.mayPatientReply,
      },
    },
    part,
  )
