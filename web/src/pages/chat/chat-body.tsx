import type { ChatError, ChatService, ReadyChat } from '@bedside/core'
import {
  type Chat,
  ChatInterface,
  EmptyState,
  TypingIndicator,
  useClinic,
  useText,
  useTyping,
} from '@bedside/react'
import { Link } from '@tanstack/react-router'
import { CloudOff, SearchX, UserX } from 'lucide-react'
import type { ReactNode } from 'react'
import { ChatSkeleton } from './chat-skeleton.tsx'

export interface ChatBodyProps {
  chat: ChatService
  room: Chat
  whenClosed: ReactNode
}

export function ChatBody({ chat, room, whenClosed }: ChatBodyProps) {
  const { strings } = useText()
  const { state, actions, draft } = room
  const clinic = useClinic(chat)
  switch (state.is) {
    case 'loading':
      return <ChatSkeleton />
    case 'failed':
      return <ChatFailed error={state.error} onRetry={actions.reconnect} />
    case 'revoked':
      return (
        <ChatNotice icon={<UserX />} title={strings.chat.revoked} help={strings.chat.revokedHelp}>
          <BackToAppointments />
        </ChatNotice>
      )
    case 'ready':
      return (
        <ChatInterface
          chat={state}
          actions={actions}
          draft={draft}
          clinic={clinic}
          quickReplies={chat.quickReplies.list}
          typing={<RoomTyping chat={chat} room={state} />}
          whenClosed={whenClosed}
        />
      )
  }
}

function RoomTyping({ chat, room }: { chat: ChatService; room: ReadyChat }) {
  const typing = useTyping(chat, room.appointment.id)
  return <TypingIndicator typing={typing} participants={room.room.participants} />
}

/** Missing and forbidden are one answer, here as on the server. */
function ChatFailed({ error, onRetry }: { error: ChatError; onRetry(): void }) {
  const { strings } = useText()
  if (error.kind === 'not-found' || error.kind === 'forbidden') {
    return (
      <ChatNotice icon={<SearchX />} title={strings.chat.notFound} help={strings.chat.notFoundHelp}>
        <BackToAppointments />
      </ChatNotice>
    )
  }
  return (
    <ChatNotice icon={<CloudOff />} title={strings.chat.failed} help={strings.errors[error.kind]}>
      <button type="button" className="bs-button mt-3" data-tone="accent" onClick={onRetry}>
        {strings.app.tryAgain}
      </button>
    </ChatNotice>
  )
}

function ChatNotice(props: { icon: ReactNode; title: string; help: string; children: ReactNode }) {
  return (
    <div role="alert" className="grid h-full place-items-center">
      <EmptyState icon={props.icon} title={props.title}>
        <p>{props.help}</p>
        {props.children}
      </EmptyState>
    </div>
  )
}

function BackToAppointments() {
  const { strings } = useText()
  return (
    <Link to="/appointments" className="bs-button mt-3" data-tone="accent">
      {strings.chat.backToAppointments}
    </Link>
  )
}
