/** A chat that answers by itself, without a server: what is typed is sent, what is edited is edited. */
import { ChatError, type Message, type ReadyChat, verbsThrough } from '@bedside/core'
import type { ChatVerbs } from '@bedside/react'
import { useMemo, useState } from 'react'
import { message, outgoing, patient, readyChat } from '../src/testing/clinic.ts'

const SENDING_MS = 900
const MINUTE_MS = 60_000

export function useLiveChat(start: Partial<ReadyChat> = {}): { chat: ReadyChat; actions: ChatVerbs } {
  const [chat, setChat] = useState(() => readyChat(start))
  const actions = useMemo<ChatVerbs>(() => {
    const change = (id: string, by: (found: Message) => Message) => {
      setChat(now => ({ ...now, messages: now.messages.map(each => (each.id === id ? by(each) : each)) }))
      return Promise.resolve(message(0, patient.id, null))
    }
    const arrive = (id: string, body: string, replyTo: string | null) =>
      setChat(now => ({
        ...now,
        outgoing: now.outgoing.filter(each => each.id !== id),
        messages: [
          ...now.messages,
          message((now.messages.at(-1)?.seq ?? 0) + 1, now.me, body, {
            ...{ id, replyTo, createdAt: new Date().toISOString() },
          }),
        ],
      }))
    return {
      ...verbsThrough(() => Promise.reject(new ChatError('unavailable'))),
      // Whoever has it has it since a minute ago.
      receiptsOf: () => {
        const at = new Date(Date.now() - MINUTE_MS).toISOString()
        return Promise.resolve(
          chat.room.participants.map(({ id }) => ({ userId: id, deliveredAt: at, readAt: at })),
        )
      },
      send: ({ body, replyTo = null }) => {
        const id = crypto.randomUUID()
        const waiting = { ...outgoing(id, body, { is: 'sending' }), replyTo }
        setChat(now => ({ ...now, outgoing: [...now.outgoing, waiting] }))
        setTimeout(() => arrive(id, body, replyTo), SENDING_MS)
        return id
      },
      edit: (id, body) => change(id, found => ({ ...found, body, editedAt: new Date().toISOString() })),
      retract: id => change(id, found => ({ ...found, body: null, retractedAt: new Date().toISOString() })),
      retry: id => arrive(id, chat.outgoing.find(each => each.id === id)?.body ?? '', null),
      discard: id => setChat(now => ({ ...now, outgoing: now.outgoing.filter(each => each.id !== id) })),
      loadOlder: () => Promise.resolve(),
      markRead: () => {},
      saveDraft: () => {},
      setTyping: () => {},
      reconnect: () => {},
    }
  }, [chat.outgoing, chat.room.participants])
  return { chat, actions }
}
