import { ChatRow, createItemReader } from '@bedside/react'
import { patient, readyChat } from '../src/testing/clinic.ts'
import { conversation } from './conversation.ts'
import type { Example } from './example.ts'

const nothing = () => {}

export const example: Example = {
  about: 'One row of a conversation, for a list of your own: createItemReader makes the rows.',
  states: { 'Every kind of row': Rows },
}

function Rows() {
  const chat = readyChat({ messages: conversation, openedAtReadSeq: 3 })
  const items = createItemReader()(chat.messages, [], {
    timeZone: 'Europe/London',
    openedAtReadSeq: 3,
    me: patient.id,
  })
  return items.map(item => (
    <ChatRow
      key={item.key}
      item={item}
      chat={chat}
      verbs={undefined}
      latestMineSeq={4}
      onRetry={nothing}
      onDiscard={nothing}
    />
  ))
}
