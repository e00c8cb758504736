import {
  ChatError,
  type ChatRoom,
  type ChatService,
  type ChatState,
  type Draft,
  type Store,
  verbsThrough,
} from '@bedside/core'
import { useCallback, useMemo } from 'react'
import { useOpened } from './use-opened.ts'

/** What a screen may ask of a room: the verbs of `ChatRoom`, the same functions from render to render. */
export type ChatVerbs = Omit<ChatRoom, 'current' | 'subscribe' | 'draft' | 'typing' | 'presence' | 'close'>

export interface Chat {
  state: ChatState
  actions: ChatVerbs
  /** What this person was writing; the same store from render to render, so that a keystroke renders nobody else. */
  draft: Store<Draft | null>
}

const notOpen = () => new ChatError('unavailable', { detail: 'room-not-open' })
const LOADING: ChatState = { is: 'loading' }

/**
 * The appointment's room, open while the component is on the screen. Before and after, its verbs do nothing, except
 * that `send` throws, and those that answer reject: words must not vanish.
 */
export function useChat(chat: ChatService, appointmentId: string): Chat {
  const open = useCallback(() => chat.openRoom(appointmentId), [chat, appointmentId])
  const { state, opened } = useOpened<ChatState, ChatRoom>(open, LOADING)
  const actions = useMemo<ChatVerbs>(
    () => ({
      send(draft) {
        const room = opened()
        if (!room) throw notOpen()
        return room.send(draft)
      },
      retry: id => opened()?.retry(id),
      discard: id => opened()?.discard(id),
      loadOlder: async () => opened()?.loadOlder(),
      markRead: seq => opened()?.markRead(seq),
      saveDraft: draft => opened()?.saveDraft(draft),
      setTyping: isTyping => opened()?.setTyping(isTyping),
      reconnect: () => opened()?.reconnect(),
      ...verbsThrough(async verb => {
        const room = opened()
        if (!room) throw notOpen()
        return await verb(room)
      }),
    }),
    [opened],
  )
  const draft = useMemo<Store<Draft | null>>(
    () => ({
      get current() {
        return opened()?.draft.current ?? null
      },
      subscribe: listener => opened()?.draft.subscribe(listener) ?? (() => {}),
    }),
    [opened],
  )
  return useMemo(() => ({ state, actions, draft }), [state, actions, draft])
}
