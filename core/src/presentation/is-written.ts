import type { Message } from '../records.ts'

/** Whether somebody wrote it for others to read: a participant's message or a notice, not an event. */
export function isWritten(message: Message): boolean {
  return message.senderId !== null || message.event?.type === 'notice'
}
