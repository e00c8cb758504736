import type { ChatService, Clinic, ReadyChat } from '@bedside/core'
import {
  type Chat,
  ChatInterface,
  type ChatPlace,
  chatPlace,
  EmptyState,
  TypingIndicator,
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
  /** null while it is not known. */
  clinic: Clinic | null
  whenClosed: ReactNode
}

export function ChatBody({ chat, room, clinic, whenClosed }: ChatBodyProps) {
  const { strings } = useText()
  const { state, actions, draft } = room
  const place = chatPlace(state, null, strings)
  switch (state.is) {
    case 'loading':
      return <ChatSkeleton />
    case 'failed':
    case 'revoked':
      return <ChatNotice isRevoked={state.is === 'revoked'} place={place} onRetry={actions.reconnect} />
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

function ChatNotice(props: { isRevoked: boolean; place: ChatPlace; onRetry(): void }) {
  const { isRevoked, place, onRetry } = props
  const { strings } = useText()
  const [way] = place.ways
  const icon = isRevoked ? <UserX /> : way === 'appointments' ? <SearchX /> : <CloudOff />
  return (
    <div role="alert" className="grid h-full place-items-center">
      <EmptyState icon={icon} title={place.reason}>
        <p>{place.next}</p>
        {way === 'appointments' ? (
          <Link to="/appointments" className="bs-button mt-3" data-tone="accent">
            {strings.chat.backToAppointments}
          </Link>
        ) : (
          <button
            type="button"
            className="bs-button mt-3"
            data-tone="accent"
            onClick={way === 'reload' ? () => location.reload() : onRetry}
          >
            {way === 'reload' ? strings.app.reload : strings.app.tryAgain}
          </button>
        )}
      </EmptyState>
    </div>
  )
}
