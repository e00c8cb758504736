import type { Message, Participant } from '../records.ts'

export type ReceiptState = 'sent' | 'delivered' | 'read'

/** How far a message of one's own has come: what is true for everyone else who is still in the room. */
export function receiptOf(message: Message, participants: readonly Participant[], me: string): ReceiptState {
  const others = participants.filter(each => each.id !== me && each.leftAt === null)
  if (others.length === 0) return 'sent'
  if (others.every(each => each.readSeq >= message.seq)) return 'read'
  return others.every(each => each.deliveredSeq >= message.seq) ? 'delivered' : 'sent'
}
