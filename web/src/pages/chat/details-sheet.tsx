import { useText } from '@bedside/react'
import { X } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'

/** The browser's own modal dialog: it traps the focus, closes on Escape and Back gestures, and hides what is behind. */
export function DetailsSheet(props: { isOpen: boolean; onClose(): void; children: ReactNode }) {
  const { isOpen, onClose, children } = props
  const { strings } = useText()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const element = dialog.current
    if (element === null || element.open === isOpen) return
    if (isOpen) element.showModal()
    else element.close()
  }, [isOpen])
  // A tap outside closes it as Escape does: the backdrop is the dialog itself, its content is another element.
  useEffect(() => {
    const element = dialog.current
    const onClick = (event: MouseEvent) => {
      if (event.target === element) onClose()
    }
    element?.addEventListener('click', onClick)
    return () => element?.removeEventListener('click', onClick)
  }, [onClose])
  return (
    <dialog ref={dialog} className="sheet" aria-label={strings.chat.details} onClose={onClose}>
      <div className="p-5 pb-[max(1.5rem,env(safe-area-inset-bottom))]">
        <button
          type="button"
          aria-label={strings.app.close}
          onClick={onClose}
          className="float-end -me-1 -mt-1 grid size-11 cursor-pointer place-items-center rounded-xl hover:bg-sunken"
        >
          <X aria-hidden className="size-6" />
        </button>
        {isOpen && children}
      </div>
    </dialog>
  )
}
