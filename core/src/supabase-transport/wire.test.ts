import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { read, type Schema, shape } from './schema.ts'
import {
  appointmentPageSchema,
  appointmentSchema,
  changePageSchema,
  cursorsSchema,
  messagePageSchema,
  messageSchema,
  openedRoomSchema,
  parseTopicEvent,
  profileSchema,
  roomChangeSchema,
} from './wire.ts'
import {
  accessLogPageSchema,
  clinicSchema,
  nothingSchema,
  outOfOfficeSchema,
  participantsSchema,
  peopleSchema,
  quickRepliesSchema,
  receiptTimesSchema,
  replyCheckSchema,
  roomPageSchema,
  searchPageSchema,
  versionsSchema,
} from './wire-verbs.ts'

const T = '2026-01-15T09:00:00.123456+00:00'
const doctor = { id: 'd', role: 'doctor', display_name: 'D', specialty: 'Cardiology' }
const patient = { id: 'p', role: 'patient', display_name: 'P', specialty: null }
const message = {
  id: 'm1',
  room_id: 'r',
  seq: 1,
  sender_id: 'p',
  kind: 'text',
  body: 'hello',
  event: null,
  reply_to: null,
  created_at: T,
  edited_at: null,
  retracted_at: null,
  erased_at: null,
  change: null,
}
const appointment = {
  id: 'a',
  patient,
  doctor,
  starts_at: T,
  ends_at: T,
  mode: 'video',
  location: null,
  reason: null,
  status: 'confirmed',
  status_reason: null,
  room: { id: 'r', status: 'open', last_seq: 1, last_message_at: T, waiting_since: null, unread: 0 },
}
const room = {
  id: 'r',
  appointment_id: 'a',
  status: 'open',
  epoch: 1,
  last_seq: 1,
  reply_block: null,
  reply_until: null,
  next_step: null,
  patient_may_reply: true,
  waiting_since: T,
  participants: [{ ...patient, delivered_seq: 1, read_seq: 1, left_at: null }],
  opens_at: T,
  away: [{ user_id: 'd', back_at: T, note: 'At a congress' }],
}
const opened = { me: 'p', appointment, room, muted_until: null, draft: { body: 'hel', reply_to: null } }
/** The tests change what is within an object. */
const listOf = <T>(list: Schema<T>) => shape({ list })
const answers = {
  profile: [profileSchema, { ...patient, locale: 'es', time_zone: 'Europe/Madrid' }],
  appointments: [appointmentPageSchema, { appointments: [appointment], has_more: false }],
  room: [openedRoomSchema, opened],
  message: [messageSchema, message],
  messages: [
    messagePageSchema,
    { messages: [message, { ...message, seq: 2 }], has_more: true, last_seq: 2, last_change: 0, epoch: 1 },
  ],
  changes: [
    changePageSchema,
    {
      messages: [
        { ...message, change: 2 },
        { ...message, change: 3 },
      ],
      last_change: 3,
      has_more: false,
    },
  ],
  'what an appointment became': [appointmentSchema, { ...appointment, status_reason: 'moved away' }],
  'what a room became': [
    roomChangeSchema,
    {
      room_id: 'r',
      appointment_id: 'a',
      epoch: 1,
      status: 'closed',
      last_seq: 4,
      last_change: 1,
      waiting_since: null,
    },
  ],
  versions: [
    listOf(versionsSchema),
    { list: [{ version: 1, body: 'before', written_at: T, replaced_at: T }] },
  ],
  'receipt times': [
    listOf(receiptTimesSchema),
    {
      list: [
        { user_id: 'u', delivered_at: T, read_at: null },
        { user_id: 'v', delivered_at: null, read_at: null },
        { user_id: 'w', delivered_at: T, read_at: T },
      ],
    },
  ],
  search: [searchPageSchema, { messages: [message], match: 'words', has_more: false }],
  participants: [listOf(participantsSchema), { list: room.participants }],
  'reply check': [
    replyCheckSchema,
    { may_reply: false, block: 'room_closed', hint: 'Call.', next_step: 'call_clinic', phone: '+44 1' },
  ],
  'access log': [
    accessLogPageSchema,
    {
      entries: [
        {
          n: 2,
          at: T,
          action: 'room_opened',
          actor: doctor,
          subject_id: 'g',
          details: { minutes: 5, is_held: true, role: 'proxy', status: null },
          reason: 'asked for',
        },
      ],
      has_more: true,
    },
  ],
  rooms: [
    roomPageSchema,
    {
      rooms: [{ ...appointment.room, appointment_id: 'a', waiting_since: T, muted_until: T }],
      has_more: false,
    },
  ],
  people: [listOf(peopleSchema), { list: [doctor] }],
  clinic: [
    clinicSchema,
    {
      name: 'C',
      phone: null,
      time_zone: 'UTC',
      emergency_text: { en: 'Call 112.' },
      expected_reply_minutes: 60,
      reply_window_days: 14,
      edit_window_minutes: 15,
      archive_after_days: 90,
      retention_days: 3650,
      max_file_bytes: 1,
      business_hours: [{ weekday: 1, opens: '09:00', closes: '17:00' }],
      opens_at: T,
    },
  ],
  'quick replies': [
    listOf(quickRepliesSchema),
    { list: [{ id: 'q', title: 'T', body: 'B', locale: 'en', is_shared: false }] },
  ],
  absence: [outOfOfficeSchema, { starts_at: T, back_at: T, note: null }],
  cursors: [cursorsSchema, { delivered_seq: 1, read_seq: 0 }],
} as const satisfies Record<string, readonly [Schema<unknown>, Record<string, unknown>]>
const eachAnswer = Object.entries(answers) as [string, readonly [Schema<unknown>, Record<string, unknown>]][]

/** Every path to a value in it. */
function paths(value: unknown): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [[key], ...paths(inner).map(path => [key, ...path])])
}
function changed(
  value: unknown,
  path: (string | number)[],
  change: (parent: Record<string, unknown>, key: string) => void,
) {
  const copy = JSON.parse(JSON.stringify(value)) as Record<string, unknown>
  let parent = copy
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string, unknown>
  change(parent, String(path.at(-1)))
  return copy
}

describe('CB2: an answer of the server', () => {
  it.each(eachAnswer)('%s is understood, in the words of core', (_, [schema, answer]) => {
    expect(JSON.stringify(schema(answer))).not.toContain('_at"')
  })

  it.each(eachAnswer)('%s with keys of a newer version is understood the same', (_, [schema, answer]) => {
    const newer = { ...answer, colour: 'blue', more: { of: ['this'] } }
    expect(schema(newer)).toEqual(schema(answer))
  })

  it.each(eachAnswer)('%s without any one of its keys is refused', (_, [schema, answer]) => {
    for (const path of paths(answer)) {
      if (Array.isArray(answer[String(path[0])]) && path.length === 2) continue
      // Of these any keys will do.
      if (['emergency_text', 'details'].includes(String(path.at(-2)))) continue
      if (path.at(-2) === 'business_hours') continue
      const broken = changed(answer, path, (parent, key) => delete parent[key])
      expect(read(schema, broken), path.join('.')).toBeNull()
    }
  })

  it.each(eachAnswer)('%s with anything else in any place never throws', (_, [schema, answer]) => {
    const places = paths(answer)
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.anything(), (path, junk) => {
        read(
          schema,
          changed(answer, path, (parent, key) => {
            parent[key] = junk
          }),
        )
      }),
    )
    fc.assert(fc.property(fc.anything(), junk => read(schema, junk) === null))
  })

  it.each([
    ['a seq of text', { ...message, seq: '1' }],
    ['a change of nothing', { ...message, change: 0 }],
    ['a seq of nothing', { ...message, seq: 0 }],
    ['a seq with a fraction', { ...message, seq: 1.5 }],
    ['a seq beyond exactness', { ...message, seq: 2 ** 53 }],
    ['a time that is none', { ...message, created_at: 'yesterday' }],
    ['a kind that nobody knows', { ...message, kind: 'script' }],
    ['a body that is an object', { ...message, body: { html: '<b>' } }],
  ])('a message with %s is refused', (_, broken) => {
    expect(read(messageSchema, broken)).toBeNull()
  })

  it.each([null, undefined, '', {}])('nothing, said as %j, is nothing', nothing => {
    expect(nothingSchema(nothing)).toBeUndefined()
  })

  it.each(['patient', 'doctor', 'care_team', 'proxy'])('a participant may be %s', role => {
    const participants = [{ ...doctor, role, delivered_seq: 0, read_seq: 0, left_at: null }]
    const parsed = openedRoomSchema({ ...opened, room: { ...room, participants } })
    expect(parsed.room.participants[0]?.role).toBe(role)
  })

  it('messages out of order are refused', () => {
    const meta = { has_more: false, last_seq: 2, last_change: 2, epoch: 1 }
    const page = { messages: [{ ...message, seq: 2 }, message], ...meta }
    expect(read(messagePageSchema, page)).toBeNull()
    for (const changes of [
      [2, 1],
      [1, 1],
      [null, 1],
    ]) {
      const changed = { messages: changes.map(change => ({ ...message, change })), ...meta }
      expect(read(changePageSchema, changed), `${changes}`).toBeNull()
    }
  })
})

describe('CM30: an event of the room', () => {
  it.each([
    [
      'participant_removed',
      { actor_id: 'd', subject_id: 'p' },
      { actorId: 'd', subjectId: 'p', minutes: null },
    ],
    [
      'access_started',
      { actor_id: 'admin', grant_id: 'g', minutes: 15 },
      { actorId: 'admin', subjectId: null, minutes: 15 },
    ],
    ['notice', { actor_id: null }, { actorId: null, subjectId: null, minutes: null }],
  ])('%s brings what belongs to it', (type, more, expected) => {
    const told = { ...message, sender_id: null, kind: 'system', body: null, event: { type, ...more } }
    expect(messageSchema(told).event).toEqual({ type, ...expected })
  })

  it.each(['room_repainted', 'constructor', 'unknown', ''])(
    'of a newer server, %j, leaves the page readable',
    type => {
      const told = { ...message, sender_id: null, kind: 'system', body: null, event: { type, to: ['x'] } }
      const meta = { has_more: false, last_seq: 2, last_change: 0, epoch: 1 }
      const page = { messages: [told, { ...message, seq: 2 }], ...meta }
      const { messages } = messagePageSchema(page)
      expect(messages[0]?.event).toEqual({ type: 'unknown', actorId: null, subjectId: null, minutes: null })
    },
  )
})

describe('CB3: an event on a topic', () => {
  it.each([
    ['message', { message }, { is: 'message', message: messageSchema(message) }],
    [
      'message_changed',
      { message: { ...message, body: 'corrected', edited_at: T, change: 3 } },
      {
        is: 'message-changed',
        message: { ...messageSchema(message), body: 'corrected', editedAt: T, change: 3 },
      },
    ],
    [
      'receipt',
      { room_id: 'r', user_id: 'p', delivered_seq: 2, read_seq: 1, id: 'of the broadcast' },
      { is: 'receipt', roomId: 'r', receipt: { userId: 'p', deliveredSeq: 2, readSeq: 1 } },
    ],
    [
      'room_changed',
      {
        room_id: 'r',
        appointment_id: 'a',
        epoch: 2,
        status: 'open',
        last_seq: 3,
        last_message_at: T,
        last_change: 1,
        waiting_since: null,
      },
      {
        is: 'room-changed',
        change: {
          roomId: 'r',
          appointmentId: 'a',
          epoch: 2,
          status: 'open',
          lastSeq: 3,
          lastChange: 1,
          waitingSince: null,
        },
      },
    ],
    ['appointment_changed', { appointment_id: 'a' }, { is: 'appointment-changed', appointmentId: 'a' }],
  ])('%s is understood', (event, payload, expected) => {
    expect(parseTopicEvent(event, payload)).toEqual(expected)
  })

  it('that is known and cannot be read is a reason to fetch; one that is not known is none', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('message', 'message_changed', 'receipt', 'room_changed', 'appointment_changed'),
        fc.anything(),
        (event, junk) => {
          expect(parseTopicEvent(event, junk)).toEqual({ is: 'hint' })
        },
      ),
    )
    for (const event of ['typing', 'constructor', '__proto__', ''])
      expect(parseTopicEvent(event, {})).toBeNull()
  })
})
