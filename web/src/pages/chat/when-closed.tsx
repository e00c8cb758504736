import type { ReadyChat } from '@bedside/core'
import { useText } from '@bedside/react'
import { Link } from '@tanstack/react-router'

/** The way on from a chat in which nobody can write, as far as it is one of this app's pages. */
export function WhenClosed(props: { chat: ReadyChat | null; address: string; onShowDetails(): void }) {
  const { chat, address, onShowDetails } = props
  const { strings } = useText()
  if (chat?.room.replyBlock === 'consent_missing' && chat.freshness === 'live') {
    return (
      <Link to="/consent" search={{ next: address }} className="bs-button me-2 mt-3" data-tone="accent">
        {strings.consent.readAndAgree}
      </Link>
    )
  }
  return (
    <>
      {chat?.room.nextStep === 'confirm_appointment' && (
        // On a wide screen the details stand beside the chat.
        <button
          type="button"
          aria-haspopup="dialog"
          className="bs-button me-2 mt-3 lg:hidden"
          onClick={onShowDetails}
        >
          {strings.chat.details}
        </button>
      )}
      <Link to="/appointments" className="bs-button mt-3">
        {strings.chat.backToAppointments}
      </Link>
    </>
  )
}
