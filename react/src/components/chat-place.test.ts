/**
 * Every state there is, reachable or not: a session, what was answered, a block, a room, an appointment, who one is, the
 * connection, and what one is about to do. Which of them a clinic can come to is said by the database's own model, which
 * `no-dead-end.pg.test.ts` holds against PostgreSQL; one that it cannot come to is named, and has a way on all the same.
 */
import {
  type AppointmentStatus,
  ChatError,
  type ChatErrorKind,
  type ChatState,
  type ConnectionState,
  type NextStep,
  type ReadyChat,
  type ReplyBlock,
  type Room,
  type RoomStatus,
  type SessionState,
} from '@bedside/core'
import { describe, expect, test } from 'vitest'
import { APPOINTMENT, blockOf, canBe, type Part, ROOM } from '../../../supabase/tests/states/model.ts'
import { ar } from '../strings/ar.ts'
import { en } from '../strings/en.ts'
import { es } from '../strings/es.ts'
import { fr } from '../strings/fr.ts'
import { appointment, doctor, NOW, participant, patient, readyChat, room } from '../testing/clinic.ts'
import { type ChatPlace, chatPlace, type Way } from './chat-place.ts'

const tables = { en, es, fr, ar }
const keysOf = <Key extends string>(all: Record<Key, unknown>) => Object.keys(all) as Key[]

// Total: a new value does not compile until it stands here.
const BLOCKS = keysOf(en.blocks)
const KINDS = keysOf<ChatErrorKind>(en.errors)
const SESSIONS = keysOf<SessionState['is']>({ loading: 0, 'signed-out': 0, 'signed-in': 0 })
const CONNECTIONS: Record<ConnectionState['is'], ConnectionState> = {
  connecting: { is: 'connecting' },
  live: { is: 'live' },
  'catching-up': { is: 'catching-up' },
  reconnecting: { is: 'reconnecting', attempt: 2, nextTryAt: NOW },
  blocked: { is: 'blocked', nextTryAt: NOW },
  offline: { is: 'offline' },
}
const PEOPLE = ['patient', 'proxy', 'doctor', 'care_team', 'has left', 'nobody of the room'] as const
const TARGETS = [null, 'reply', 'edit'] as const
const AWAY = { userId: doctor.id, backAt: NOW, note: null }
/** The doctor is away, the clinic is closed. A colleague's absence says nothing of the doctor's. */
const WAITS: Pick<Room, 'away' | 'opensAt'>[] = [
  { away: [], opensAt: null },
  { away: [AWAY], opensAt: null },
  { away: [{ ...AWAY, userId: 'a colleague' }], opensAt: NOW },
  { away: [{ ...AWAY, userId: 'a colleague' }, AWAY], opensAt: NOW },
]

interface State {
  session: SessionState['is']
  chat: ChatState
  target: (typeof TARGETS)[number]
  /** Of a room that is shown. */
  person?: (typeof PEOPLE)[number]
}

function* states(): Generator<State> {
  for (const shown of chats())
    for (const target of TARGETS) for (const session of SESSIONS) yield { session, target, ...shown }
}

function* chats(): Generator<Pick<State, 'chat' | 'person'>> {
  yield { chat: { is: 'loading' } }
  yield { chat: { is: 'revoked' } }
  for (const kind of KINDS) yield { chat: { is: 'failed', error: new ChatError(kind) } }
  for (const freshness of ['live', 'cached'] as const)
    for (const replyBlock of [null, ...BLOCKS])
      for (const roomStatus of ROOM)
        for (const status of APPOINTMENT)
          for (const person of PEOPLE)
            for (const connection of Object.values(CONNECTIONS))
              for (const wait of WAITS) {
                const chat = readyChat({
                  ...{ freshness, connection, me: 'me' },
                  appointment: appointment({
                    status,
                    ...(person === 'patient' && { patient: { ...patient, id: 'me' } }),
                  }),
                  room: { ...roomOf(roomStatus, replyBlock, person), ...wait },
                })
                yield { chat, person }
              }
}

function roomOf(status: RoomStatus, replyBlock: ReplyBlock | null, person: (typeof PEOPLE)[number]) {
  const isMember = person !== 'nobody of the room'
  const role = isMember && person !== 'has left' ? person : 'care_team'
  const me = participant(role === 'patient' ? patient : doctor, {
    ...{ id: 'me', role, leftAt: person === 'has left' ? NOW : null },
  })
  return room({ status, replyBlock, nextStep: stepOf(replyBlock, role), participants: isMember ? [me] : [] })
}

/** As `private.next_step` answers it. */
function stepOf(block: ReplyBlock | null, role: Part): NextStep | null {
  const isClinician = role === 'doctor' || role === 'care_team'
  switch (block) {
    case null:
      return null
    case 'consent_missing':
      return 'accept_consent'
    case 'appointment_not_confirmed':
      return role === 'doctor' ? 'confirm_appointment' : 'wait_for_confirmation'
    case 'reply_window_over':
      return isClinician ? 'reopen_room' : 'book_appointment'
    case 'room_closed':
      return isClinician ? 'reopen_room' : 'call_clinic'
    case 'appointment_cancelled':
    case 'appointment_missed':
      return 'book_appointment'
    default:
      return 'call_clinic'
  }
}

/** null: a clinic can come to it. */
function whyUnreachable({ session, chat, target, person }: State): string | null {
  if (session !== 'signed-in') return 'without a session there is the sign-in page'
  if (chat.is === 'failed')
    return ['message-empty', 'message-too-long', 'reply-not-found', 'id-conflict'].includes(chat.error.kind)
      ? 'opening a room sends no message'
      : ['reply-blocked', 'conflict', 'credentials-refused'].includes(chat.error.kind)
        ? 'opening a room changes nothing'
        : null
  if (chat.is !== 'ready') return null
  if (person === 'nobody of the room') return 'who is no participant is answered "not found"'
  if (person === 'has left') return 'who was taken out is told so, and keeps nothing'
  if (target !== null && chat.freshness === 'cached')
    return 'in a chat of an earlier visit no message has actions'
  return person === undefined ? null : whyBlockUnreachable(chat, person)
}

function whyBlockUnreachable(
  { appointment: { status }, room: { status: roomStatus, replyBlock } }: ReadyChat,
  part: Part,
): string | null {
  if (!canBe(status, roomStatus)) return `no room is ${roomStatus} while its appointment is ${status}`
  const flags = [true, false]
  const possible = new Set(
    flags.flatMap(isLocked =>
      flags.flatMap(mayPatientReply =>
        (['none', 'over'] as const).map(window =>
          blockOf(
            {
              appointment: status as AppointmentStatus,
              room: { status: roomStatus, window, isLocked, mayPatientReply },
            },
            part,
          ),
        ),
      ),
    ),
  )
  // What a patient has agreed to is not in the model.
  if (possible.has(null) && (part === 'patient' || part === 'proxy')) possible.add('consent_missing')
  return possible.has(replyBlock) ? null : `the server answers another block`
}

/** A control, a link or a time; where there is none of them a person is stuck. */
const WAYS: Record<Way, string> = {
  appointments: 'link',
  call: 'telephone number, where the clinic has one, and its link',
  cancel: 'button',
  confirm: 'the steps of the appointment',
  consent: 'the text to agree to',
  reload: 'button',
  reopen: 'button',
  retry: 'button',
  save: 'button',
  send: 'button',
}

const told = ({ is, reason, next, ways, away, opensAt }: ChatPlace) =>
  [
    `${is}: ${reason} | ${next} | ${ways.join(', ')}`,
    ...(away === null ? [] : ['the doctor is away']),
    ...(opensAt === null ? [] : ['the clinic is closed']),
  ].join(' | ')
const all = [...states()].map(state => ({ ...state, why: whyUnreachable(state) }))

// Hundreds of thousands of states.
describe('U70 what stands where one writes', { timeout: 60_000 }, () => {
  test.each(keysOf(tables))('has a reason and a way on in every state there is: %s', language => {
    const strings = tables[language]
    const places = new Map<string, { reachable: number; unreachable: number }>()
    const unreachable = new Map<string, number>()
    // Whose session it is does not come into it: the states that differ in it stand side by side.
    let last: State | null = null
    let seen = { reachable: 0, unreachable: 0 }
    for (const state of all) {
      const { why } = state
      if (state.chat !== last?.chat || state.target !== last.target) {
        last = state
        const place = chatPlace(state.chat, state.target, strings)
        const words = told(place)
        if (!/\p{L}{2}/u.test(place.reason) || !/\p{L}{2}/u.test(place.next) || place.ways.length === 0)
          throw new Error(`a dead end: ${words} in ${JSON.stringify(state)}`)
        if (place.ways.some(way => !WAYS[way])) throw new Error(`no such way: ${words}`)
        seen = places.get(words) ?? { reachable: 0, unreachable: 0 }
        places.set(words, seen)
      }
      seen[why === null ? 'reachable' : 'unreachable']++
      if (why !== null) unreachable.set(why, (unreachable.get(why) ?? 0) + 1)
    }
    expect(all.length).toBe(3 * 3 * (2 + 16 + 2 * 10 * 5 * 6 * 6 * 6 * 4))
    expect({
      states: all.length,
      places: Object.fromEntries([...places].sort()),
      unreachable: Object.fromEntries([...unreachable].sort()),
    }).toMatchSnapshot()
  })

  const ready = all.flatMap(({ session, chat, target, person, why }) =>
    session === 'signed-in' && chat.is === 'ready' && person !== undefined
      ? [{ chat, person, why, place: chatPlace(chat, target, en) }]
      : [],
  )
  const wrong = (isWrong: (state: (typeof ready)[number]) => boolean) =>
    ready.filter(isWrong).map(({ chat: { room: r, freshness }, person, place }) => ({
      ...{ person, freshness, block: r.replyBlock, place: told(place) },
    }))
  const isPatients = (person: string) => person === 'patient' || person === 'proxy'

  test('lets nobody write who may not, and everybody who may', () => {
    expect(
      wrong(({ chat, person, place }) => {
        const isMember = person !== 'has left' && person !== 'nobody of the room'
        return (place.is === 'composer') !== (isMember && chat.room.replyBlock === null)
      }),
    ).toEqual([])
  })

  test('offers nothing that cannot be done as things stand', () => {
    expect(
      wrong(
        ({ chat, person, place: { ways } }) =>
          (ways.includes('reopen') && (chat.freshness === 'cached' || isPatients(person))) ||
          (ways.includes('confirm') && person !== 'doctor') ||
          ((ways.includes('consent') || ways.includes('call')) && !isPatients(person)),
      ),
    ).toEqual([])
  })

  test('tells who may write for the patient, and nobody else, that the doctor is away and the clinic closed', () => {
    expect(
      wrong(({ chat: { room: r }, person, place: { away, opensAt, is, ways } }) => {
        const isOver = r.status !== 'pending' && r.status !== 'open'
        const isAway = isPatients(person) && !isOver && r.away.some(each => each.userId === doctor.id)
        return (
          (away !== null) !== isAway ||
          (opensAt !== null) !== (isPatients(person) && r.opensAt !== null) ||
          // Above a composer what cannot wait has its way as well.
          (is === 'composer' && isAway && !ways.includes('call'))
        )
      }),
    ).toEqual([])
  })

  test('gives patients the number wherever they may not write, and clinicians the step that is theirs', () => {
    expect(
      wrong(
        ({ chat, person, why, place }) =>
          why === null &&
          place.is === 'notice' &&
          (isPatients(person)
            ? !place.ways.includes('call')
            : chat.freshness === 'live' &&
              chat.room.nextStep === 'reopen_room' &&
              !place.ways.includes('reopen')),
      ),
    ).toEqual([])
  })
})
