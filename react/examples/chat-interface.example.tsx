import { ChatInterface, TypingIndicator } from '@bedside/react'
import { appointment, doctor, outgoing, room } from '../src/testing/clinic.ts'
import { clinic, conversation, people } from './conversation.ts'
import type { Example } from './example.ts'
import { useLiveChat } from './live-chat.ts'

export const example: Example = {
  about:
    'One appointment’s whole conversation. Give it what useChat returns; it holds no rules of its own. These answer without a server: type something.',
  states: {
    'A patient writes': Patient,
    'A doctor writes': Doctor,
    'Nobody has written yet': Empty,
    'Out of reach, with a message waiting': Offline,
    'Where nothing can be written': Closed,
  },
}

function Patient() {
  const { chat, actions } = useLiveChat({
    messages: conversation,
    openedAtReadSeq: 3,
    room: room({ participants: [...people] }),
  })
  return (
    <ChatInterface
      chat={chat}
      actions={actions}
      clinic={clinic}
      typing={<TypingIndicator typing={[doctor.id]} participants={people} />}
    />
  )
}

function Doctor() {
  const { chat, actions } = useLiveChat({ messages: conversation, openedAtReadSeq: 5, me: doctor.id })
  return <ChatInterface chat={chat} actions={actions} quickReplies={quickReplies} />
}

const quickReplies = () =>
  Promise.resolve([
    { id: 'q1', title: 'Come fasting', body: 'Please come without breakfast.', locale: null, isShared: true },
  ])

function Empty() {
  const { chat, actions } = useLiveChat()
  return <ChatInterface chat={chat} actions={actions} clinic={clinic} />
}

function Offline() {
  const { chat, actions } = useLiveChat({
    messages: conversation,
    openedAtReadSeq: 5,
    outgoing: [outgoing('o1', 'I will be ten minutes late.', { is: 'queued', waitsFor: 'connection' })],
    connection: { is: 'offline' },
  })
  return <ChatInterface chat={chat} actions={actions} clinic={clinic} />
}

function Closed() {
  const { chat, actions } = useLiveChat({
    messages: conversation,
    openedAtReadSeq: 5,
    appointment: appointment({ status: 'completed' }),
    room: room({ status: 'read_only', replyBlock: 'reply_window_over', nextStep: 'book_appointment' }),
  })
  return <ChatInterface chat={chat} actions={actions} clinic={clinic} />
}
