/** The page of one appointment in each of its states, for the gallery. */
import {
  type AppointmentDetail,
  ChatError,
  type Profile,
  type ReplyBlock,
  type RoomSummary,
  type SingleAppointmentState,
} from '@bedside/core'
import {
  appointment,
  doctor,
  NOW,
  otherDoctor,
  participant,
  patient,
  person,
  readyChat,
  room,
} from '@bedside/react/testing'
import { listOf } from './fake-session.ts'
import type { Scene } from './scenes.ts'

const PATH = '/appointments/a1'

const summary: RoomSummary = {
  id: 'r1',
  status: 'open',
  lastSeq: 9,
  lastMessageAt: '2026-11-23T09:41:00.000Z',
  waitingSince: null,
  unread: 2,
}

export function detail(change: Partial<AppointmentDetail> = {}): AppointmentDetail {
  return { ...appointment({ room: summary }), role: 'patient', chat: room(), ...change }
}

export function shown(
  one: AppointmentDetail | null,
  change: Partial<SingleAppointmentState> = {},
): SingleAppointmentState {
  return { page: { detail: one }, freshness: 'live', isLoading: false, error: null, ...change }
}

/** Nobody writes there, for this reason. */
function blocked(
  block: ReplyBlock,
  status: RoomSummary['status'],
  change: Partial<AppointmentDetail> = {},
): AppointmentDetail {
  return detail({
    room: { ...summary, status, unread: 0 },
    chat: room({ status, replyBlock: block }),
    ...change,
  })
}

const noChat = { room: null, chat: null }

export function appointmentScenes(people: Record<'desk' | 'spanish' | 'french' | 'arabic', Profile>) {
  const { desk, spanish, french, arabic } = people
  const son = { ...patient, id: 'p9', displayName: 'Daniel Ellis' }
  const colleague = { ...person(otherDoctor), id: 'd3', displayName: 'Dr. Noor Rahimi' }
  const everyone = room({
    waitingSince: '2026-11-23T08:10:00.000Z',
    participants: [
      participant(patient),
      participant(doctor),
      participant(colleague, { role: 'care_team' }),
      participant(son, { role: 'proxy' }),
      participant(otherDoctor, { role: 'care_team', leftAt: NOW }),
    ],
  })
  const atDesk = { role: null, chat: null }
  const waits = {
    ...summary,
    lastSeq: 0,
    lastMessageAt: null,
    unread: 0,
    waitingSince: '2026-11-23T08:10:00.000Z',
  }
  const of = (who: Profile) => ({ patient: { ...person(patient), id: who.id, displayName: who.displayName } })
  const video = { mode: 'video', location: 'https://video.example.com/visit/8842' } as const
  const scene = (state: SingleAppointmentState, signedInAs: Profile = patient): Scene => ({
    path: PATH,
    signedInAs,
    clinic: {
      lists: { upcoming: listOf([]), past: listOf([]) },
      rooms: { a1: readyChat({ me: signedInAs.id }) },
      appointment: state,
      colleagues: [person(doctor), otherDoctor, colleague],
      accounts: {},
    },
  })
  return {
    appointment: scene(shown(detail())),
    'appointment-doctor': scene(
      shown(
        detail({ role: 'doctor', chat: everyone, room: { ...summary, waitingSince: waits.waitingSince } }),
      ),
      doctor,
    ),
    'appointment-doctor-closed': scene(
      shown(blocked('room_closed', 'closed', { role: 'doctor', status: 'completed' })),
      doctor,
    ),
    'appointment-doctor-requested': scene(
      shown(detail({ role: 'doctor', status: 'requested', ...noChat })),
      doctor,
    ),
    'appointment-desk': scene(shown(detail({ ...atDesk, room: waits })), desk),
    'appointment-desk-requested': scene(shown(detail({ ...noChat, role: null, status: 'requested' })), desk),
    'appointment-video': scene(
      shown(
        detail({ ...video, status: 'in_progress', chat: room({ replyUntil: '2026-11-30T18:00:00.000Z' }) }),
      ),
    ),
    'appointment-requested': scene(
      shown(detail({ mode: 'phone', location: null, status: 'requested', ...noChat })),
    ),
    'appointment-not-started': scene(shown(detail(noChat))),
    'appointment-cancelled': scene(
      shown(
        blocked('appointment_cancelled', 'closed', {
          status: 'cancelled',
          statusReason: 'The doctor is ill. We are sorry.',
        }),
      ),
    ),
    'appointment-missed': scene(shown(detail({ status: 'no_show', ...noChat }))),
    'appointment-consent': scene(shown(blocked('consent_missing', 'open'))),
    'appointment-removed': scene(shown(detail({ role: null, ...noChat }))),
    'appointment-proxy': scene(shown(detail({ role: 'proxy', chat: everyone })), son),
    'appointment-loading': scene({ page: null, freshness: 'live', isLoading: true, error: null }),
    'appointment-failed': scene({
      page: null,
      freshness: 'live',
      isLoading: false,
      error: new ChatError('unavailable'),
    }),
    'appointment-not-found': scene(shown(null)),
    'appointment-cached': scene(
      shown(detail({ role: null }), { freshness: 'cached', error: new ChatError('offline') }),
    ),
    'appointment-stale': scene(shown(detail(), { error: new ChatError('unavailable') })),
    'appointment-es': scene(shown(detail({ ...video, ...of(spanish) })), spanish),
    'appointment-fr': scene(shown(detail({ ...of(french) })), french),
    'appointment-ar': scene(shown(detail({ ...video, ...of(arabic) })), arabic),
    'appointment-ar-doctor': scene(shown(detail({ role: 'doctor', chat: everyone })), {
      ...doctor,
      locale: 'ar',
    }),
  }
}
