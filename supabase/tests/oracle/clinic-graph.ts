/** Any clinic: its people, who sees whom, who took part in what, who was removed, what was written, kept and granted. */
import fc from 'fast-check'
import type { AppointmentStatus, RoomStatus } from '../states/model.ts'
import { APPOINTMENT, ROOM } from '../states/model.ts'

export interface Person {
  id: string
  role: 'patient' | 'doctor' | 'admin'
  isSuspended: boolean
  isAway: boolean
}
export interface Member {
  person: string
  part: 'patient' | 'doctor' | 'care_team' | 'proxy'
  isIn: boolean
}
export interface Message {
  id: string
  sender: string | null
  seq: number
  isRetracted: boolean
  /** Earlier texts, oldest first. */
  versions: number
}
export interface Attachment {
  id: string
  uploader: string
  status: 'pending' | 'clean' | 'infected' | 'rejected'
  message: string | null
  isRetracted: boolean
  isErased: boolean
}
export interface Grant {
  id: string
  admin: string
  state: 'live' | 'ended' | 'expired'
}
export interface Room {
  id: string
  status: RoomStatus
  epoch: number
  isOver: boolean
  isLocked: boolean
  mayPatientReply: boolean
  isErased: boolean
  isHeld: boolean
  members: Member[]
  messages: Message[]
  files: Attachment[]
  grants: Grant[]
  /** Whose drafts and muting are kept, by right or not. */
  drafts: string[]
  entries: number
  /** Administrators who were let to a file for five minutes. */
  permits: { admin: string; file: string; isOver: boolean }[]
}
export interface Appointment {
  id: string
  patient: string
  doctor: string
  status: AppointmentStatus
  isPast: boolean
  room: Room | null
}
export interface ClinicGraph {
  people: Person[]
  appointments: Appointment[]
  notifications: { id: string; person: string; room: string | null }[]
  quickReplies: { id: string; owner: string | null }[]
}

const PREFIX = {
  person: 'a',
  appointment: 'b',
  room: 'c',
  message: 'd',
  file: 'e',
  grant: 'f',
  other: '9',
} as const
const id = (kind: keyof typeof PREFIX, n: number) =>
  `${PREFIX[kind]}0000000-0000-4000-8000-${String(n).padStart(12, '0')}`

const seldom = fc.integer({ min: 0, max: 4 }).map(n => n === 4)
const often = fc.integer({ min: 0, max: 4 }).map(n => n !== 4)
const pick = fc.nat(1000)

const room = fc.record({
  status: fc.constantFrom(...ROOM, 'open' as const),
  epoch: fc.integer({ min: 1, max: 3 }),
  isOver: seldom,
  isLocked: seldom,
  mayPatientReply: often,
  isErased: seldom,
  isHeld: seldom,
  isPatientIn: often,
  isDoctorIn: often,
  guests: fc.uniqueArray(fc.record({ who: pick, isIn: often }), { maxLength: 4, selector: each => each.who }),
  messages: fc.array(fc.record({ by: pick, isSystem: seldom, isRetracted: seldom, versions: fc.nat(2) }), {
    maxLength: 6,
  }),
  files: fc.array(
    fc.record({
      by: pick,
      status: fc.constantFrom('pending', 'clean', 'clean', 'infected', 'rejected'),
      in: fc.option(pick),
      isErased: seldom,
    }),
    { maxLength: 4 },
  ),
  grants: fc.array(fc.record({ by: pick, state: fc.constantFrom('live', 'ended', 'expired') }), {
    maxLength: 3,
  }),
  drafts: fc.array(pick, { maxLength: 4 }),
  entries: fc.integer({ min: 1, max: 3 }),
  permits: fc.array(fc.record({ by: pick, file: pick, isOver: seldom }), { maxLength: 2 }),
})

const plan = fc.record({
  patients: fc.array(fc.record({ isSuspended: seldom }), { minLength: 2, maxLength: 4 }),
  doctors: fc.array(fc.record({ isSuspended: seldom, isAway: fc.boolean() }), { minLength: 2, maxLength: 4 }),
  admins: fc.array(fc.record({ isSuspended: seldom }), { minLength: 1, maxLength: 2 }),
  appointments: fc.array(
    fc.record({
      patient: pick,
      doctor: pick,
      status: fc.constantFrom(...APPOINTMENT),
      isPast: fc.boolean(),
      room: fc.option(room, { freq: 5 }),
    }),
    { minLength: 2, maxLength: 7 },
  ),
  notifications: fc.array(fc.record({ who: pick, room: fc.option(pick) }), { maxLength: 6 }),
  quickReplies: fc.array(fc.option(pick), { maxLength: 5 }),
})

const at = <T>(list: readonly T[], n: number): T => {
  const found = list[n % list.length]
  if (found === undefined) throw new Error('There is nobody to pick.')
  return found
}
const unique = <T>(list: T[], key: (each: T) => string): T[] => [
  ...new Map(list.map(each => [key(each), each])).values(),
]

export const clinicGraph: fc.Arbitrary<ClinicGraph> = plan.map(planned => {
  const numbers = new Map<string, number>()
  const next = (kind: keyof typeof PREFIX) => {
    const n = (numbers.get(kind) ?? 0) + 1
    numbers.set(kind, n)
    return id(kind, n)
  }
  const group = (role: Person['role'], list: { isSuspended: boolean; isAway?: boolean }[]): Person[] =>
    list.map(({ isSuspended, isAway = false }) => ({ id: next('person'), role, isSuspended, isAway }))
  const patients = group('patient', planned.patients)
  const doctors = group('doctor', planned.doctors)
  const admins = group('admin', planned.admins)
  const staffAndPatients = [...patients, ...doctors]

  const makeRoom = (
    it: typeof room extends fc.Arbitrary<infer R> ? R : never,
    patient: string,
    doctor: string,
  ): Room => {
    const guests = it.guests
      .map(({ who, isIn }) => ({ ...at(staffAndPatients, who), isIn }))
      .filter(guest => guest.id !== patient && guest.id !== doctor)
      .map(
        (guest): Member => ({
          person: guest.id,
          part: guest.role === 'doctor' ? 'care_team' : 'proxy',
          isIn: guest.isIn,
        }),
      )
    const members = unique(
      [
        { person: patient, part: 'patient' as const, isIn: it.isPatientIn },
        { person: doctor, part: 'doctor' as const, isIn: it.isDoctorIn },
        ...guests,
      ],
      member => member.person,
    )
    const messages = it.messages.map(
      (message, i): Message => ({
        id: next('message'),
        sender: message.isSystem ? null : at(members, message.by).person,
        seq: i + 1,
        isRetracted: !message.isSystem && message.isRetracted,
        versions: message.isSystem ? 0 : message.isRetracted ? message.versions + 1 : message.versions,
      }),
    )
    const said = messages.filter(message => message.sender)
    const files = it.files.map((file): Attachment => {
      const message = file.in !== null && said.length ? at(said, file.in) : null
      return {
        id: next('file'),
        uploader: at(members, file.by).person,
        status: file.status as Attachment['status'],
        message: message?.id ?? null,
        isRetracted: message?.isRetracted ?? false,
        isErased: file.isErased,
      }
    })
    return {
      ...it,
      id: next('room'),
      members,
      messages,
      files,
      grants: unique(
        it.grants.map(grant => ({
          id: next('grant'),
          admin: at(admins, grant.by).id,
          state: grant.state as Grant['state'],
        })),
        // Of one administrator and room only one is not ended.
        grant => (grant.state === 'ended' ? grant.id : grant.admin),
      ),
      drafts: [...new Set(it.drafts.map(who => at(staffAndPatients, who).id))],
      permits: files.length
        ? unique(
            it.permits.map(permit => ({
              admin: at(admins, permit.by).id,
              file: at(files, permit.file).id,
              isOver: permit.isOver,
            })),
            permit => permit.admin + permit.file,
          )
        : [],
    }
  }

  const appointments = planned.appointments.map((it): Appointment => {
    const patient = at(patients, it.patient).id
    const doctor = at(doctors, it.doctor).id
    return {
      id: next('appointment'),
      patient,
      doctor,
      status: it.status,
      isPast: it.isPast,
      room: it.room && makeRoom(it.room, patient, doctor),
    }
  })
  const rooms = appointments.flatMap(({ room: made }) => (made ? [made] : []))
  const people = [...staffAndPatients, ...admins]
  return {
    people,
    appointments,
    notifications: unique(
      planned.notifications.map(it => ({
        id: next('other'),
        person: at(people, it.who).id,
        room: it.room !== null && rooms.length ? at(rooms, it.room).id : null,
      })),
      it => (it.room ? it.person + it.room : it.id),
    ),
    quickReplies: planned.quickReplies.map(owner => ({
      id: next('other'),
      owner: owner === null ? null : at([...doctors, ...admins], owner).id,
    })),
  }
})
