/**
 * Topics as memberships with one end. A channel that fails is thrown away, never left to rejoin by itself: it would
 * do so with the token it once had. Whoever wants the topic joins again, and gets a new channel with a fresh token.
 *
 * Must never happen: two channels of one topic at once (realtime-js hands out the old one, which is leaving); a
 * channel that tears down another's.
 */
import type { RealtimeChannel, RealtimeClient } from '@supabase/supabase-js'
import * as v from 'valibot'
import type { Topic, TopicHandlers } from '../transport.ts'
import type { Auth } from './auth.ts'
import { fromSocket, toChatError } from './failures.ts'
import type { Socket } from './socket.ts'
import { parseTopicEvent, REPLICATION_READY, systemSchema } from './wire.ts'

export interface Channels {
  join(topic: Topic, handlers: TopicHandlers): () => void
  dropAll(): void
}

interface Membership {
  lose(reason: string): void
}

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

  function join(topic: Topic, handlers: TopicHandlers): () => void {
    const name = nameOf(topic)
    let isOver = false
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
      let isJoined = false
      channel = realtime.channel(name, {
        config: { private: true, broadcast: { self: false, ack: false, replication_ready: true } },
      })
      channel
        .on('broadcast', { event: '*' }, ({ event, payload }: { event: string; payload?: unknown }) => {
          const parsed = isOver ? null : parseTopicEvent(event, payload)
          if (parsed) handlers.onEvent(parsed)
        })
        .on('system', {}, (payload: unknown) => {
          const system = v.safeParse(systemSchema, payload)
          if (isOver || !system.success) return
          if (system.output.status === 'error') lose(system.output.message)
          // Until then the database's broadcasts may not have reached us, joined or not.
          else if (system.output.message === REPLICATION_READY) handlers.onEvent({ is: 'hint' })
        })
        .subscribe((status, error) => {
          if (isOver) return
          if (status === 'SUBSCRIBED') {
            if (!isJoined) handlers.onJoined()
            isJoined = true
          } else {
            lose(error?.message ?? status)
          }
        })
    }
    prepare(name).then(subscribe).catch(lose)
    return () => {
      if (!isOver) end()
    }
  }

  return {
    join,
    dropAll() {
      for (const { lose } of [...memberships]) lose('socket dropped')
      socket.drop()
    },
  }
}

function nameOf(topic: Topic): string {
  return topic.of === 'room' ? `room:${topic.roomId}:${topic.epoch}` : `user:${topic.userId}`
}
