/** Above the text field: which message is being answered or edited, and the way out. */
import { X } from 'lucide-react'
import { isolate } from '../strings/isolate.ts'
import { useText } from '../strings/strings-provider.tsx'

export interface ComposerTargetProps {
  is: 'reply' | 'edit'
  /** Who wrote it. */
  name: string
  text: string | null
  onCancel(): void
}

export function ComposerTarget({ is, name, text, onCancel }: ComposerTargetProps) {
  const { strings } = useText()
  const isReply = is === 'reply'
  return (
    <div className="bs-target">
      <div className="bs-target-text">
        <p className="bs-quote-name">
          {isReply ? strings.message.replyTo(isolate(name)) : strings.composer.editing}
        </p>
        {text !== null && <p dir="auto">{text}</p>}
      </div>
      <button
        type="button"
        className="bs-more"
        aria-label={isReply ? strings.composer.cancelReply : strings.composer.cancelEdit}
        onClick={onCancel}
      >
        <X aria-hidden className="bs-icon-sm" />
      </button>
    </div>
  )
}
