/**
 * Topics as memberships with one end. A channel that fails is thrown away, never left to rejoin by itself: it would
 * do so with the token it once had. Whoever wants the topic joins again, and gets a new channel with a fresh token.
 *
 * Must never happen: two channels of one topic at once (realtime-js hands out the old one, which is leaving); a
 * channel that tears down another's.
 */
import type { RealtimeChannel, RealtimeChannelOptions, RealtimeClient } from '@supabase/supabase-js'
import type {
  LiveHandlers,
  LiveMembership,
  LiveTopic,
  MembershipHandlers,
  Topic,
  TopicHandlers,
} from '../transport.ts'
import type { Auth } from './auth.ts'
import { fromSocket, toChatError } from './failures.ts'
import { read } from './schema.ts'
import type { Socket } from './socket.ts'
import { parseTopicEvent, REPLICATION_READY, systemSchema, typingSchema } from './wire.ts'

export interface Channels {
  join(topic: Topic, handlers: TopicHandlers): () => void
  joinLive(topic: LiveTopic, handlers: LiveHandlers): LiveMembership
  dropAll(): void
}

interface Membership {
  lose(reason: string): void
}

interface OpenMembership {
  leave(): void
  send(message: { type: 'broadcast' | 'presence'; event: string; payload: object }): void
}

const TYPING = 'typing'

export function createChannels(parts: {
  realtime: RealtimeClient
  socket: Socket
  auth: Auth
  isOnline(): boolean
}): Channels {
  const { realtime, socket, auth } = parts
  const memberships = new Set<Membership>()
  const leaving = new Map<string, Promise<unknown>>()
  /** The server called the last token bad: the next one has to be new, whatever its own date says. */
  let isTokenDoubted = false

  async function prepare(name: string): Promise<void> {
    await leaving.get(name)
    auth.tryAgain()
    const token = isTokenDoubted ? await auth.renewToken() : await auth.token()
    isTokenDoubted = false
    await socket.open()
    await realtime.setAuth(token)
  }

  /** `bind`: what is listened to. */
  function open(
    name: string,
    options: RealtimeChannelOptions,
    handlers: MembershipHandlers & { onReady?(): void },
    bind: (channel: RealtimeChannel, ifOpen: (run: () => void) => void) => void,
  ): OpenMembership {
    let isOver = false
    let isJoined = false
    let channel: RealtimeChannel | null = null

    const end = () => {
      isOver = true
      memberships.delete(membership)
      if (!channel) return
      const gone = realtime.removeChannel(channel).finally(() => {
        if (leaving.get(name) === gone) leaving.delete(name)
      })
      leaving.set(name, gone)
    }
    const lose = (cause: unknown) => {
      if (isOver) return
      const error = typeof cause === 'string' ? fromSocket(cause) : toChatError(cause, parts.isOnline())
      if (error.kind === 'not-signed-in' && error.detail === 'socket') isTokenDoubted = true
      end()
      handlers.onLost(error)
    }
    const membership: Membership = { lose }
    memberships.add(membership)

    const subscribe = () => {
      if (isOver) return
      channel = realtime.channel(name, options)
      const ifOpen = (run: () => void) => {
        if (!isOver) run()
      }
      bind(channel, ifOpen)
      channel.on('system', {}, (payload: unknown) =>
        ifOpen(() => {
          const system = read(systemSchema, payload)
          if (!system) return
          if (system.value.status === 'error') lose(system.value.message)
          else if (system.value.message === REPLICATION_READY) handlers.onReady?.()
        }),
      )
      channel.subscribe((status, error) => {
        if (isOver) return
        if (status === 'SUBSCRIBED') {
          if (isJoined) return
          isJoined = true
          handlers.onJoined()
        } else {
          lose(error?.message ?? status)
        }
      })
    }
    prepare(name).then(subscribe).catch(lose)
    return {
      leave() {
        if (!isOver) end()
      },
      send(message) {
        // realtime-js would send by HTTP what it cannot send by the socket, and write so to the console.
        if (channel && isJoined && !isOver && realtime.isConnected()) channel.send(message).catch(() => {})
      },
    }
  }

  function join(topic: Topic, handlers: TopicHandlers): () => void {
    const broadcast = { self: false, ack: false, replication_ready: true }
    // Until it is ready the database's broadcasts may not have reached us, joined or not.
    const onReady = () => handlers.onEvent({ is: 'hint' })
    const options = { config: { private: true, broadcast } }
    return open(nameOf(topic), options, { ...handlers, onReady }, (channel, ifOpen) => {
      channel.on('broadcast', { event: '*' }, ({ event, payload }: { event: string; payload?: unknown }) =>
        ifOpen(() => {
          const parsed = parseTopicEvent(event, payload)
          if (parsed) handlers.onEvent(parsed)
        }),
      )
    }).leave
  }

  function joinLive({ roomId, epoch, me }: LiveTopic, handlers: LiveHandlers): LiveMembership {
    const broadcast = { self: false, ack: false }
    const presence = { key: me, enabled: true }
    const membership = open(
      `live:${roomId}:${epoch}`,
      { config: { private: true, broadcast, presence } },
      {
        onJoined() {
          // Once: of a key that is tracked again realtime-js keeps the old entry when it leaves.
          membership.send({ type: 'presence', event: 'track', payload: {} })
          handlers.onJoined()
        },
        onLost: handlers.onLost,
      },
      (channel, ifOpen) => {
        channel
          .on('broadcast', { event: TYPING }, ({ payload }: { payload?: unknown }) =>
            ifOpen(() => {
              const told = read(typingSchema, payload)
              if (told) handlers.onEvent({ is: 'typing-told', ...told.value })
            }),
          )
          .on('presence', { event: 'sync' }, () =>
            ifOpen(() =>
              handlers.onEvent({ is: 'presence-told', userIds: Object.keys(channel.presenceState()) }),
            ),
          )
      },
    )
    return {
      leave: membership.leave,
      tellTyping: isTyping =>
        membership.send({
          type: 'broadcast',
          event: TYPING,
          payload: { user_id: me, is_typing: isTyping },
        }),
    }
  }

  return {
    join,
    joinLive,
    dropAll() {
      for (const { lose } of [...memberships]) lose('socket dropped')
      socket.drop()
    },
  }
}

function nameOf(topic: Topic): string {
  return topic.of === 'room' ? `room:${topic.roomId}:${topic.epoch}` : `user:${topic.userId}`
}
