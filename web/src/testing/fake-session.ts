/**
 * A `Session` in memory, for examples and component tests: it shows the states it is given and answers every verb at
 * once. It checks nothing that the server checks.
 */
import {
  type Appointment,
  type AppointmentListState,
  type AppointmentScope,
  ChatError,
  type ChatRoom,
  type ChatService,
  type ChatState,
  type Clinic,
  type ConnectionState,
  type Consent,
  type Draft,
  type Message,
  type OutgoingMessage,
  type OutOfOffice,
  type Person,
  type Profile,
  type RoomListState,
  type Session,
  type SessionState,
  type SingleAppointmentState,
  type Store,
  validateDraft,
  verbsThrough,
} from '@bedside/core'

export interface FakeClinic {
  /** No inbox: an empty one. */
  lists: Record<Exclude<AppointmentScope, 'inbox'>, AppointmentListState> & { inbox?: AppointmentListState }
  /** By appointment; another one is not found. */
  rooms: Record<string, ChatState>
  /** One appointment by itself; another one is not found. */
  appointment?: SingleAppointmentState
  /** Who comes in with which email address; any other is refused. */
  accounts: Record<string, Profile>
  /** A page of what came before `seq`, ascending. Without one it is being loaded for ever. */
  history?(seq: number): readonly Message[]
  /** Without them they cannot be loaded. */
  colleagues?: Person[]
  /** Without one it cannot be loaded. */
  consent?(): Consent
  /** Who of the others has the rooms open. */
  present?: readonly string[]
  /** Without them they cannot be loaded. */
  settings?: Clinic
  /** Of the doctor who is signed in. Without one it cannot be loaded. */
  absence?: OutOfOffice | null
}

class Value<T> implements Store<T> {
  private readonly listeners = new Set<() => void>()
  current: T

  constructor(initial: T) {
    this.current = initial
  }

  readonly set = (value: T) => {
    this.current = value
    for (const listener of this.listeners) listener()
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }
}

const ANSWER_MS = 100

export interface FakeRoom extends ChatRoom {
  set(state: ChatState): void
}

export function createFakeRoom(
  initial: ChatState,
  { history, present = [] }: Pick<FakeClinic, 'history' | 'present'> = {},
): FakeRoom {
  const value = new Value(initial)
  let sent = 0
  const change = (update: (state: ChatState & { is: 'ready' }) => ChatState) => {
    if (value.current.is === 'ready') value.set(update(value.current))
  }
  const setState = (id: string, to: OutgoingMessage['state']) =>
    change(state => ({
      ...state,
      outgoing: state.outgoing.map(each => (each.id === id ? { ...each, state: to } : each)),
    }))
  return {
    get current() {
      return value.current
    },
    subscribe: value.subscribe,
    set: value.set,
    send: ({ body, replyTo = null }) => {
      const draft = validateDraft(body)
      if (draft.is === 'empty') throw new ChatError('message-empty')
      if (draft.is === 'too-long') throw new ChatError('message-too-long')
      sent += 1
      const id = `sent-${sent}`
      change(state => ({
        ...state,
        outgoing: [
          ...state.outgoing,
          { id, body: draft.body, replyTo, queuedAt: new Date().toISOString(), state: { is: 'sending' } },
        ],
      }))
      return id
    },
    retry: id => setState(id, { is: 'queued', waitsFor: 'turn' }),
    discard: id => change(state => ({ ...state, outgoing: state.outgoing.filter(each => each.id !== id) })),
    loadOlder: async () => {
      if (value.current.is !== 'ready' || value.current.isLoadingOlder) return
      change(state => ({ ...state, isLoadingOlder: true, olderError: null }))
      if (!history) return
      // A test that looks at what an answer moves says itself when it comes.
      do await new Promise(resolve => setTimeout(resolve, ANSWER_MS))
      while (document.documentElement.dataset.answers === 'held')
      change(state => {
        const messages = [...history(state.messages[0]?.seq ?? 1), ...state.messages]
        return { ...state, messages, hasOlder: (messages[0]?.seq ?? 1) > 1, isLoadingOlder: false }
      })
    },
    markRead: () => {},
    draft: new Value<Draft | null>({ body: '', replyTo: null }),
    saveDraft: () => {},
    typing: new Value<readonly string[]>([]),
    presence: new Value<readonly string[]>(present),
    setTyping: () => {},
    reconnect: () => {},
    ...verbsThrough(() => Promise.reject(notHere())),
    close: () => {},
  }
}

function notHere(): ChatError {
  return new ChatError('unavailable')
}

export function createFakeService(clinic: FakeClinic): ChatService {
  const connection = new Value<ConnectionState>({ is: 'live' })
  const rooms = new Map<string, FakeRoom>()
  let { absence } = clinic
  return {
    connection,
    appointments: scope => {
      const list = new Value(clinic.lists[scope] ?? listOf([]))
      const settled = () => Promise.resolve()
      return {
        get current() {
          return list.current
        },
        subscribe: list.subscribe,
        loadMore: settled,
        reload: settled,
        close: () => {},
      }
    },
    appointment: id => {
      const { appointment } = clinic
      const of = appointment?.page?.detail?.id ?? id
      const value = new Value<SingleAppointmentState>(
        appointment !== undefined && of === id
          ? appointment
          : { page: { detail: null }, freshness: 'live', isLoading: false, error: null },
      )
      const notChanged = () => Promise.reject(notHere())
      return {
        get current() {
          return value.current
        },
        subscribe: value.subscribe,
        reload: () => Promise.resolve(),
        addParticipant: notChanged,
        removeParticipant: notChanged,
        setStatus: notChanged,
        setPatientMayReply: notChanged,
        close: () => {},
      }
    },
    openRoom: appointmentId => {
      const known = rooms.get(appointmentId)
      if (known !== undefined) return known
      const room = createFakeRoom(
        clinic.rooms[appointmentId] ?? { is: 'failed', error: new ChatError('not-found') },
        clinic,
      )
      rooms.set(appointmentId, room)
      return room
    },
    rooms: () => {
      const list = new Value<RoomListState>({
        page: { rooms: [], hasMore: false },
        freshness: 'live',
        isLoading: false,
        error: null,
      })
      const settled = () => Promise.resolve()
      return {
        get current() {
          return list.current
        },
        subscribe: list.subscribe,
        loadMore: settled,
        reload: settled,
        close: () => {},
      }
    },
    setAppointmentStatus: () => Promise.reject(notHere()),
    clinic: () => (clinic.settings ? Promise.resolve(clinic.settings) : Promise.reject(notHere())),
    consent: () => (clinic.consent ? Promise.resolve(clinic.consent()) : Promise.reject(notHere())),
    acceptConsent: ({ version, locale }) => {
      const inForce = clinic.consent?.()
      return inForce?.version === version
        ? Promise.resolve({ ...inForce, acceptedAt: new Date().toISOString(), acceptedLocale: locale })
        : Promise.reject(new ChatError('conflict'))
    },
    publishConsent: texts => {
      const inForce = clinic.consent?.()
      if (!inForce) return Promise.reject(notHere())
      return Promise.resolve({ ...inForce, version: inForce.version + 1, texts })
    },
    colleagues: () => (clinic.colleagues ? Promise.resolve(clinic.colleagues) : Promise.reject(notHere())),
    quickReplies: {
      list: () => Promise.reject(notHere()),
      save: () => Promise.reject(notHere()),
      delete: () => Promise.reject(notHere()),
    },
    setOutOfOffice: ({ backAt, startsAt, note = null }) => {
      absence = { startsAt: startsAt ?? new Date().toISOString(), backAt, note }
      return Promise.resolve(absence)
    },
    clearOutOfOffice: () => {
      absence = null
      return Promise.resolve()
    },
    outOfOffice: () => (absence === undefined ? Promise.reject(notHere()) : Promise.resolve(absence)),
    reconnect: () => {},
    close: () => {},
  }
}

export function createFakeSession(clinic: FakeClinic, signedInAs: Profile | null): Session {
  const signedIn = (profile: Profile): SessionState => ({
    is: 'signed-in',
    profile,
    chat: createFakeService(clinic),
  })
  const value = new Value<SessionState>(
    signedInAs === null ? { is: 'signed-out', reason: 'none' } : signedIn(signedInAs),
  )
  return {
    get current() {
      return value.current
    },
    subscribe: value.subscribe,
    signIn: email => {
      const profile = clinic.accounts[email]
      if (profile === undefined) return Promise.reject(new ChatError('credentials-refused'))
      value.set(signedIn(profile))
      return Promise.resolve()
    },
    setLocale: async locale => {
      const { current } = value
      if (current.is === 'signed-in') value.set({ ...current, profile: { ...current.profile, locale } })
    },
    signOutEverywhere: () => Promise.reject(notHere()),
    signOut: () => {
      value.set({ is: 'signed-out', reason: 'signed-out' })
      return Promise.resolve()
    },
    close: () => {},
  }
}

export function listOf(appointments: Appointment[], hasMore = false): AppointmentListState {
  return { page: { appointments, hasMore }, freshness: 'live', isLoading: false, error: null }
}
