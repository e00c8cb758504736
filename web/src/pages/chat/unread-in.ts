import { isWritten, type ReadyChat } from '@bedside/core'

/** Messages of others that this person has not read, among those that are loaded. */
export function unreadIn(chat: ReadyChat): number {
  const readSeq = chat.room.participants.find(person => person.id === chat.me)?.readSeq ?? 0
  return chat.messages.filter(
    message => message.seq > readSeq && isWritten(message) && message.senderId !== chat.me,
  ).length
}
