/**
 * A clinic's server in memory, with the rules of docs/architecture.md that core relies on: a seq without gaps, one
 * row per id, cursors that only rise, topics by epoch, and nothing for those who were removed. Its network is at the
 * test's mercy: `faults` decides what becomes of every request, answer and broadcast.
 */

import type { Draft } from '../api.ts'
import { ChatError } from '../chat-error.ts'
import type {
  AccessLogEntry,
  Appointment,
  AppointmentDetail,
  AppointmentStatus,
  Message,
  MessageVersion,
  Participant,
  ParticipantRole,
  Person,
  Profile,
  ReplyBlock,
  RoomStatus,
  SystemEvent,
} from '../records.ts'
import type { LiveEvent, OpenedRoom, Receipt, RoomChange, TopicEvent } from '../transport.ts'
import { createFakeActs, type FakeActs } from './fake-acts.ts'
import type { VirtualClock } from './virtual-env.ts'

export interface Faults {
  /** Milliseconds to the server, or null: lost on the way. */
  request(name: string): number | null
  /** Milliseconds back, or null: lost on the way. */
  answer(name: string): number | null
  /** One delay for each time that it arrives: none for a lost one, two for a doubled one. */
  broadcast(): number[]
  /** Whether a socket can be opened. */
  isSocketUp(): boolean
  /** Refuses a request that has arrived. */
  refuse(name: string): ChatError | null
}

export const calm: Faults = {
  request: () => 5,
  answer: () => 5,
  broadcast: () => [5],
  isSocketUp: () => true,
  refuse: () => null,
}

export interface Member {
  userId: string
  topic: string
  hear(event: TopicEvent): void
  hearLive(event: LiveEvent): void
  lose(error: ChatError): void
}

export interface FakeRoom {
  id: string
  appointmentId: string
  appointmentStatus: AppointmentStatus
  statusReason: string | null
  status: RoomStatus
  epoch: number
  lastChange: number
  replyBlock: ReplyBlock | null
  replyUntil: string | null
  patientMayReply: boolean
  waitingSince: string | null
  messages: Message[]
  /** What messages said before, by their id. */
  versions: Map<string, MessageVersion[]>
  /** How far somebody had come, and when. */
  moves: (Receipt & { at: string })[]
  /** By person. */
  mutes: Map<string, string>
  drafts: Map<string, Draft>
  log: AccessLogEntry[]
  participants: Participant[]
}

export interface FakeClinic extends FakeActs {
  faults: Faults
  readonly clock: VirtualClock
  readonly people: Map<string, Person>
  /** What people read in, by their id; English where nothing is said. */
  readonly locales: Map<string, string>
  readonly members: Set<Member>
  room(appointmentId: string): FakeRoom
  profile(userId: string): Profile
  appointments(userId: string): Appointment[]
  appointment(userId: string, appointmentId: string): AppointmentDetail
  openRoom(userId: string, appointmentId: string): OpenedRoom
  send(userId: string, draft: { id: string; roomId: string; body: string; replyTo: string | null }): Message
  list(userId: string, roomId: string): { room: FakeRoom; messages: Message[] }
  markRead(userId: string, roomId: string, readSeq: number, deliveredSeq: number): Receipt
  /** The sender's own message, by its seq. A body of null retracts it. */
  change(appointmentId: string, seq: number, body: string | null): void
  /** Told in the room without anybody's sending it. */
  tell(appointmentId: string, event: Partial<SystemEvent> & Pick<SystemEvent, 'type'>): void
  add(person: Person, appointmentId: string, role: ParticipantRole): void
  remove(userId: string, appointmentId: string): void
  setRoom(
    appointmentId: string,
    change: Partial<Pick<FakeRoom, 'status' | 'replyBlock' | 'replyUntil'>>,
  ): void
  mayJoin(userId: string, topic: string): boolean
  /** On a live topic, to everybody but `from`. */
  tellLive(from: Member, event: LiveEvent): void
  /** Who is on a live topic has changed. */
  tellPresence(topic: string): void
  /** Every socket is cut. */
  cutSockets(): void
}

export const PATIENT = 'patient-1'
export const DOCTOR = 'doctor-1'
export const OUTSIDER = 'patient-2'
export const APPOINTMENT = 'appointment-1'

export function createFakeClinic(clock: VirtualClock): FakeClinic {
  const patient = person(PATIENT, 'patient', null)
  const doctor = person(DOCTOR, 'doctor', 'Cardiology')
  const people = new Map<string, Person>(
    [patient, doctor, person(OUTSIDER, 'patient', null)].map(each => [each.id, each]),
  )
  const locales = new Map<string, string>()
  const rooms = new Map<string, FakeRoom>()
  const members = new Set<Member>()
  const at = () => new Date(clock.now()).toISOString()

  function room(appointmentId: string): FakeRoom {
    const made = rooms.get(appointmentId) ?? {
      id: `room-of-${appointmentId}`,
      appointmentId,
      appointmentStatus: 'confirmed',
      statusReason: null,
      status: 'open',
      epoch: 1,
      lastChange: 0,
      replyBlock: null,
      replyUntil: null,
      patientMayReply: true,
      waitingSince: null,
      messages: [],
      versions: new Map(),
      moves: [],
      mutes: new Map(),
      drafts: new Map(),
      log: [],
      participants: [participant(patient, 'patient'), participant(doctor, 'doctor')],
    }
    rooms.set(appointmentId, made)
    return made
  }

  function member(userId: string, found: FakeRoom | undefined): { found: FakeRoom; mine: Participant } {
    const mine = found?.participants.find(each => each.id === userId && each.leftAt === null)
    if (!found || !mine) throw new ChatError('not-found')
    return { found, mine }
  }
  const byId = (roomId: string) => [...rooms.values()].find(each => each.id === roomId)
  const topicOf = ({ id, epoch }: FakeRoom) => `room:${id}:${epoch}`

  function tell(topic: string, event: TopicEvent): void {
    for (const each of members) {
      if (each.topic !== topic) continue
      for (const delay of clinic.faults.broadcast()) {
        clock.setTimer(() => {
          if (members.has(each)) each.hear(event)
        }, delay)
      }
    }
  }
  function changeOf({ id, messages, ...found }: FakeRoom): RoomChange {
    const { appointmentId, epoch, status, lastChange, waitingSince } = found
    return { roomId: id, appointmentId, epoch, status, lastSeq: messages.length, lastChange, waitingSince }
  }
  function tellPeople(found: FakeRoom, except: string | null): void {
    for (const each of found.participants) {
      if (each.id === except) continue
      tell(`user:${each.id}`, { is: 'room-changed', change: changeOf(found) })
    }
  }
  function appointmentOf(appointmentId: string, userId: string): Appointment {
    const found = room(appointmentId)
    const mine = found.participants.find(each => each.id === userId)
    const unread = found.messages.filter(each => each.seq > (mine?.readSeq ?? 0) && each.senderId !== userId)
    return {
      id: appointmentId,
      patient,
      doctor,
      startsAt: '2026-01-15T10:00:00Z',
      endsAt: '2026-01-15T10:30:00Z',
      mode: 'video',
      location: null,
      reason: null,
      status: found.appointmentStatus,
      statusReason: found.statusReason,
      room: {
        id: found.id,
        status: found.status,
        lastSeq: found.messages.length,
        lastMessageAt: found.messages.at(-1)?.createdAt ?? null,
        waitingSince: found.waitingSince,
        unread: unread.length,
      },
    }
  }

  function append(
    found: FakeRoom,
    message: Pick<Message, 'id' | 'senderId' | 'kind' | 'body' | 'event' | 'replyTo'>,
  ): Message {
    const appended: Message = {
      ...message,
      roomId: found.id,
      seq: found.messages.length + 1,
      createdAt: at(),
      editedAt: null,
      retractedAt: null,
      erasedAt: null,
      change: null,
    }
    found.messages.push(appended)
    tell(topicOf(found), { is: 'message', message: appended })
    return appended
  }

  function changeMessage(found: FakeRoom, seq: number, body: string | null): Message {
    const message = found.messages[seq - 1]
    if (message === undefined) throw new ChatError('not-found')
    const change = ++found.lastChange
    const now = body === null ? { retractedAt: at() } : { editedAt: at() }
    const changed: Message = { ...message, ...now, body, change }
    const versions = found.versions.get(message.id) ?? []
    if (message.body !== null) {
      const { editedAt, createdAt } = message
      const before = { body: message.body, writtenAt: editedAt ?? createdAt, replacedAt: at() }
      found.versions.set(message.id, [...versions, { version: versions.length + 1, ...before }])
    }
    found.messages[seq - 1] = changed
    tell(topicOf(found), { is: 'message-changed', message: changed })
    return changed
  }

  function tellEvent(found: FakeRoom, event: Partial<SystemEvent> & Pick<SystemEvent, 'type'>): void {
    const id = `event-${found.messages.length + 1}`
    const told = { actorId: null, subjectId: null, minutes: null, ...event }
    append(found, { id, senderId: null, kind: 'system', body: null, event: told, replyTo: null })
    tellPeople(found, null)
    tell(topicOf(found), { is: 'room-changed', change: changeOf(found) })
  }

  const clinic: FakeClinic = {
    ...createFakeActs({
      people,
      rooms: () => [...rooms.values()],
      member: (userId, roomId) => member(userId, byId(roomId)),
      at,
      changeMessage,
      tellEvent,
      changeOf,
      appointmentOf,
    }),
    faults: calm,
    clock,
    people,
    locales,
    members,
    room,
    profile(userId) {
      const found = people.get(userId)
      if (!found) throw new ChatError('not-signed-in')
      return { ...found, locale: locales.get(userId) ?? 'en', timeZone: 'UTC' }
    },
    appointments(userId) {
      return [...rooms.values()]
        .filter(each => each.participants.some(({ id }) => id === userId))
        .map(each => appointmentOf(each.appointmentId, userId))
    },
    appointment(userId, appointmentId) {
      const { appointment, room: chat } = clinic.openRoom(userId, appointmentId)
      return { ...appointment, role: member(userId, room(appointmentId)).mine.role, chat }
    },
    openRoom(userId, appointmentId) {
      const { found } = member(userId, room(appointmentId))
      const { id, status, epoch, replyBlock, replyUntil, participants, messages } = found
      const { patientMayReply, waitingSince } = found
      return {
        me: userId,
        appointment: appointmentOf(appointmentId, userId),
        room: {
          id,
          appointmentId,
          status,
          epoch,
          lastSeq: messages.length,
          replyBlock,
          replyUntil,
          nextStep: replyBlock === null ? null : 'call_clinic',
          patientMayReply,
          waitingSince,
          participants: participants.map(each => ({ ...each })),
          opensAt: null,
          away: [],
        },
        mutedUntil: found.mutes.get(userId) ?? null,
        draft: found.drafts.get(userId) ?? null,
      }
    },
    send(userId, { id, roomId, body, replyTo }) {
      const { found, mine } = member(userId, byId(roomId))
      const known = found.messages.find(each => each.id === id)
      if (known) {
        if (known.senderId !== userId) throw new ChatError('id-conflict')
        return known
      }
      if (found.replyBlock) throw new ChatError('reply-blocked', { detail: found.replyBlock })
      const message = append(found, { id, senderId: userId, kind: 'text', body, event: null, replyTo })
      if (mine.readSeq === message.seq - 1) {
        mine.readSeq = message.seq
        mine.deliveredSeq = message.seq
      }
      tellPeople(found, userId)
      return message
    },
    list(userId, roomId) {
      const { found } = member(userId, byId(roomId))
      return { room: found, messages: found.messages }
    },
    markRead(userId, roomId, readSeq, deliveredSeq) {
      const { found, mine } = member(userId, byId(roomId))
      const last = found.messages.length
      mine.readSeq = Math.max(mine.readSeq, Math.min(readSeq, last))
      mine.deliveredSeq = Math.max(mine.deliveredSeq, mine.readSeq, Math.min(deliveredSeq, last))
      const receipt = { userId, readSeq: mine.readSeq, deliveredSeq: mine.deliveredSeq }
      found.moves.push({ ...receipt, at: at() })
      tell(topicOf(found), { is: 'receipt', roomId, receipt })
      return receipt
    },
    change(appointmentId, seq, body) {
      changeMessage(room(appointmentId), seq, body)
    },
    tell(appointmentId, event) {
      tellEvent(room(appointmentId), event)
    },
    add(added, appointmentId, role) {
      people.set(added.id, added)
      const { participants } = room(appointmentId)
      participants.push(participant(added, role))
      clinic.tell(appointmentId, { type: 'participant_added', subjectId: added.id })
    },
    remove(userId, appointmentId) {
      const found = room(appointmentId)
      for (const each of found.participants) if (each.id === userId) each.leftAt = at()
      found.epoch++
      tellPeople(found, null)
    },
    setRoom(appointmentId, change) {
      const found = Object.assign(room(appointmentId), change)
      tell(topicOf(found), { is: 'room-changed', change: changeOf(found) })
    },
    tellLive(from, event) {
      for (const each of members) {
        if (each.topic !== from.topic || each === from) continue
        for (const delay of clinic.faults.broadcast()) {
          clock.setTimer(() => {
            if (members.has(each)) each.hearLive(event)
          }, delay)
        }
      }
    },
    tellPresence(topic) {
      const there = [...members].filter(each => each.topic === topic)
      const userIds = [...new Set(there.map(each => each.userId))]
      for (const each of there) {
        clock.setTimer(() => {
          if (members.has(each)) each.hearLive({ is: 'presence-told', userIds })
        }, 5)
      }
    },
    mayJoin(userId, topic) {
      if (topic === `user:${userId}`) return true
      return [...rooms.values()].some(
        each =>
          (topicOf(each) === topic || `live:${each.id}:${each.epoch}` === topic) &&
          each.participants.some(({ id, leftAt }) => id === userId && leftAt === null),
      )
    },
    cutSockets() {
      for (const each of [...members]) each.lose(new ChatError('unavailable', { detail: 'socket' }))
    },
  }
  return clinic
}

export function participant(who: Person, role: ParticipantRole): Participant {
  return { ...who, role, deliveredSeq: 0, readSeq: 0, leftAt: null }
}

function person(id: string, role: Person['role'], specialty: string | null): Person {
  return { id, role, displayName: `The ${id}`, specialty }
}
