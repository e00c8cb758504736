/** Messages that one person sent one after another: their name and role once, then the bubbles. */
import { type Message, type OutgoingMessage, type ReadyChat, receiptOf } from '@bedside/core'
import type { ReactNode } from 'react'
import { useText } from '../strings/strings-provider.tsx'
import { Avatar } from './avatar.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { MessageActions, type MessageVerbs } from './message-actions.tsx'
import { absenceOf, MessageBubble } from './message-bubble.tsx'
import { OutgoingBubble } from './outgoing-bubble.tsx'
import { ReceiptMark } from './receipt-mark.tsx'
import { roleLabel } from './role-label.ts'

export interface MessageGroupProps {
  chat: ReadyChat
  verbs: MessageVerbs | undefined
  senderId: string
  messages: readonly Message[]
  outgoing: readonly OutgoingMessage[]
  /** The last message of one's own in the whole chat: its receipt is written out. */
  latestMineSeq: number | null
  onRetry(id: string): void
  onDiscard(id: string): void
}

export function MessageGroup(props: MessageGroupProps) {
  const { chat, verbs, senderId, messages, outgoing, latestMineSeq } = props
  const { strings } = useText()
  const isMine = senderId === chat.me
  const sender = chat.room.participants.find(person => person.id === senderId)
  const name = sender?.displayName ?? strings.message.unknownSender
  return (
    <div className="bs-group" data-mine={isMine || undefined}>
      {!isMine && <Avatar name={name} role={sender?.role ?? 'patient'} />}
      <div className="bs-group-body">
        <p className="bs-sender">
          {isMine ? <span>{strings.chat.you}</span> : <bdi className="bs-sender-name">{name}</bdi>}
          {!isMine && sender !== undefined && <span> · {roleLabel(sender, strings)}</span>}
        </p>
        <ol className="bs-bubbles">
          {messages.map(message => (
            <li key={message.id}>
              <ErrorBoundary
                resetKey={message}
                fallback={() => (
                  <p className="bs-bubble" data-state="broken" data-seq={message.seq}>
                    {strings.message.broken}
                  </p>
                )}
              >
                <WithActions chat={chat} verbs={verbs} message={message} isMine={isMine}>
                  <MessageBubble
                    message={message}
                    isMine={isMine}
                    quote={quoteOf(message, chat, strings.message.unknownSender)}
                    receipt={
                      isMine && absenceOf(message) === null ? (
                        <ReceiptMark
                          state={receiptOf(message, chat.room.participants, chat.me)}
                          isWordy={message.seq === latestMineSeq}
                        />
                      ) : null
                    }
                  />
                </WithActions>
              </ErrorBoundary>
            </li>
          ))}
          {outgoing.map(message => (
            <li key={message.id}>
              <OutgoingBubble message={message} onRetry={props.onRetry} onDiscard={props.onDiscard} />
            </li>
          ))}
        </ol>
      </div>
    </div>
  )
}

/** With what is gone, and with a chat of an earlier visit, nothing can be done. */
function WithActions({
  chat,
  verbs,
  message,
  isMine,
  children,
}: Pick<MessageGroupProps, 'chat' | 'verbs'> & { message: Message; isMine: boolean; children: ReactNode }) {
  if (!verbs || absenceOf(message) !== null || chat.freshness !== 'live') return children
  return (
    <MessageActions message={message} isMine={isMine} canWrite={chat.room.replyBlock === null} {...verbs}>
      {children}
    </MessageActions>
  )
}

function quoteOf(message: Message, chat: ReadyChat, unknownSender: string) {
  if (message.replyTo === null) return null
  const quoted = chat.messages.find(other => other.id === message.replyTo)
  if (quoted === undefined) return null
  const sender = chat.room.participants.find(person => person.id === quoted.senderId)
  return { name: sender?.displayName ?? unknownSender, text: quoted.body }
}
