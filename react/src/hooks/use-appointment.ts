import type { ChatService, SingleAppointment, SingleAppointmentState } from '@bedside/core'
import { ChatError } from '@bedside/core'
import { useCallback, useMemo } from 'react'
import { useOpened } from './use-opened.ts'

/** The verbs of `SingleAppointment`, the same functions from render to render. */
export type AppointmentVerbs = Omit<SingleAppointment, 'current' | 'subscribe' | 'close'>

export interface OneAppointment {
  state: SingleAppointmentState
  actions: AppointmentVerbs
}

const notOpen = () => new ChatError('unavailable', { detail: 'room-not-open' })
const LOADING: SingleAppointmentState = { page: null, freshness: 'live', isLoading: true, error: null }

/** One appointment, kept fresh while the component is on the screen; its chat is not opened. */
export function useAppointment(chat: ChatService, appointmentId: string): OneAppointment {
  const open = useCallback(() => chat.appointment(appointmentId), [chat, appointmentId])
  const { state, opened } = useOpened<SingleAppointmentState, SingleAppointment>(open, LOADING)
  const actions = useMemo<AppointmentVerbs>(() => {
    const shown = () => {
      const appointment = opened()
      if (!appointment) throw notOpen()
      return appointment
    }
    return {
      reload: async () => opened()?.reload(),
      addParticipant: async (userId, role) => await shown().addParticipant(userId, role),
      removeParticipant: async userId => await shown().removeParticipant(userId),
      setStatus: async status => await shown().setStatus(status),
      setPatientMayReply: async mayReply => await shown().setPatientMayReply(mayReply),
    }
  }, [opened])
  return useMemo(() => ({ state, actions }), [state, actions])
}
