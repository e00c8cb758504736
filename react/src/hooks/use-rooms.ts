import type { ChatService, RoomList, RoomListState } from '@bedside/core'
import { useCallback, useMemo } from 'react'
import { useOpened } from './use-opened.ts'

export interface Rooms {
  state: RoomListState
  loadMore(): Promise<void>
  reload(): Promise<void>
}

const LOADING: RoomListState = { page: null, freshness: 'live', isLoading: true, error: null }

/** The rooms that the signed-in person takes part in, kept fresh while the component is on the screen. */
export function useRooms(chat: ChatService): Rooms {
  const open = useCallback(() => chat.rooms(), [chat])
  const { state, opened } = useOpened<RoomListState, RoomList>(open, LOADING)
  return useMemo(
    () => ({
      state,
      loadMore: async () => opened()?.loadMore(),
      reload: async () => opened()?.reload(),
    }),
    [state, opened],
  )
}
