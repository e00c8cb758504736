/** Puts an emoji where the cursor is. The picker and its data come with the first opening. */
import { SmilePlus } from 'lucide-react'
import { lazy, Suspense, useId, useState } from 'react'
import { useText } from '../strings/strings-provider.tsx'
import { ErrorBoundary } from './error-boundary.tsx'

const EmojiPicker = lazy(() => import('./emoji-picker.tsx'))

export interface EmojiButtonProps {
  onChoose(emoji: string): void
  /** Closed without having chosen: the focus goes back to the text. */
  onLeave(): void
}

export function EmojiButton({ onChoose, onLeave }: EmojiButtonProps) {
  const { strings } = useText()
  const id = useId()
  const [isOpen, setIsOpen] = useState(false)
  const leave = () => {
    setIsOpen(false)
    onLeave()
  }
  return (
    <>
      <button
        type="button"
        className="bs-link-button bs-tool"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setIsOpen(!isOpen)}
      >
        <SmilePlus aria-hidden className="bs-icon-sm" />
        {strings.emoji.open}
      </button>
      {isOpen && (
        // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes it from within, wherever the focus is.
        <div
          id={id}
          className="bs-emoji"
          onKeyDown={event => {
            if (event.key !== 'Escape') return
            event.stopPropagation()
            leave()
          }}
        >
          <ErrorBoundary fallback={() => <p role="alert">{strings.emoji.failed}</p>}>
            <Suspense fallback={<p role="status">{strings.emoji.loading}</p>}>
              <EmojiPicker
                onChoose={emoji => {
                  setIsOpen(false)
                  onChoose(emoji)
                }}
              />
            </Suspense>
          </ErrorBoundary>
        </div>
      )}
    </>
  )
}
