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
import { MessagesSquare } from 'lucide-react'
import { type ReactNode, useMemo, useRef, useState } from 'react'
import type { ChatVerbs } from '../hooks/use-chat.ts'
import { ClinicZone } from '../strings/clinic-time.tsx'
import { isolate } from '../strings/isolate.ts'
import { useText } from '../strings/strings-provider.tsx'
import { AwayNotice } from './away-notice.tsx'
import { CallLink } from './call-link.tsx'
import { chatPlace } from './chat-place.ts'
import { PlaceNotice } from './closed-notice.tsx'
import { Composer, type Target } from './composer.tsx'
import { ConnectionStatus } from './connection-status.tsx'
import { EmergencyNotice } from './emergency-notice.tsx'
import { EmptyState } from './empty-state.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import type { MessageVerbs } from './message-actions.tsx'
import { MessageList } from './message-list.tsx'
import { NoFilesNote } from './no-files-note.tsx'
import { PrintHead } from './print-head.tsx'
import { Printable } from './printing.tsx'
import { ReopenButton } from './reopen-button.tsx'
import { UnsentWords } from './unsent-words.tsx'
import { useHandedFocus } from './use-handed-focus.ts'

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
      receiptsOf: actions.receiptsOf,
    }),
    [actions],
  )
  // Writing can end at any moment, also between two words of a sentence.
  const written = useRef('')
  const keeping = useMemo<ChatVerbs>(
    () => ({
      ...actions,
      send: message => {
        const id = actions.send(message)
        written.current = ''
        return id
      },
      saveDraft: ({ body, replyTo = null }) => {
        written.current = body
        actions.saveDraft({ body, replyTo })
      },
    }),
    [actions],
  )
  const { appointment, room, outgoing, connection, freshness } = chat
  const place = chatPlace(chat, target?.is ?? null, strings)
  const canWrite = place.is === 'composer'
  const foot = useHandedFocus<HTMLDivElement>()
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
      <ClinicZone timeZone={clinic?.timeZone ?? null}>
        <div className="bs-chat" lang={locale} dir={direction} data-connection={connection.is}>
          <ConnectionStatus
            connection={connection}
            freshness={freshness}
            queued={waiting}
            onReconnect={actions.reconnect}
          />
          <Printable>
            <PrintHead chat={chat} />
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
          </Printable>
          <div className="bs-foot" {...foot}>
            {isPatientSide && (
              <>
                <EmergencyNotice clinic={clinic} opensAt={place.opensAt} />
                <AwayNotice
                  away={place.away}
                  doctor={appointment.doctor}
                  canWrite={canWrite}
                  phone={clinic?.phone ?? null}
                />
              </>
            )}
            {canWrite && typing}
            {canWrite ? (
              <Composer
                key={room.id}
                chat={chat}
                actions={keeping}
                draft={draft}
                quickReplies={isPatientSide ? undefined : quickReplies}
                target={target}
                onTarget={setTarget}
              />
            ) : (
              <PlaceNotice state={room.replyBlock ?? undefined} reason={place.reason} next={place.next}>
                {written.current.trim() !== '' && <UnsentWords text={written.current} />}
                {place.ways.includes('reopen') && <ReopenButton onReopen={() => actions.setStatus('open')} />}
                {/* The main way first: what one can do here before whom one can call. */}
                {place.ways[0] === 'consent' && whenClosed}
                {place.ways.includes('call') && clinic?.phone && <CallLink phone={clinic.phone} />}
                {place.ways[0] !== 'consent' && whenClosed}
                <NoFilesNote
                  text={isPatientSide ? strings.composer.noFilesForPatient : strings.composer.noFilesForStaff}
                />
              </PlaceNotice>
            )}
          </div>
        </div>
      </ClinicZone>
    </ErrorBoundary>
  )
}
