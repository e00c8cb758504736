import { type Message, type Participant, receiptOf } from '@bedside/core'
import { useText } from '../strings/strings-provider.tsx'
import { ReceiptMark } from './receipt-mark.tsx'
import { roleLabel } from './role-label.ts'

export interface ReceiptListProps {
  message: Message
  participants: readonly Participant[]
  me: string
}

/** How far a message of one's own has come with each of the others who are still there. */
export function ReceiptList({ message, participants, me }: ReceiptListProps) {
  const { strings } = useText()
  const others = participants.filter(person => person.id !== me && person.leftAt === null)
  if (others.length === 0) return null
  return (
    <ul className="bs-receipts">
      {others.map(person => (
        <li key={person.id}>
          <span>
            <bdi>{person.displayName}</bdi> · {roleLabel(person, strings)}
          </span>
          <ReceiptMark state={receiptOf(message, [person], me)} isWordy />
        </li>
      ))}
    </ul>
  )
}
