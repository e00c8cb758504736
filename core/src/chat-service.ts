/**
 * All that a signed-in person can do: the shell that holds their own topic and hands out rooms and lists, each
 * shared by however many screens show it.
 */
import type { AppointmentScope, ChatService, SingleAppointmentState } from './api.ts'
import { type Cache, openCache } from './cache.ts'
import { ChatError } from './chat-error.ts'
import { openSharedRoom, type SharedRoom } from './chat-room.ts'
import { createDrafts } from './draft-keeper.ts'
import type { Env } from './env.ts'
import { appointmentHandle, type Held, type ListHandle, listHandle, roomHandle } from './handles.ts'
import { appointmentOf, appointmentsOf, roomsOf } from './lists.ts'
import { createOutboxes } from './outboxes.ts'
import { createPoller } from './poller.ts'
import type { AppointmentPage, RoomPage } from './records.ts'
import { createServiceVerbs } from './service-verbs.ts'
import { createShared, type Shared } from './shared.ts'
import { openSharedList, type SharedList } from './shared-list.ts'
import { channelOf } from './tab-names.ts'
import { openTopicLink } from './topic-link.ts'
import type { TopicEvent, Transport } from './transport.ts'

export function openChatService(
  context: { env: Env; transport: Transport },
  userId: string,
  cache: Cache = openCache(context.env, userId),
): ChatService {
  const { env, transport } = context
  let isClosed = false

  // First of all: a socket that died with the network has to be gone before anything tries to use it again.
  const stopOnline = env.online.subscribe(() => {
    if (env.online.current) transport.dropSocket()
  })
  const tabs = env.tabs.join(channelOf(userId), told => {
    outboxes.hear(told)
    drafts.hear(told)
  })
  const outboxes = createOutboxes(context, userId, tabs.tell, listsChanged)
  const appointments: Shared<AppointmentScope, SharedList<AppointmentPage>> = createShared(scope =>
    openSharedList(env, appointmentsOf(transport, cache, scope), () => updatePolling()),
  )
  const single: Shared<string, SharedList<NonNullable<SingleAppointmentState['page']>>> = createShared(id =>
    openSharedList(env, appointmentOf(transport, cache, id), () => updatePolling()),
  )
  const roomLists: Shared<'rooms', SharedList<RoomPage>> = createShared(() =>
    openSharedList(env, roomsOf(transport, cache), () => updatePolling()),
  )
  const lists = () => [...appointments.values(), ...single.values(), ...roomLists.values()]
  const drafts = createDrafts(context, tabs.tell)
  const rooms: Shared<string, SharedRoom> = createShared(appointmentId =>
    openSharedRoom(context, appointmentId, {
      cache,
      outboxes,
      draft: drafts.hold(appointmentId),
      onOwnChange: listsChanged,
      onJoined: serverReached,
    }),
  )
  const link = openTopicLink(
    env,
    handlers => transport.join({ of: 'user', userId }, { ...handlers, onEvent: hear }),
    {
      onJoined() {
        serverReached()
        listsChanged()
        outboxes.tryNow()
      },
      onLost() {},
    },
  )
  const poller = createPoller(env, listsChanged)
  const undo = [
    stopOnline,
    link.connection.subscribe(updatePolling),
    env.online.subscribe(() => {
      if (!env.online.current) return
      listsChanged()
      outboxes.tryNow()
    }),
    env.visible.subscribe(() => {
      if (env.visible.current) listsChanged()
    }),
    transport.auth.onChange(change => {
      if (change.is !== 'token-refreshed') return
      serverReached()
      listsChanged()
      outboxes.tryNow()
      refreshRooms()
    }),
  ]

  /** Each topic waits by itself; one that gets through tells the others. */
  function serverReached(): void {
    link.serverReached()
    for (const room of rooms.values()) room.serverReached()
  }

  function refreshRooms(): void {
    for (const room of rooms.values()) room.refresh()
  }

  function listsChanged(): void {
    for (const list of lists()) list.dispatch({ is: 'changed' })
  }

  function updatePolling(): void {
    const open = lists()
    const isLive = link.connection.current.is === 'live'
    const isBehind = open.some(list => list.isBehind)
    poller.setPace(open.length === 0 ? 'off' : !isLive ? 'fast' : isBehind ? 'behind' : 'slow')
  }

  function hear(event: TopicEvent): void {
    listsChanged()
    switch (event.is) {
      case 'room-changed':
        cache.roomChanged(event.change)
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

  function hand<Shown>(held: Held<SharedList<Shown>> | null): ListHandle<Shown> {
    const handle = listHandle(held, updatePolling)
    updatePolling()
    return handle
  }

  return {
    connection: link.connection,
    openRoom: appointmentId => roomHandle(isClosed ? null : rooms.hold(appointmentId)),
    appointments: scope => hand(isClosed ? null : appointments.hold(scope)),
    appointment: id => appointmentHandle(hand(isClosed ? null : single.hold(id)), transport),
    rooms: () => hand(isClosed ? null : roomLists.hold('rooms')),
    ...createServiceVerbs(context, {
      check() {
        if (isClosed) throw new ChatError('unavailable', { detail: 'chat-closed' })
      },
      onAppointment(appointment) {
        listsChanged()
        for (const room of rooms.values()) room.appointmentAnswered(appointment)
      },
      onConsent: refreshRooms,
    }),
    reconnect() {
      if (isClosed) return
      link.reconnect()
      outboxes.tryNow()
      for (const room of rooms.values()) room.reconnect()
    },
    close() {
      if (isClosed) return
      isClosed = true
      cache.close()
      for (const each of undo) each()
      poller.close()
      link.close()
      rooms.close()
      outboxes.close()
      tabs.leave()
      appointments.close()
      single.close()
      roomLists.close()
    },
  }
}
