import { type Message, type Participant, receiptOf } from '@bedside/core'
import { useText } from '../strings/strings-provider.tsx'
import { ReceiptMark } from './receipt-mark.tsx'
import { roleLabel } from './role-label.ts'
import { type AskReceiptTimes, useReceiptTimes } from './use-receipt-times.ts'

export interface ReceiptListProps {
  message: Message
  participants: readonly Participant[]
  me: string
  /** Without it, and until it is answered, nothing says when. */
  askTimes: AskReceiptTimes | undefined
}

/** How far a message of one's own has come with each of the others who are still there, and since when. */
export function ReceiptList({ message, participants, me, askTimes }: ReceiptListProps) {
  const { strings } = useText()
  const others = participants
    .filter(person => person.id !== me && person.leftAt === null)
    .map(person => ({ person, state: receiptOf(message, [person], me) }))
  const progress = others.map(({ person, state }) => `${person.id} ${state}`).join()
  const times = useReceiptTimes(message.id, progress, askTimes)
  if (others.length === 0) return null
  return (
    <ul className="bs-receipts">
      {others.map(({ person, state }) => {
        const { readAt, deliveredAt } = times.get(person.id) ?? { readAt: null, deliveredAt: null }
        return (
          <li key={person.id}>
            <span>
              <bdi>{person.displayName}</bdi> · {roleLabel(person, strings)}
            </span>
            <ReceiptMark state={state} at={state === 'read' ? readAt : deliveredAt} isWordy />
          </li>
        )
      })}
    </ul>
  )
}
