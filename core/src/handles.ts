/**
 * Each screen's own handle of what several share: closing it does nothing to the others, and afterwards it does nothing
 * and tells nobody.
 */
import type {
  ChatRoom,
  ChatState,
  RoomVerbs,
  SingleAppointment,
  SingleAppointmentState,
  Store,
} from './api.ts'
import type { SharedRoom } from './chat-room.ts'
import { createRoomVerbs, notOpen } from './room-verbs.ts'
import type { SharedList, ShownList } from './shared-list.ts'
import type { Transport } from './transport.ts'

export interface Held<Value> {
  value: Value
  release(): void
}

export interface ListHandle<Shown> extends Store<ShownList<Shown>> {
  loadMore(): Promise<void>
  reload(): Promise<void>
  close(): void
}

/** null: there is none to be had any more. */
export function roomHandle(held: Held<SharedRoom> | null): ChatRoom {
  const handle = createHandle<ChatState, SharedRoom>(held, { is: 'loading' })
  const { ifOpen } = handle
  return {
    get current() {
      return handle.current
    },
    subscribe: handle.subscribe,
    // Nobody hears a message that is written after leaving.
    send: draft => ifOpen(room => room.send(draft)) ?? '',
    retry: id => ifOpen(room => room.retry(id)),
    discard: id => ifOpen(room => room.discard(id)),
    loadOlder: async () => await ifOpen(room => room.loadOlder()),
    markRead: seq => ifOpen(room => room.markRead(seq)),
    draft: handle.part(room => room.draft, null),
    saveDraft: draft => ifOpen(room => room.saveDraft(draft)),
    typing: handle.part(room => room.typing, []),
    presence: handle.part(room => room.presence, []),
    setTyping: isTyping => ifOpen(room => room.setTyping(isTyping)),
    reconnect: () => ifOpen(room => room.reconnect()),
    ...verbsThrough(verb => ifOpen(verb) ?? Promise.reject(notOpen())),
    close: () => handle.close(),
  }
}

export function listHandle<Shown>(
  held: Held<SharedList<Shown>> | null,
  onReleased: () => void,
): ListHandle<Shown> {
  const handle = createHandle<ShownList<Shown>, SharedList<Shown>>(held, {
    page: null,
    freshness: 'live',
    isLoading: false,
    error: null,
  })
  const ask = async (is: 'reload-asked' | 'more-asked') =>
    await handle.ifOpen(async list => {
      list.dispatch({ is })
      await list.settled()
    })
  return {
    get current() {
      return handle.current
    },
    subscribe: handle.subscribe,
    loadMore: () => ask('more-asked'),
    reload: () => ask('reload-asked'),
    close() {
      if (handle.close()) Promise.resolve().then(onReleased)
    },
  }
}

/** The verbs of its room, of which nothing else is open. */
export function appointmentHandle(
  list: ListHandle<NonNullable<SingleAppointmentState['page']>>,
  transport: Transport,
): SingleAppointment {
  let isClosed = false
  const { close } = list
  const verbs = createRoomVerbs(transport, {
    roomId() {
      const id = isClosed ? undefined : list.current.page?.detail?.chat?.id
      if (id === undefined) throw notOpen()
      return id
    },
    dispatch() {},
    onOwnChange() {},
  })
  return Object.assign(list, {
    // A refusal, too, says that it is not as it was shown.
    ...verbsThrough(verb => verb(verbs).finally(list.reload)),
    close() {
      isClosed = true
      close()
    },
  })
}

/** The verbs of a room, each through `ask`, which knows the room of the moment. */
export function verbsThrough(
  ask: <Answer>(verb: (room: RoomVerbs) => Promise<Answer>) => Promise<Answer>,
): RoomVerbs {
  const through = (name: keyof RoomVerbs) => {
    const verb = (...args: never[]) =>
      ask(room => (room[name] as (...args: never[]) => Promise<unknown>)(...args))
    return [name, verb] as const
  }
  return Object.fromEntries(VERBS.map(through)) as unknown as RoomVerbs
}

/** One entry each: the compiler counts them. */
const VERBS = Object.keys({
  edit: 0,
  retract: 0,
  versionsOf: 0,
  receiptsOf: 0,
  search: 0,
  addParticipant: 0,
  removeParticipant: 0,
  setStatus: 0,
  setPatientMayReply: 0,
  mute: 0,
  canReply: 0,
  accessLog: 0,
} satisfies Record<keyof RoomVerbs, 0>) as (keyof RoomVerbs)[]

function createHandle<State, Value extends Store<State>>(held: Held<Value> | null, closed: State) {
  const subscriptions = new Set<() => void>()
  let isClosed = held === null

  /** A store within it. */
  function part<T>(of: (value: Value) => Store<T>, closed: T): Store<T> {
    return {
      get current() {
        return held === null ? closed : of(held.value).current
      },
      subscribe(listener) {
        if (isClosed || held === null) return () => {}
        const unsubscribe = of(held.value).subscribe(listener)
        subscriptions.add(unsubscribe)
        return () => {
          subscriptions.delete(unsubscribe)
          unsubscribe()
        }
      },
    }
  }

  const whole = part<State>(value => value, closed)
  return {
    get current() {
      return whole.current
    },
    subscribe: whole.subscribe,
    part,
    ifOpen<Answer>(run: (value: Value) => Answer): Answer | undefined {
      return isClosed || held === null ? undefined : run(held.value)
    },
    /** Whether it was open. */
    close(): boolean {
      if (isClosed || held === null) return false
      isClosed = true
      for (const unsubscribe of subscriptions) unsubscribe()
      held.release()
      return true
    },
  }
}
