/**
 * What can be done with one message: a button beside it that opens a row of words beneath it. No menu that floats: it stays
 * where it is when the text is enlarged, and reads in order.
 */
import type { Message } from '@bedside/core'
import { Ellipsis, type LucideIcon, Pencil, Reply, Trash2 } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react'
import { useText } from '../strings/strings-provider.tsx'
import { changeErrorText } from './change-error-text.ts'
import { CopyButton } from './copy-button.tsx'
import { takeFocus } from './take-focus.ts'
import type { AskReceiptTimes } from './use-receipt-times.ts'

export interface MessageVerbs {
  onReply(message: Message): void
  onEdit(message: Message): void
  /** Rejects with a `ChatError`. */
  onRetract(message: Message): Promise<unknown>
  /** When the others received and read a message of one's own. The same function from render to render. */
  receiptsOf?: AskReceiptTimes
}

export interface MessageActionsProps extends MessageVerbs {
  message: Message
  isMine: boolean
  /** Whether this person may write here now: who may not neither answers nor edits. */
  canWrite: boolean
  /** More about it, below what can be done. */
  details?: ReactNode
  /** The bubble. */
  children: ReactNode
}

type Stage = { is: 'closed' | 'open' | 'asking' | 'removing' } | { is: 'failed'; reason: string }

export function MessageActions({
  message,
  isMine,
  canWrite,
  details,
  children,
  ...verbs
}: MessageActionsProps) {
  const { strings, dates } = useText()
  const text = strings.actions
  const id = useId()
  const [stage, setStage] = useState<Stage>({ is: 'closed' })
  const isOpen = stage.is !== 'closed'
  const toggle = useRef<HTMLButtonElement>(null)
  const close = () => setStage({ is: 'closed' })
  const closeAndReturn = () => {
    close()
    toggle.current?.focus()
  }
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && isOpen) closeAndReturn()
  }
  const remove = async () => {
    // The row stays when what was in it is gone.
    toggle.current?.closest<HTMLElement>('.bs-row')?.focus()
    setStage({ is: 'removing' })
    try {
      await verbs.onRetract(message)
      close()
    } catch (error) {
      setStage({ is: 'failed', reason: changeErrorText(error, strings) })
    }
  }

  return (
    <>
      <div className="bs-bubble-row">
        {children}
        <button
          ref={toggle}
          type="button"
          className="bs-more"
          aria-label={text.open(dates.time(message.createdAt))}
          aria-expanded={isOpen}
          aria-controls={isOpen ? id : undefined}
          onClick={() => setStage({ is: isOpen ? 'closed' : 'open' })}
          onKeyDown={closeOnEscape}
        >
          <Ellipsis aria-hidden className="bs-icon-sm" />
        </button>
      </div>
      {isOpen && (
        // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes it from within, wherever the focus is.
        <div id={id} className="bs-actions" onKeyDown={closeOnEscape}>
          {stage.is === 'open' && (
            <>
              {canWrite && (
                <Action icon={Reply} label={text.reply} onClick={() => [close(), verbs.onReply(message)]} />
              )}
              {message.body !== null && <CopyButton text={message.body} />}
              {isMine && canWrite && message.body !== null && (
                <Action icon={Pencil} label={text.edit} onClick={() => [close(), verbs.onEdit(message)]} />
              )}
              {isMine && (
                <Action icon={Trash2} label={text.remove} onClick={() => setStage({ is: 'asking' })} />
              )}
              {details}
            </>
          )}
          {stage.is === 'asking' && (
            <>
              <span>{text.removeQuestion}</span>
              <button type="button" className="bs-button" data-tone="danger" onClick={remove}>
                {text.removeYes}
              </button>
              <button ref={takeFocus} type="button" className="bs-button" onClick={closeAndReturn}>
                {text.removeNo}
              </button>
            </>
          )}
          <p role="status">
            {stage.is === 'removing' && text.removing}
            {stage.is === 'failed' && stage.reason}
          </p>
        </div>
      )}
    </>
  )
}

function Action({ icon: Icon, label, onClick }: { icon: LucideIcon; label: string; onClick(): void }) {
  return (
    <button type="button" className="bs-button" onClick={onClick}>
      <Icon aria-hidden className="bs-icon-sm" />
      {label}
    </button>
  )
}
