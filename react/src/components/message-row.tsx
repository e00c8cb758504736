/** One message: the sender's name and role above the first of several, then the bubble. */
import { type Message, type ReadyChat, receiptOf } from '@bedside/core'
import type { ReactNode } from 'react'
import { useText } from '../strings/strings-provider.tsx'
import { Avatar } from './avatar.tsx'
import type { ChatItem } from './chat-items.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import { MessageActions, type MessageVerbs } from './message-actions.tsx'
import { absenceOf, MessageBubble } from './message-bubble.tsx'
import { OutgoingBubble } from './outgoing-bubble.tsx'
import { useIsPrinting } from './printing.tsx'
import { ReceiptList } from './receipt-list.tsx'
import { ReceiptMark } from './receipt-mark.tsx'
import { roleLabel } from './role-label.ts'

export interface MessageRowProps {
  item: ChatItem & { is: 'message' | 'outgoing' }
  chat: ReadyChat
  verbs: MessageVerbs | undefined
  /** The last message of one's own in the whole chat: its receipt is written out. */
  latestMineSeq: number | null
  onRetry(id: string): void
  onDiscard(id: string): void
  /** Goes to another message. */
  onShow?: ((id: string) => void) | undefined
}

export function MessageRow(props: MessageRowProps) {
  const { item, chat, verbs, latestMineSeq, onRetry, onDiscard, onShow } = props
  const { strings } = useText()
  const isPrinting = useIsPrinting()
  const senderId = item.is === 'outgoing' ? chat.me : item.message.senderId
  const isMine = senderId === chat.me
  // On paper there is no "you".
  const isYou = isMine && !isPrinting
  const sender = chat.room.participants.find(person => person.id === senderId)
  const name = sender?.displayName ?? strings.message.unknownSender
  return (
    <div
      className="bs-row"
      data-mine={isMine || undefined}
      data-first={item.isFirst || undefined}
      tabIndex={-1}
    >
      {!isMine && item.isFirst && <Avatar name={name} role={sender?.role ?? 'patient'} />}
      <div className="bs-row-body">
        {item.isFirst && (
          <p className="bs-sender">
            {isYou ? <span>{strings.chat.you}</span> : <bdi className="bs-sender-name">{name}</bdi>}
            {!isYou && sender !== undefined && <span> · {roleLabel(sender, strings)}</span>}
          </p>
        )}
        {item.is === 'outgoing' ? (
          <OutgoingBubble message={item.message} onRetry={onRetry} onDiscard={onDiscard} />
        ) : (
          <ErrorBoundary
            resetKey={item.message}
            fallback={() => (
              <p className="bs-bubble" data-state="broken" data-seq={item.message.seq}>
                {strings.message.broken}
              </p>
            )}
          >
            <WithActions chat={chat} verbs={verbs} message={item.message} isMine={isMine}>
              <MessageBubble
                message={item.message}
                isMine={isMine}
                quote={quoteOf(item.message, chat, strings.message.unknownSender)}
                onShowQuoted={showQuoted(item.message, onShow)}
                receipt={
                  isMine && absenceOf(item.message) === null ? (
                    <ReceiptMark
                      state={receiptOf(item.message, chat.room.participants, chat.me)}
                      isWordy={item.message.seq === latestMineSeq}
                    />
                  ) : null
                }
              />
            </WithActions>
          </ErrorBoundary>
        )}
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
}: Pick<MessageRowProps, 'chat' | 'verbs'> & { message: Message; isMine: boolean; children: ReactNode }) {
  if (!verbs || absenceOf(message) !== null || chat.freshness !== 'live') return children
  return (
    <MessageActions
      message={message}
      isMine={isMine}
      canWrite={chat.room.replyBlock === null}
      details={
        isMine && (
          <ReceiptList
            message={message}
            participants={chat.room.participants}
            me={chat.me}
            askTimes={verbs.receiptsOf}
          />
        )
      }
      {...verbs}
    >
      {children}
    </MessageActions>
  )
}

function showQuoted({ replyTo }: Message, onShow: ((id: string) => void) | undefined) {
  return replyTo === null || onShow === undefined ? undefined : () => onShow(replyTo)
}

function quoteOf(message: Message, chat: ReadyChat, unknownSender: string) {
  if (message.replyTo === null) return null
  // Mostly one of the latest.
  const quoted = chat.messages.findLast(other => other.id === message.replyTo)
  if (quoted === undefined) return null
  const sender = chat.room.participants.find(person => person.id === quoted.senderId)
  return { name: sender?.displayName ?? unknownSender, text: quoted.body }
}
