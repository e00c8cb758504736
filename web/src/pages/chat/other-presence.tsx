import type { ChatService } from '@bedside/core'
import { PresenceDot, usePresence } from '@bedside/react'

/** A component of its own: who comes and goes renders it and nothing else. */
export function OtherPresence(props: { chat: ChatService; appointmentId: string; userId: string }) {
  const { chat, appointmentId, userId } = props
  return usePresence(chat, appointmentId).includes(userId) ? <PresenceDot /> : null
}
