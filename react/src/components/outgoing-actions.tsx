/** Under a message that was not sent: why, and what can be done. Deleting asks first, since the text is nowhere else. */
import { type ChatError, type ReplyBlock, reactionTo } from '@bedside/core'
import { RotateCw, Trash2 } from 'lucide-react'
import { type MouseEvent, useState } from 'react'
import type { Strings } from '../strings/en.ts'
import { useText } from '../strings/strings-provider.tsx'
import { takeFocus } from './take-focus.ts'

export interface OutgoingActionsProps {
  error: ChatError
  onRetry(): void
  onDiscard(): void
}

export function OutgoingActions({ error, onRetry, onDiscard }: OutgoingActionsProps) {
  const { strings } = useText()
  const [stage, setStage] = useState<'first' | 'asking' | 'kept'>('first')
  const canRetry = reactionTo(error.kind) !== 'give-up' || error.kind === 'reply-blocked'
  return (
    <div className="bs-outgoing">
      <p role="alert">
        <span className="bs-sr-only">{strings.receipts.announceFailed} </span>
        {sendErrorText(error, strings)}
      </p>
      {stage === 'asking' ? (
        <div className="bs-outgoing-buttons">
          <span>{strings.outgoing.discardQuestion}</span>
          <button
            type="button"
            className="bs-button"
            data-tone="danger"
            onClick={event => {
              leave(event, '.bs-scroller')
              onDiscard()
            }}
          >
            {strings.outgoing.discardYes}
          </button>
          <button ref={takeFocus} type="button" className="bs-button" onClick={() => setStage('kept')}>
            {strings.outgoing.discardNo}
          </button>
        </div>
      ) : (
        <div className="bs-outgoing-buttons">
          {canRetry && (
            <button
              type="button"
              className="bs-button"
              onClick={event => {
                leave(event, '.bs-row')
                onRetry()
              }}
            >
              <RotateCw aria-hidden className="bs-icon-sm" />
              {strings.outgoing.retry}
            </button>
          )}
          <button
            ref={stage === 'kept' ? takeFocus : null}
            type="button"
            className="bs-button"
            onClick={() => setStage('asking')}
          >
            <Trash2 aria-hidden className="bs-icon-sm" />
            {strings.outgoing.discard}
          </button>
        </div>
      )}
    </div>
  )
}

/** The button goes with what it does: the focus stays near. */
function leave({ currentTarget }: MouseEvent, to: string) {
  currentTarget.closest<HTMLElement>(to)?.focus()
}

/** A blocked reply says which rule blocks it, where this version knows the rule. */
function sendErrorText(error: ChatError, strings: Strings): string {
  if (
    error.kind === 'reply-blocked' &&
    error.detail !== null &&
    Object.hasOwn(strings.blocks, error.detail)
  ) {
    return strings.blocks[error.detail as ReplyBlock].reason
  }
  return strings.errors[error.kind]
}
