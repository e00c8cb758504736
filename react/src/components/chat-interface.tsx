/**
 * One appointment's conversation: connection, messages, and the composer or the reason why there is none. It holds no
 * rules: what may be done is in `chat` (the server decided it), what is asked for goes out through `actions`.
 */
import {
  type Clinic,
  type Draft,
  isOnPatientSide,
  type QuickReply,
  type ReadyChat,
  type Store,
} from '@bedside/core'
import { MessagesSquare, Phone } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import type { ChatVerbs } from '../hooks/use-chat.ts'
import { isolate, isolateNumber } from '../strings/isolate.ts'
import { useText } from '../strings/strings-provider.tsx'
import { ClosedNotice } from './closed-notice.tsx'
import { Composer, type Target } from './composer.tsx'
import { ConnectionStatus } from './connection-status.tsx'
import { EmergencyNotice } from './emergency-notice.tsx'
import { EmptyState } from './empty-state.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import type { MessageVerbs } from './message-actions.tsx'
import { MessageList } from './message-list.tsx'

export interface ChatInterfaceProps {
  chat: ReadyChat
  actions: ChatVerbs
  draft?: Store<Draft | null>
  /** For staff: the ready-made answers. */
  quickReplies?: () => Promise<readonly QuickReply[]>
  /** Its words, its hours and its number. */
  clinic?: Clinic | null
  /** Who is typing: a component of its own, so that a keystroke of somebody else renders it and nothing else. */
  typing?: ReactNode
  /** Links for the next step where writing is not possible. */
  whenClosed?: ReactNode
}

export function ChatInterface({
  chat,
  actions,
  draft,
  quickReplies,
  clinic = null,
  typing,
  whenClosed,
}: ChatInterfaceProps) {
  const { strings, locale, direction } = useText()
  const [target, setTarget] = useState<Target>(null)
  const verbs = useMemo<MessageVerbs>(
    () => ({
      onReply: ({ id }) => setTarget({ is: 'reply', id }),
      onEdit: ({ id }) => setTarget({ is: 'edit', id }),
      onRetract: ({ id }) => actions.retract(id),
    }),
    [actions],
  )
  const { appointment, room, outgoing, connection, freshness } = chat
  const isPatientSide = isOnPatientSide(chat)
  const other = isPatientSide ? appointment.doctor : appointment.patient
  const waiting = outgoing.filter(message => message.state.is !== 'failed').length

  return (
    <ErrorBoundary
      fallback={retry => (
        <EmptyState icon={<MessagesSquare />} title={strings.app.broken}>
          <p>{strings.app.brokenHelp}</p>
          <button type="button" className="bs-button" onClick={retry}>
            {strings.app.tryAgain}
          </button>
        </EmptyState>
      )}
    >
      <div className="bs-chat" lang={locale} dir={direction} data-connection={connection.is}>
        <ConnectionStatus
          connection={connection}
          freshness={freshness}
          queued={waiting}
          onReconnect={actions.reconnect}
        />
        <MessageList
          key={room.id}
          chat={chat}
          verbs={verbs}
          onLoadOlder={actions.loadOlder}
          onRetry={actions.retry}
          onDiscard={actions.discard}
          onSeen={actions.markRead}
          empty={
            <EmptyState icon={<MessagesSquare />} title={strings.list.empty}>
              <p>
                {room.replyBlock !== null
                  ? strings.list.emptyClosed
                  : isPatientSide
                    ? strings.list.emptyForPatient(isolate(other.displayName))
                    : strings.list.emptyForStaff(isolate(other.displayName))}
              </p>
            </EmptyState>
          }
        />
        <div className="bs-foot">
          {isPatientSide && <EmergencyNotice clinic={clinic} />}
          {room.replyBlock === null && typing}
          {room.replyBlock === null ? (
            <Composer
              key={room.id}
              chat={chat}
              actions={actions}
              draft={draft}
              quickReplies={isPatientSide ? undefined : quickReplies}
              target={target}
              onTarget={setTarget}
            />
          ) : (
            <ClosedNotice block={room.replyBlock} role={isPatientSide ? 'patient' : 'doctor'}>
              {isPatientSide && clinic?.phone && (
                <a className="bs-button bs-call" href={`tel:${clinic.phone.replace(/[^+\d]/gu, '')}`}>
                  <Phone aria-hidden className="bs-icon-sm" />
                  {strings.emergency.call(isolateNumber(clinic.phone))}
                </a>
              )}
              {whenClosed}
            </ClosedNotice>
          )}
        </div>
      </div>
    </ErrorBoundary>
  )
}
