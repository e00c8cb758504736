/** A message of one's own that the server has not confirmed: looks like the others, and says how far it is. */
import type { OutgoingMessage } from '@bedside/core'
import { useText } from '../strings/strings-provider.tsx'
import { MessageText } from './message-text.tsx'
import { OutgoingActions } from './outgoing-actions.tsx'
import { ReceiptMark } from './receipt-mark.tsx'

export interface OutgoingBubbleProps {
  message: OutgoingMessage
  onRetry(id: string): void
  onDiscard(id: string): void
}

export function OutgoingBubble({ message, onRetry, onDiscard }: OutgoingBubbleProps) {
  const { dates } = useText()
  const { state } = message
  return (
    <>
      <div className="bs-bubble" data-mine data-state={state.is}>
        <MessageText text={message.body} />
        <p className="bs-bubble-meta">
          <time dateTime={message.queuedAt}>{dates.time(message.queuedAt)}</time>
          <ReceiptMark
            state={state.is}
            waitsFor={state.is === 'queued' ? state.waitsFor : undefined}
            isWordy
          />
        </p>
      </div>
      {state.is === 'failed' && (
        <OutgoingActions
          error={state.error}
          onRetry={() => onRetry(message.id)}
          onDiscard={() => onDiscard(message.id)}
        />
      )}
    </>
  )
}
