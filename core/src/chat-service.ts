/**
 * All that a signed-in person can do: the shell that holds their own topic and hands out rooms and lists, each
 * shared by however many screens show it.
 */
import type { AppointmentList, AppointmentScope, ChatRoom, ChatService } from './api.ts'
import { openSharedRoom, type SharedRoom } from './chat-room.ts'
import type { Env } from './env.ts'
import { createPoller } from './poller.ts'
import { createShared, type Shared } from './shared.ts'
import { openSharedList, type SharedList } from './shared-list.ts'
import { openTopicLink } from './topic-link.ts'
import type { TopicEvent, Transport } from './transport.ts'

export function openChatService(context: { env: Env; transport: Transport }, userId: string): ChatService {
  const { env, transport } = context
  let isClosed = false

  // First of all: a socket that died with the network has to be gone before anything tries to use it again.
  const stopOnline = env.online.subscribe(() => {
    if (env.online.current) transport.dropSocket()
  })
  const lists: Shared<AppointmentScope, SharedList> = createShared(scope =>
    openSharedList(context, scope, () => updatePolling()),
  )
  const rooms: Shared<string, SharedRoom> = createShared(appointmentId =>
    openSharedRoom(context, appointmentId, listsChanged),
  )
  const link = openTopicLink(
    context,
    { of: 'user', userId },
    { onJoined: listsChanged, onEvent: hear, onLost() {} },
  )
  const poller = createPoller(env, listsChanged)
  const undo = [
    stopOnline,
    link.connection.subscribe(updatePolling),
    env.online.subscribe(() => {
      if (env.online.current) listsChanged()
    }),
    env.visible.subscribe(() => {
      if (env.visible.current) listsChanged()
    }),
    transport.auth.onChange(change => {
      if (change.is !== 'token-refreshed') return
      listsChanged()
      for (const room of rooms.values()) room.refresh()
    }),
  ]

  function listsChanged(): void {
    for (const list of lists.values()) list.dispatch({ is: 'changed' })
  }

  function updatePolling(): void {
    const open = lists.values()
    const isLive = link.connection.current.is === 'live'
    const isFast = !isLive || open.some(list => list.isBehind)
    poller.setPace(open.length === 0 ? 'off' : isFast ? 'fast' : 'slow')
  }

  function hear(event: TopicEvent): void {
    listsChanged()
    switch (event.is) {
      case 'room-changed':
        for (const room of rooms.values()) room.roomChanged(event.change)
        return
      case 'appointment-changed':
        for (const room of rooms.values()) room.appointmentChanged(event.appointmentId)
        return
      case 'message':
      case 'message-changed':
      case 'receipt':
      case 'hint':
        return
    }
  }

  return {
    connection: link.connection,
    openRoom: appointmentId => (isClosed ? closedRoom : roomHandle(rooms.hold(appointmentId))),
    appointments(scope) {
      if (isClosed) return closedList
      const handle = listHandle(lists.hold(scope), updatePolling)
      updatePolling()
      return handle
    },
    reconnect() {
      if (isClosed) return
      link.reconnect()
      for (const room of rooms.values()) room.reconnect()
    },
    close() {
      if (isClosed) return
      isClosed = true
      for (const each of undo) each()
      poller.close()
      link.close()
      rooms.close()
      lists.close()
    },
  }
}

const closedRoom: ChatRoom = {
  current: { is: 'loading' },
  subscribe: () => () => {},
  send: () => '',
  retry() {},
  discard() {},
  loadOlder: async () => {},
  markRead() {},
  reconnect() {},
  close() {},
}

const closedList: AppointmentList = {
  current: { page: null, isLoading: false, error: null },
  subscribe: () => () => {},
  loadMore: async () => {},
  reload: async () => {},
  close() {},
}

/** Each screen's own handle: closing it does nothing to the others. */
function roomHandle({ value: room, release }: { value: SharedRoom; release(): void }): ChatRoom {
  const subscriptions = new Set<() => void>()
  let isClosed = false
  const ifOpen = (run: () => void) => {
    if (!isClosed) run()
  }
  return {
    get current() {
      return room.current
    },
    subscribe: listener => subscribeUntilClosed(room, listener, subscriptions, isClosed),
    // Nobody hears a message that is written after leaving.
    send: draft => (isClosed ? '' : room.send(draft)),
    retry: id => ifOpen(() => room.retry(id)),
    discard: id => ifOpen(() => room.discard(id)),
    loadOlder: async () => {
      if (!isClosed) await room.loadOlder()
    },
    markRead: seq => ifOpen(() => room.markRead(seq)),
    reconnect: () => ifOpen(room.reconnect),
    close: () =>
      ifOpen(() => {
        isClosed = true
        for (const unsubscribe of subscriptions) unsubscribe()
        release()
      }),
  }
}

function listHandle(
  { value: list, release }: { value: SharedList; release(): void },
  onReleased: () => void,
): AppointmentList {
  const subscriptions = new Set<() => void>()
  let isClosed = false
  const ask = async (is: 'reload-asked' | 'more-asked') => {
    if (isClosed) return
    list.dispatch({ is })
    await list.settled()
  }
  return {
    get current() {
      return list.current
    },
    subscribe: listener => subscribeUntilClosed(list, listener, subscriptions, isClosed),
    loadMore: () => ask('more-asked'),
    reload: () => ask('reload-asked'),
    close() {
      if (isClosed) return
      isClosed = true
      for (const unsubscribe of subscriptions) unsubscribe()
      release()
      Promise.resolve().then(onReleased)
    },
  }
}

function subscribeUntilClosed(
  store: { subscribe(listener: () => void): () => void },
  listener: () => void,
  subscriptions: Set<() => void>,
  isClosed: boolean,
): () => void {
  if (isClosed) return () => {}
  const unsubscribe = store.subscribe(listener)
  subscriptions.add(unsubscribe)
  return () => {
    subscriptions.delete(unsubscribe)
    unsubscribe()
  }
}
