/**
 * One appointment's room on this device: the shell that lets its machines (`room-state`, `send-queue`, `receipts`,
 * `connection`) hear of one another and publishes one snapshot of them all. Shared by every screen that shows the
 * room; `chat-service.ts` hands it out and counts.
 */
import type { ChatState, ConnectionState, Draft, OutgoingMessage, RoomVerbs, Store } from './api.ts'
import type { Cache } from './cache.ts'
import type { CachedRoom } from './cached-room.ts'
import { ChatError } from './chat-error.ts'
import { chatStateOf, outgoingOf } from './chat-state.ts'
import { emptyDraft } from './draft.ts'
import type { HeldDraft } from './draft-keeper.ts'
import type { Env } from './env.ts'
import { openKeptRoom } from './kept-room.ts'
import { createLive } from './live.ts'
import { createMachine } from './machine.ts'
import type { Outboxes } from './outboxes.ts'
import { createPoller } from './poller.ts'
import { requireBody } from './presentation/validate-draft.ts'
import { createReceiptSender, type ReceiptSender } from './receipt-sender.ts'
import type { Appointment, Message, Participant } from './records.ts'
import {
  isBehind,
  isCatchingUp,
  type RoomEffect,
  type RoomEvent,
  type RoomState,
  reduceRoom,
  startRoom,
} from './room-state.ts'
import { createRoomVerbs, notOpen } from './room-verbs.ts'
import type { Entry, Hold } from './send-queue.ts'
import { createStore } from './store.ts'
import { lastSeqOf, lastSeqOfOthers } from './timeline.ts'
import { openTopicLink, type TopicLink } from './topic-link.ts'
import type { RoomChange, TopicEvent, Transport } from './transport.ts'

const PAGE_SIZE = 50
const CATCH_UP_SIZE = 100
const TIMER_MAX_MS = 2 ** 31 - 1
const CATCHING_UP: ConnectionState = { is: 'catching-up' }

export interface SharedRoom extends Store<ChatState>, RoomVerbs {
  send(draft: { body: string; replyTo?: string | null }): string
  retry(id: string): void
  discard(id: string): void
  loadOlder(): Promise<void>
  markRead(seq: number): void
  readonly draft: Store<Draft | null>
  saveDraft(draft: { body: string; replyTo?: string | null }): void
  readonly typing: Store<readonly string[]>
  readonly presence: Store<readonly string[]>
  setTyping(isTyping: boolean): void
  reconnect(): void
  serverReached(): void
  /** Heard on the person's own topic. */
  roomChanged(change: RoomChange): void
  appointmentChanged(appointmentId: string): void
  appointmentAnswered(appointment: Appointment): void
  /** Something may have been missed. */
  refresh(): void
  close(): void
}

export function openSharedRoom(
  context: { env: Env; transport: Transport },
  appointmentId: string,
  service: {
    cache: Cache
    outboxes: Outboxes
    draft: HeldDraft
    /** Something was changed that one's own lists show, and that nobody tells them. */
    onOwnChange(): void
    /** The room's topic: the server is there again. */
    onJoined(): void
  },
): SharedRoom {
  const { env, transport } = context
  const { cache, draft, onOwnChange } = service
  let isClosed = false
  let link: TopicLink | null = null
  let receipts: ReceiptSender | null = null
  const live = createLive(context)
  let people: readonly Participant[] = []
  let replyTimer: { until: string; clear(): void } | null = null
  let olderWaiters: (() => void)[] = []
  /** Of what was read before there was anybody to tell it to. */
  let seenEarly = 0

  const machine = createMachine<RoomState, RoomEvent, RoomEffect>({
    initial: startRoom.state,
    reduce: reduceRoom,
    perform,
    onChange: settle,
  })
  const dispatch = (event: RoomEvent) => {
    if (!isClosed) machine.dispatch(event)
  }
  const outbox = service.outboxes.hold({
    accepted: take,
    refused: error => {
      if (error.kind === 'reply-blocked') dispatch({ is: 'refresh-asked' })
    },
    changed: settle,
  })
  const poller = createPoller(env, () => dispatch({ is: 'refresh-asked' }))
  const store = createStore<ChatState>({ is: 'loading' })
  const kept = openKeptRoom(cache, appointmentId, settle)
  const undo = [
    env.visible.subscribe(() => {
      if (env.visible.current) dispatch({ is: 'catch-up-asked' })
    }),
    env.online.subscribe(() => {
      settle()
      if (env.online.current) resume()
    }),
  ]

  function resume(): void {
    dispatch({ is: 'refresh-asked' })
    outbox.dispatch({ is: 'resumed' })
  }

  function perform(effect: RoomEffect): void {
    switch (effect.do) {
      case 'open':
        transport.openRoom(appointmentId).then(
          opened => {
            dispatch({ is: 'opened', opened })
            draft.tell(opened.draft)
          },
          (error: ChatError) => dispatch({ is: 'open-failed', error }),
        )
        return
      case 'join':
        link?.close()
        link = joinRoom(effect)
        if (machine.state.is === 'open') live.join({ ...effect, me: machine.state.me })
        link.connection.subscribe(settle)
        return
      case 'leave':
        leave()
        return
      case 'load-newer': {
        const { roomId, afterSeq } = effect
        const query =
          afterSeq === null ? { roomId, pageSize: PAGE_SIZE } : { roomId, afterSeq, pageSize: CATCH_UP_SIZE }
        transport.listMessages(query).then(
          page => dispatch({ is: 'newer-loaded', page }),
          (error: ChatError) => dispatch({ is: 'newer-failed', error }),
        )
        return
      }
      case 'load-older': {
        const { roomId, beforeSeq } = effect
        transport.listMessages({ roomId, beforeSeq, pageSize: PAGE_SIZE }).then(
          page => dispatch({ is: 'older-loaded', page }),
          (error: ChatError) => dispatch({ is: 'older-failed', error }),
        )
        return
      }
      case 'load-changes': {
        const { roomId, afterChange } = effect
        transport.listChanges({ roomId, afterChange, pageSize: CATCH_UP_SIZE }).then(
          page => dispatch({ is: 'changes-loaded', page }),
          (error: ChatError) => dispatch({ is: 'changes-failed', error }),
        )
        return
      }
    }
  }

  function joinRoom({ roomId, epoch }: { roomId: string; epoch: number }): TopicLink {
    return openTopicLink(
      env,
      handlers => transport.join({ of: 'room', roomId, epoch }, { ...handlers, onEvent: hear }),
      {
        onJoined() {
          service.onJoined()
          dispatch({ is: 'joined' })
          service.outboxes.tryNow()
        },
        onLost(error) {
          // Not let in: the epoch or our place in the room is another one. The fetch tells which.
          if (error.kind === 'forbidden') dispatch({ is: 'catch-up-asked' })
        },
      },
    )
  }

  function take(message: Message): void {
    dispatch({ is: 'message-received', message })
    // The others' own topics tell them; nobody tells the sender.
    if (machine.state.is === 'open' && message.senderId === machine.state.me) onOwnChange()
  }

  function hear(event: TopicEvent): void {
    switch (event.is) {
      case 'message':
        take(event.message)
        if (event.message.senderId !== null) live.wrote(event.message.senderId)
        return
      case 'message-changed':
        dispatch({ is: 'message-changed', message: event.message })
        return
      case 'receipt':
        dispatch({ is: 'receipt-received', receipt: event.receipt })
        return
      case 'room-changed':
        dispatch({ is: 'room-changed', change: event.change, isCertain: true })
        return
      case 'appointment-changed':
        dispatch({ is: 'appointment-changed' })
        return
      case 'hint':
        dispatch({ is: 'refresh-asked' })
        return
    }
  }

  function leave(): void {
    link?.close()
    link = null
    live.close()
    draft.release(machine.state.is !== 'revoked')
    outbox.release()
    receipts?.close()
    replyTimer?.clear()
    replyTimer = null
    poller.close()
    for (const each of undo) each()
  }

  let isSettling = false
  let isDirty = false
  /** Runs the rules between the machines until nothing moves, then publishes once. */
  function settle(): void {
    isDirty = true
    if (isSettling || isClosed) return
    isSettling = true
    while (isDirty) {
      isDirty = false
      const room = machine.state
      if (room.is === 'open') {
        outbox.open(room.room.id)
        draft.open({ userId: room.me, roomId: room.room.id })
        confirm(room)
        tellReceipts(room)
        tellPeople(room)
        watchReplyWindow(room.room.replyUntil)
      } else if (kept.cached) {
        outbox.open(kept.cached.room.id)
        draft.open({ userId: kept.cached.me, roomId: kept.cached.room.id })
      }
      kept.follow(room)
      if (room.is !== 'revoked') {
        const isLive = link?.connection.current.is === 'live'
        poller.setPace(room.is === 'opening' ? 'off' : !isLive ? 'fast' : isBehind(room) ? 'behind' : 'slow')
      }
      if (room.is !== 'open' || room.older.is !== 'loading') wakeOlderWaiters()
    }
    isSettling = false
    publish()
  }

  /** A message that has its place among the others is no outgoing one any more. */
  function confirm({ timeline }: RoomState & { is: 'open' }): void {
    if (!timeline.isLoaded || outbox.entries.length === 0) return
    const last = lastSeqOf(timeline)
    const placed = new Set(timeline.messages.map(message => message.id))
    for (const { id, stage } of outbox.entries) {
      // Sent at an earlier visit, it may lie in the past that is not loaded.
      const isPast = stage.is === 'sent' && stage.seq <= last
      if (isPast || placed.has(id)) outbox.dispatch({ is: 'shown', id })
    }
  }

  function tellReceipts({ me, room, timeline }: RoomState & { is: 'open' }): void {
    if (!timeline.isLoaded) return
    receipts ??= createReceiptSender(context, room.id, cursors => {
      dispatch({ is: 'receipt-received', receipt: { userId: me, ...cursors } })
      onOwnChange()
    })
    const mine = room.participants.find(each => each.id === me)
    if (!mine) return
    const { deliveredSeq, readSeq } = mine
    receipts.dispatch({ is: 'held', cursors: { deliveredSeq, readSeq } })
    const seen = seenEarly === 0 ? 0 : lastSeqOfOthers(timeline, me, seenEarly)
    seenEarly = 0
    receipts.dispatch({ is: 'seen', deliveredSeq: lastSeqOfOthers(timeline, me), readSeq: seen })
  }

  function tellPeople({ me, room }: RoomState & { is: 'open' }): void {
    if (room.participants === people) return
    people = room.participants
    live.setOthers(people.filter(each => each.id !== me && each.leftAt === null).map(each => each.id))
  }

  function watchReplyWindow(until: string | null): void {
    if (replyTimer?.until === until) return
    replyTimer?.clear()
    replyTimer = null
    const ms = until === null ? Number.NaN : Date.parse(until) - env.now()
    if (until === null || !(ms > 0)) return
    const clear = env.setTimer(
      () => {
        replyTimer = null
        dispatch({ is: 'refresh-asked' })
      },
      Math.min(ms, TIMER_MAX_MS),
    )
    replyTimer = { until, clear }
  }

  function wakeOlderWaiters(): void {
    const waiters = olderWaiters
    olderWaiters = []
    for (const wake of waiters) wake()
  }

  let shown: {
    room: RoomState
    entries: readonly Entry[]
    hold: Hold
    connection: ConnectionState
    cached: CachedRoom | null
  } | null = null
  let outgoing: readonly OutgoingMessage[] = []
  function publish(): void {
    const room = machine.state
    const { entries, hold } = outbox
    const { cached } = kept
    const joined = link?.connection.current ?? withoutLink(room)
    const connection = joined.is === 'live' && isCatchingUp(room) ? CATCHING_UP : joined
    const isSameQueue = shown?.entries === entries && shown.hold === hold
    const isSame = shown?.room === room && isSameQueue && shown?.cached === cached
    if (isSame && shown?.connection.is === connection.is) {
      if (shown.connection === connection || connection.is !== 'reconnecting') return
    }
    if (!isSameQueue) outgoing = outgoingOf(entries, hold)
    shown = { room, entries, hold, connection, cached }
    store.set(chatStateOf(room, outgoing, connection, cached))
  }

  function withoutLink(room: RoomState): ConnectionState {
    if (!env.online.current) return { is: 'offline' }
    return room.is === 'failed' ? { is: 'reconnecting', attempt: 1, nextTryAt: null } : { is: 'connecting' }
  }

  for (const effect of startRoom.effects) perform(effect)
  settle()

  return {
    get current() {
      return store.current
    },
    subscribe: store.subscribe,
    send(message) {
      const body = requireBody(message.body)
      if (machine.state.is === 'revoked') throw new ChatError('not-found')
      const id = env.randomId()
      const queuedAt = new Date(env.now()).toISOString()
      live.setTyping(false)
      draft.type(emptyDraft)
      outbox.dispatch({ is: 'typed', id, body, replyTo: message.replyTo ?? null, queuedAt })
      return id
    },
    retry: id => outbox.dispatch({ is: 'retry-asked', id }),
    discard: id => outbox.dispatch({ is: 'discard-asked', id }),
    loadOlder() {
      dispatch({ is: 'older-asked' })
      const { state } = machine
      if (isClosed || state.is !== 'open' || state.older.is !== 'loading') return Promise.resolve()
      return new Promise(resolve => olderWaiters.push(resolve))
    },
    markRead(seq) {
      if (machine.state.is !== 'open' || !receipts) {
        seenEarly = Math.max(seenEarly, seq)
        return
      }
      const readSeq = lastSeqOfOthers(machine.state.timeline, machine.state.me, seq)
      receipts.dispatch({ is: 'seen', deliveredSeq: readSeq, readSeq })
    },
    draft,
    saveDraft({ body, replyTo }) {
      draft.type({ body, replyTo: replyTo ?? null })
    },
    typing: live.typing,
    presence: live.presence,
    setTyping(isTyping) {
      if (!isClosed) live.setTyping(isTyping)
    },
    serverReached() {
      link?.serverReached()
      live.serverReached()
    },
    reconnect() {
      link?.reconnect()
      live.reconnect()
      resume()
      service.outboxes.tryNow()
    },
    ...createRoomVerbs(transport, {
      roomId() {
        const { state } = machine
        if (state.is === 'open' && !isClosed) return state.room.id
        throw state.is === 'revoked' ? new ChatError('not-found') : notOpen()
      },
      dispatch,
      onOwnChange,
    }),
    appointmentAnswered: appointment => dispatch({ is: 'appointment-answered', appointment }),
    roomChanged: change => dispatch({ is: 'room-changed', change, isCertain: false }),
    appointmentChanged(changed) {
      if (changed === appointmentId) dispatch({ is: 'appointment-changed' })
    },
    refresh: resume,
    close() {
      if (isClosed) return
      isClosed = true
      kept.close()
      leave()
      wakeOlderWaiters()
      store.set({ is: 'loading' })
    },
  }
}
