/** What the gallery shows: each scene is an address, who is signed in, and what the clinic answers. */
import {
  type AppointmentListState,
  type AppointmentScope,
  ChatError,
  type ChatState,
  type Message,
  type Profile,
  type ReadyChat,
  type ReplyBlock,
} from '@bedside/core'
import {
  appointment,
  doctor,
  event,
  message,
  NOW,
  otherDoctor,
  outgoing,
  participant,
  patient,
  person,
  readyChat,
  room,
  settings,
} from '@bedside/react/testing'
import { accountScenes } from './account-scenes.ts'
import { appointmentScenes } from './appointment-scenes.ts'
import { type FakeClinic, listOf } from './fake-session.ts'

export interface Scene {
  path: string
  signedInAs: Profile | null
  clinic: FakeClinic
  demoAccounts?: { email: string; password: string; label: string; role: string }[]
  /** For so long nobody has done anything. */
  idleMs?: number
  /** Of the app. */
  isNewerReady?: boolean
}

const CHAT = '/appointments/a1/chat'

export function scenes(): Record<string, Scene> {
  const spanish: Profile = {
    ...patient,
    displayName: 'Lucía Fernández',
    locale: 'es-ES',
    timeZone: 'Europe/Madrid',
  }
  const french: Profile = { ...patient, locale: 'fr-CA', timeZone: 'America/Toronto' }
  const arabic: Profile = {
    ...patient,
    displayName: 'ليلى حداد',
    locale: 'ar-MA',
    timeZone: 'Africa/Casablanca',
  }
  return {
    'sign-in': { path: '/sign-in', signedInAs: null, clinic: clinic({}) },
    'sign-in-demo': { path: '/sign-in', signedInAs: null, clinic: clinic({}), demoAccounts },
    appointments: signedIn(patient, '/appointments'),
    past: signedIn(patient, '/appointments?show=past'),
    'appointments-doctor': signedIn(doctor, '/appointments'),
    inbox: signedIn(doctor, '/appointments?show=inbox', { inbox: inboxOf(3, 4) }),
    'inbox-desk': signedIn(desk, '/appointments?show=inbox', { inbox: inboxOf(3, 0) }),
    'inbox-huge': signedIn(doctor, '/appointments?show=inbox', { inbox: inboxOf(40, 10, true) }),
    'inbox-nobody-waits': signedIn(doctor, '/appointments?show=inbox&only=waiting', { inbox: inboxOf(0, 3) }),
    'inbox-empty': signedIn(doctor, '/appointments?show=inbox'),
    'inbox-arabic': signedIn({ ...doctor, locale: 'ar' }, '/appointments?show=inbox', {
      inbox: inboxOf(3, 4),
    }),
    'appointments-empty': signedIn(patient, '/appointments', { upcoming: listOf([]) }),
    'appointments-loading': signedIn(patient, '/appointments', {
      upcoming: { page: null, freshness: 'live', isLoading: true, error: null },
    }),
    'appointments-failed': signedIn(patient, '/appointments', {
      upcoming: { page: null, freshness: 'live', isLoading: false, error: new ChatError('unavailable') },
    }),
    'appointments-es': signedIn(spanish, '/appointments'),
    'appointments-fr': signedIn(french, '/appointments'),
    'appointments-ar': signedIn(arabic, '/appointments'),
    ...appointmentScenes({ desk, spanish, french, arabic }),
    chat: chatScene(conversation()),
    'chat-doctor': chatScene(conversation({ me: doctor.id, openedAtReadSeq: 14 }), doctor),
    'chat-unread': chatScene(conversation({ openedAtReadSeq: 6 })),
    'chat-empty': chatScene(readyChat()),
    'chat-empty-doctor': chatScene(readyChat({ me: doctor.id }), doctor),
    'chat-long': chatScene(longConversation()),
    'chat-history': historyScene(HISTORY_SEQ),
    'chat-history-unread': historyScene(HISTORY_SEQ - 120),
    'chat-failed-message': chatScene(
      conversation({
        outgoing: [
          outgoing('o1', 'Can I come half an hour earlier?', {
            is: 'failed',
            error: new ChatError('unavailable'),
          }),
          outgoing('o2', 'I can also come tomorrow.', {
            is: 'failed',
            error: new ChatError('reply-blocked', { detail: 'room_closed' }),
          }),
        ],
      }),
    ),
    'chat-sending': chatScene(
      conversation({ outgoing: [outgoing('o1', 'I will bring the list.', { is: 'sending' })] }),
    ),
    'chat-offline': chatScene(
      conversation({
        connection: { is: 'offline' },
        outgoing: [
          outgoing('o1', 'I took it at eight as you said.', { is: 'queued', waitsFor: 'connection' }),
          outgoing('o2', 'The headache is gone.', { is: 'queued', waitsFor: 'earlier' }),
        ],
      }),
    ),
    'chat-reconnecting': chatScene(
      conversation({
        connection: {
          is: 'reconnecting',
          attempt: 3,
          nextTryAt: new Date(Date.parse(NOW) + 12_000).toISOString(),
        },
      }),
    ),
    'chat-connecting': chatScene(conversation({ connection: { is: 'connecting' } })),
    'chat-loading': chatScene({ is: 'loading' }),
    'chat-not-found': chatScene({ is: 'failed', error: new ChatError('not-found') }),
    'chat-unavailable': chatScene({ is: 'failed', error: new ChatError('unavailable') }),
    'chat-revoked': chatScene({ is: 'revoked' }),
    'chat-es': chatScene(conversation({}, 'es'), spanish),
    'chat-fr': chatScene(conversation(), french),
    'chat-ar': chatScene(conversation({}, 'ar'), arabic),
    'chat-ar-doctor': chatScene(conversation({ me: doctor.id }, 'ar'), doctor),
    'chat-closed-ar': chatScene(closed('reply_window_over', 'ar'), arabic),
    'chat-closed-es': chatScene(closed('reply_window_over', 'es'), spanish),
    'chat-hostile': chatScene(hostile()),
    'chat-away': answering(chatScene(away(conversation(), AWAY_NOTE))),
    'chat-away-ar': answering(chatScene(away(conversation({}, 'ar'), AWAY_NOTE), arabic)),
    'chat-away-closed': answering(chatScene(away(closed('patient_may_not_reply'), null))),
    'account-doctor': absent(doctor, null),
    'account-away': absent(doctor, AWAY_NOTE),
    'account-away-ar': absent({ ...doctor, locale: 'ar-MA', timeZone: 'Africa/Casablanca' }, AWAY_NOTE),
    'chat-events': chatScene(eventful()),
    'chat-events-es': chatScene(eventful(), spanish),
    'chat-events-fr': chatScene(eventful(), french),
    'chat-events-ar': chatScene(eventful(), arabic),
    'chat-proxy': chatScene(eventful({ me: son.id }), son),
    'chat-erased': chatScene(erased()),
    'idle-warning': { ...chatScene(conversation()), idleMs: 29 * 60_000 },
    'update-notice': { ...chatScene(conversation()), isNewerReady: true },
    'forgot-password': { path: '/forgot-password', signedInAs: null, clinic: clinic({}) },
    'set-password': { path: '/set-password#token_hash=x', signedInAs: null, clinic: clinic({}) },
    'set-password-gone': { path: '/set-password', signedInAs: null, clinic: clinic({}) },
    'appointments-desk': signedIn(desk, '/appointments'),
    ...Object.fromEntries(blocks.map(block => [`block-${block}`, chatScene(closed(block))])),
    'block-doctor': chatScene({ ...closed('room_closed'), me: doctor.id }, doctor),
    ...accountScenes({ patient, arabic, desk }, (who, path, consent) => ({
      path,
      signedInAs: who,
      clinic: { ...clinic({ who }), consent: () => consent },
    })),
    'not-found': signedIn(patient, '/nowhere'),
  }
}

const blocks: ReplyBlock[] = [
  'appointment_not_confirmed',
  'appointment_cancelled',
  'appointment_missed',
  'reply_window_over',
  'room_closed',
  'room_archived',
  'room_locked',
  'patient_may_not_reply',
  'consent_missing',
]

const demoAccounts = [
  { email: 'margaret@example.com', password: 'x', label: 'Margaret Ellis', role: 'patient' },
  { email: 'lucia@example.com', password: 'x', label: 'Lucía Fernández', role: 'patient' },
  { email: 'layla@example.com', password: 'x', label: 'ليلى حداد', role: 'patient' },
  { email: 'amara@example.com', password: 'x', label: 'Dr. Amara Okafor', role: 'doctor' },
  { email: 'luis@example.com', password: 'x', label: 'Dr. Luis Ortega', role: 'doctor' },
  { email: 'desk@example.com', password: 'x', label: 'Front desk', role: 'admin' },
]

function chatScene(state: ChatState, signedInAs: Profile = patient): Scene {
  return { path: CHAT, signedInAs, clinic: clinic({ state, who: signedInAs }) }
}

function signedIn(who: Profile, path: string, lists: Partial<FakeClinic['lists']> = {}): Scene {
  return { path, signedInAs: who, clinic: clinic({ who, lists }) }
}

const AWAY_NOTE =
  'I am at a congress. Dr. Luis Ortega reads your messages on Tuesday and Thursday; for a prescription call the clinic.'
const BACK_AT = '2026-11-30T09:00:00.000Z'

function away(state: ReadyChat, note: string | null): ReadyChat {
  return { ...state, room: { ...state.room, away: [{ userId: doctor.id, backAt: BACK_AT, note }] } }
}

/** With the clinic's own number and hours. */
function answering(scene: Scene): Scene {
  return {
    ...scene,
    clinic: { ...scene.clinic, settings: settings({ opensAt: '2026-11-23T14:00:00.000Z' }) },
  }
}

function absent(who: Profile, note: string | null): Scene {
  const scene = signedIn(who, '/account')
  const absence = note === null ? null : { startsAt: NOW, backAt: BACK_AT, note }
  return { ...scene, clinic: { ...scene.clinic, absence } }
}

const desk: Profile = {
  ...doctor,
  id: 'desk',
  role: 'admin',
  displayName: 'Marta Lindqvist',
  specialty: null,
}

/** So many who wait, the longest first, and so many others. */
function inboxOf(waiting: number, others: number, hasMore = false): AppointmentListState {
  const before = (minutes: number) => new Date(Date.parse(NOW) - minutes * 60_000).toISOString()
  const rows = Array.from({ length: waiting + others }, (_, place) => {
    const isWaiting = place < waiting
    return appointment({
      id: `i${place}`,
      patient: person(patients[place % patients.length] ?? patient),
      startsAt: before((place - 2) * 1_000),
      endsAt: before((place - 2) * 1_000 - 30),
      status: place % 2 === 0 ? 'confirmed' : 'completed',
      room: {
        id: `ri${place}`,
        status: 'open',
        lastSeq: 4,
        lastMessageAt: before(place * 700 + 3),
        waitingSince: isWaiting ? before(Math.max(0, waiting - 1 - place) * 130) : null,
        unread: isWaiting ? place % 3 : 0,
      },
    })
  })
  return listOf(rows, hasMore)
}

function clinic(options: {
  who?: Profile
  state?: ChatState
  lists?: Partial<Record<AppointmentScope, AppointmentListState>>
}): FakeClinic {
  const who = options.who ?? patient
  const with_ = (index: number) => {
    const itsPatient = patients[index % patients.length] ?? patient
    const itsDoctor = [doctor, otherDoctor, otherDoctor, doctor][index % 4] ?? doctor
    return {
      patient: person(who.role === 'patient' ? who : itsPatient),
      doctor: person(who.role === 'doctor' ? who : itsDoctor),
    }
  }
  return {
    lists: {
      upcoming: listOf(
        [
          appointment({ ...with_(0), status: 'in_progress' }),
          appointment({
            ...with_(1),
            id: 'a2',
            startsAt: '2026-11-23T16:00:00.000Z',
            endsAt: '2026-11-23T16:20:00.000Z',
            mode: 'video',
            location: 'https://video.example.com/visit/8842',
            room: {
              id: 'r2',
              status: 'open',
              lastSeq: 4,
              lastMessageAt: '2026-11-22T17:05:00.000Z',
              waitingSince: null,
              unread: 0,
            },
          }),
          appointment({
            ...with_(2),
            id: 'a3',
            startsAt: '2026-11-24T09:15:00.000Z',
            endsAt: '2026-11-24T09:30:00.000Z',
            mode: 'phone',
            location: null,
            status: 'requested',
            room: null,
          }),
          appointment({
            ...with_(3),
            id: 'a4',
            startsAt: '2026-12-03T11:00:00.000Z',
            endsAt: '2026-12-03T11:45:00.000Z',
            room: {
              id: 'r4',
              status: 'pending',
              lastSeq: 0,
              lastMessageAt: null,
              waitingSince: null,
              unread: 0,
            },
          }),
        ],
        true,
      ),
      past: listOf([
        appointment({
          ...with_(0),
          id: 'b1',
          startsAt: '2026-11-12T10:00:00.000Z',
          endsAt: '2026-11-12T10:30:00.000Z',
          status: 'completed',
          room: {
            id: 'r5',
            status: 'read_only',
            lastSeq: 22,
            lastMessageAt: '2026-11-13T08:00:00.000Z',
            waitingSince: null,
            unread: 0,
          },
        }),
        appointment({
          ...with_(1),
          id: 'b2',
          startsAt: '2026-10-02T08:00:00.000Z',
          endsAt: '2026-10-02T08:30:00.000Z',
          status: 'cancelled',
          room: {
            id: 'r6',
            status: 'closed',
            lastSeq: 3,
            lastMessageAt: '2026-10-01T08:00:00.000Z',
            waitingSince: null,
            unread: 1,
          },
        }),
        appointment({
          ...with_(2),
          id: 'b3',
          startsAt: '2025-06-18T13:00:00.000Z',
          endsAt: '2025-06-18T13:20:00.000Z',
          status: 'no_show',
          room: null,
        }),
      ]),
      ...options.lists,
    },
    rooms: options.state ? { a1: options.state } : {},
    accounts: { 'margaret@example.com': patient, 'amara@example.com': doctor },
  }
}

const patients: Profile[] = [
  patient,
  { ...patient, id: 'p2', displayName: 'Lucía Fernández' },
  { ...patient, id: 'p3', displayName: 'ليلى حداد' },
  { ...patient, id: 'p4', displayName: 'Bartholomew Featherstonehaugh-Montgomery' },
]

const texts = {
  en: [
    'Good morning, Mrs Ellis. Before we meet this afternoon, could you tell me your blood pressure readings of this week?',
    'Good morning, doctor. Here they are:\n\nMonday 142/88\nTuesday 138/85\nWednesday 135/84',
    'Thank you, that helps a lot.',
    'It is coming down nicely. Please keep taking the tablets in the morning, with water.',
    'I will. Should I eat before the appointment?',
    'Yes, eat as usual. You can read how to prepare here: https://harbour-clinic.example/prepare',
    'And bring your list of medicines, please.',
    'I have it ready 🙂',
  ],
  es: [
    'Buenos días, señora Fernández. Antes de vernos esta tarde, ¿puede decirme sus medidas de tensión de esta semana?',
    'Buenos días, doctora. Son estas:\n\nLunes 142/88\nMartes 138/85\nMiércoles 135/84',
    'Gracias, me ayuda mucho.',
    'Va bajando bien. Siga tomando las pastillas por la mañana, con agua.',
    'Así lo haré. ¿Debo comer antes de la cita?',
    'Sí, coma como siempre. Aquí puede leer cómo prepararse: https://harbour-clinic.example/prepare',
    'Y traiga su lista de medicamentos, por favor.',
    'La tengo preparada 🙂',
  ],
  ar: [
    'صباح الخير سيدة ليلى. قبل موعدنا بعد الظهر، هل يمكنك أن ترسلي لي قياسات ضغط الدم لهذا الأسبوع؟',
    'صباح الخير دكتورة. هذه هي القياسات:\n\nالاثنين 142/88\nالثلاثاء 138/85',
    'شكراً لك، هذا يساعدني كثيراً.',
    'Please keep taking the tablets in the morning.',
    'سأفعل. هل آكل قبل الموعد؟',
    'نعم، كالمعتاد. اقرئي هنا: https://harbour-clinic.example/prepare',
    'وأحضري قائمة الأدوية من فضلك.',
    'هي جاهزة 🙂',
  ],
}

function conversation(change: Partial<ReadyChat> = {}, language: keyof typeof texts = 'en'): ReadyChat {
  const [t0 = '', t1 = '', t2 = '', t3 = '', t4 = '', t5 = '', t6 = '', t7 = ''] = texts[language]
  const yesterday = (minute: number) => ({ createdAt: `2026-11-22T16:${minute}:00.000Z` })
  const messages: Message[] = [
    event(
      1,
      { type: 'appointment_confirmed', actorId: doctor.id },
      { createdAt: '2026-11-22T15:58:00.000Z' },
    ),
    message(2, doctor.id, t0, yesterday(10)),
    message(3, patient.id, t1, yesterday(24)),
    message(4, doctor.id, t2, yesterday(31)),
    message(5, doctor.id, t3, { ...yesterday(32), editedAt: '2026-11-22T16:33:00.000Z' }),
    message(6, patient.id, t4),
    message(7, doctor.id, t5, { replyTo: 'm6' }),
    message(8, doctor.id, null, { retractedAt: '2026-11-23T09:09:00.000Z' }),
    message(9, doctor.id, t6),
    message(10, patient.id, t7, { createdAt: '2026-11-23T09:30:00.000Z' }),
    message(11, patient.id, null, { kind: 'image', createdAt: '2026-11-23T09:31:00.000Z' }),
  ]
  const who = language === 'es' ? 'Lucía Fernández' : language === 'ar' ? 'ليلى حداد' : patient.displayName
  const patientShown = { ...person(patient), displayName: who }
  return readyChat({
    messages,
    openedAtReadSeq: 11,
    appointment: appointment({ patient: patientShown }),
    room: room({
      lastSeq: 11,
      replyUntil: '2026-11-30T18:00:00.000Z',
      participants: [
        participant(patientShown, { deliveredSeq: 11, readSeq: 11 }),
        participant(doctor, { deliveredSeq: 11, readSeq: 10 }),
      ],
    }),
    ...change,
  })
}

function longConversation(): ReadyChat {
  const messages = Array.from({ length: 80 }, (_, index) =>
    message(
      index + 1,
      index % 5 < 3 ? doctor.id : patient.id,
      `Message number ${index + 1}. ${'It has a few words more. '.repeat(index % 4)}`,
      { createdAt: new Date(Date.parse('2026-11-21T09:00:00.000Z') + index * 37 * 60_000).toISOString() },
    ),
  )
  return readyChat({ messages, hasOlder: true, openedAtReadSeq: 60 })
}

const HISTORY_SEQ = 100_000

/** As long a conversation as any: pages of it are made as they are asked for. */
function historyScene(openedAtReadSeq: number): Scene {
  const page = (before: number) =>
    Array.from({ length: Math.min(50, before - 1) }, (_, i) => {
      const seq = before - Math.min(50, before - 1) + i
      const words = 'It has a few words more. '.repeat(seq % 4)
      const createdAt = new Date(Date.parse(NOW) - (HISTORY_SEQ - seq) * 37 * 60_000).toISOString()
      // One of what is on the page before the last.
      const replyTo = seq === HISTORY_SEQ - 1 ? `m${HISTORY_SEQ - 400}` : null
      return message(seq, seq % 5 < 3 ? doctor.id : patient.id, `Message number ${seq}. ${words}`, {
        createdAt,
        replyTo,
      })
    })
  const state = readyChat({ messages: page(HISTORY_SEQ + 1), hasOlder: true, openedAtReadSeq })
  return { path: CHAT, signedInAs: patient, clinic: { ...clinic({ state }), history: page } }
}

function closed(block: ReplyBlock, language: keyof typeof texts = 'en'): ReadyChat {
  const status = {
    appointment_not_confirmed: 'requested',
    appointment_cancelled: 'cancelled',
    appointment_missed: 'no_show',
    reply_window_over: 'completed',
    room_closed: 'completed',
    room_archived: 'completed',
    room_locked: 'confirmed',
    patient_may_not_reply: 'confirmed',
    consent_missing: 'confirmed',
  } as const
  const open = conversation({}, language)
  return {
    ...open,
    appointment: { ...open.appointment, status: status[block] },
    room: {
      ...open.room,
      status: block === 'appointment_not_confirmed' ? 'pending' : 'read_only',
      replyBlock: block,
      replyUntil: null,
    },
    messages: block === 'appointment_not_confirmed' ? [] : open.messages,
  }
}

const colleague = { ...person(otherDoctor), id: 'd3', displayName: 'Dr. Noor Rahimi' }
const son: Profile = { ...patient, id: 'p9', displayName: 'Daniel Ellis' }

/** Everything that a room can tell, and everyone who can be in it. */
function eventful(change: Partial<ReadyChat> = {}): ReadyChat {
  const by = { actorId: doctor.id }
  const byClinic = { actorId: 'admin' }
  const events: Parameters<typeof event>[1][] = [
    { type: 'appointment_confirmed', ...byClinic },
    { type: 'participant_added', ...by, subjectId: colleague.id },
    { type: 'participant_added', ...by, subjectId: son.id },
    { type: 'appointment_started', ...by },
    { type: 'patient_reply_stopped', ...by },
    { type: 'patient_reply_allowed', ...by },
    { type: 'appointment_completed', ...by },
    { type: 'room_read_only' },
    { type: 'room_reopened', ...by },
    { type: 'participant_removed', actorId: otherDoctor.id, subjectId: otherDoctor.id },
    { type: 'room_locked', ...byClinic },
    { type: 'room_unlocked', ...byClinic },
    { type: 'access_started', ...byClinic, minutes: 15 },
    { type: 'access_extended', ...byClinic, minutes: 30 },
    { type: 'access_ended', ...byClinic },
    { type: 'appointment_missed', ...by },
    { type: 'appointment_cancelled', ...byClinic },
    { type: 'room_closed', ...by },
    { type: 'room_archived' },
    { type: 'unknown' },
  ]
  const last = events.length
  return readyChat({
    messages: [
      ...events.map((told, index) => event(index + 1, told)),
      event(
        last + 1,
        { type: 'notice', ...byClinic },
        {
          body: 'The clinic is closed on Monday. For anything urgent, call 020 7946 0000.\nhttps://harbour-clinic.example',
        },
      ),
      message(last + 2, colleague.id, 'I look after Mrs Ellis while Dr. Okafor is away.'),
      message(last + 3, son.id, 'I write for my mother, who cannot type.'),
      message(last + 4, patient.id, 'That is right.'),
    ],
    room: room({
      participants: [
        participant(patient),
        participant(doctor),
        participant(colleague, { role: 'care_team' }),
        participant(son, { role: 'proxy' }),
        participant(otherDoctor, { role: 'care_team', leftAt: '2026-11-23T09:20:00.000Z' }),
      ],
    }),
    openedAtReadSeq: 99,
    ...change,
  })
}

function erased(): ReadyChat {
  const closedRoom = closed('room_archived')
  const erasedAt = '2036-11-24T03:00:00.000Z'
  return {
    ...closedRoom,
    appointment: { ...closedRoom.appointment, reason: null },
    messages: [
      ...closedRoom.messages.map(each =>
        each.senderId === null || each.retractedAt !== null ? each : { ...each, body: null, erasedAt },
      ),
      event(12, { type: 'notice', actorId: 'admin' }, { erasedAt, createdAt: '2026-11-23T09:40:00.000Z' }),
      event(13, { type: 'room_erased' }, { createdAt: erasedAt }),
    ],
  }
}

function hostile(): ReadyChat {
  const bodies = [
    '<script>alert(1)</script><img src=x onerror=alert(1)>',
    'a'.repeat(900),
    `https://example.com/${'path/'.repeat(60)}`,
    `\u202egnirts desrever`,
    `Z${'\u0351\u0363\u0489'.repeat(60)}algo`,
    '👩🏽‍⚕️'.repeat(120),
    'javascript:alert(1) data:text/html,x',
    'Mixed: سلام then English then שלום 123.',
    'line\n'.repeat(12),
  ]
  return readyChat({
    messages: bodies.map((body, index) => message(index + 1, index % 2 ? patient.id : doctor.id, body)),
    openedAtReadSeq: 99,
  })
}
