/** Staff's ready-made answers: chosen, they are put into the text, to be read once more before they are sent. */
import { ChatError, type QuickReply } from '@bedside/core'
import { MessageSquareQuote } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import { useText } from '../strings/strings-provider.tsx'

export interface QuickRepliesProps {
  load(): Promise<readonly QuickReply[]>
  onChoose(body: string): void
}

type Stage =
  | { is: 'closed' | 'loading' }
  | { is: 'open'; replies: readonly QuickReply[] }
  | { is: 'failed'; reason: string }

export function QuickReplies({ load, onChoose }: QuickRepliesProps) {
  const { strings } = useText()
  const id = useId()
  const [stage, setStage] = useState<Stage>({ is: 'closed' })
  const toggle = useRef<HTMLButtonElement>(null)
  const close = () => setStage({ is: 'closed' })
  const open = async () => {
    setStage({ is: 'loading' })
    try {
      setStage({ is: 'open', replies: await load() })
    } catch (error) {
      setStage({ is: 'failed', reason: strings.errors[error instanceof ChatError ? error.kind : 'protocol'] })
    }
  }
  const isOpen = stage.is !== 'closed'
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes it from within, wherever the focus is.
    <div
      className="bs-quick"
      onKeyDown={event => {
        if (event.key !== 'Escape' || !isOpen) return
        close()
        toggle.current?.focus()
      }}
    >
      <button
        ref={toggle}
        type="button"
        className="bs-link-button"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => (isOpen ? close() : void open())}
      >
        <MessageSquareQuote aria-hidden className="bs-icon-sm" />
        {strings.quickReplies.title}
      </button>
      {isOpen && (
        <div id={id} className="bs-quick-list">
          <p role="status">
            {stage.is === 'loading' && strings.quickReplies.loading}
            {stage.is === 'failed' && stage.reason}
            {stage.is === 'open' && stage.replies.length === 0 && strings.quickReplies.empty}
          </p>
          {stage.is === 'open' && stage.replies.length > 0 && (
            <ul>
              {stage.replies.map(reply => (
                <li key={reply.id} lang={reply.locale ?? undefined}>
                  <button
                    type="button"
                    onClick={() => {
                      close()
                      onChoose(reply.body)
                    }}
                  >
                    <strong dir="auto">{reply.title}</strong>
                    <span dir="auto">{reply.body}</span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </div>
  )
}
