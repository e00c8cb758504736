import type { AppointmentList, AppointmentListState, AppointmentScope, ChatService } from '@bedside/core'
import { useCallback, useMemo } from 'react'
import { useOpened } from './use-opened.ts'

export interface Appointments {
  state: AppointmentListState
  loadMore(): Promise<void>
  reload(): Promise<void>
}

const LOADING: AppointmentListState = { page: null, freshness: 'live', isLoading: true, error: null }

/** The signed-in person's appointments, kept fresh while the component is on the screen. */
export function useAppointments(chat: ChatService, scope: AppointmentScope): Appointments {
  const open = useCallback(() => chat.appointments(scope), [chat, scope])
  const { state, opened } = useOpened<AppointmentListState, AppointmentList>(open, LOADING)
  return useMemo(
    () => ({
      state,
      loadMore: async () => opened()?.loadMore(),
      reload: async () => opened()?.reload(),
    }),
    [state, opened],
  )
}
