import { useText } from '@bedside/react'
import { useId, useLayoutEffect, useRef } from 'react'

export interface IdleWarningProps {
  secondsLeft: number
  onStay(): void
  onLeave(): void
}

/** Said aloud at the beginning, every half a minute and near the end; seen every second. */
const isTold = (seconds: number) => seconds % 30 === 0 || seconds === 10

/** The browser's own modal dialog: it traps the focus, and Escape is "stay". */
export function IdleWarning({ secondsLeft, onStay, onLeave }: IdleWarningProps) {
  const { strings } = useText()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const told = useRef(secondsLeft)
  if (isTold(secondsLeft)) told.current = secondsLeft
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    // Closed before it goes, it gives the focus back to what had it.
    return () => element?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      className="sheet"
      onCancel={event => {
        event.preventDefault()
        onStay()
      }}
    >
      <div className="grid gap-4 p-6 pb-[max(1.5rem,env(safe-area-inset-bottom))] sm:p-8">
        <h2 id={`${id}-title`} className="text-2xl font-bold tracking-tight">
          {strings.idle.title}
        </h2>
        <p id={`${id}-text`}>{strings.idle.text}</p>
        <p aria-hidden className="text-xl font-bold tabular-nums">
          {strings.idle.left(secondsLeft)}
        </p>
        <p role="status" className="sr-only">
          {strings.idle.left(told.current)}
        </p>
        <div className="flex flex-wrap gap-3 max-sm:flex-col">
          <button type="button" className="bs-button min-h-13" data-tone="accent" onClick={onStay}>
            {strings.idle.stay}
          </button>
          <button type="button" className="bs-button min-h-13" onClick={onLeave}>
            {strings.app.signOut}
          </button>
        </div>
      </div>
    </dialog>
  )
}
