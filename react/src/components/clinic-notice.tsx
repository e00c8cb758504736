/** A text of the clinic's administrators for everyone in the chat: more than an event, and nobody's message. */
import type { Message } from '@bedside/core'
import { Ban, Megaphone } from 'lucide-react'
import { useTimeTitle } from '../strings/clinic-time.tsx'
import { useText } from '../strings/strings-provider.tsx'
import { MessageText } from './message-text.tsx'

export function ClinicNotice({ message }: { message: Message }) {
  const { strings, dates } = useText()
  const titleOf = useTimeTitle()
  return (
    <div className="bs-notice" data-seq={message.seq}>
      <p className="bs-notice-title">
        <Megaphone aria-hidden className="bs-icon-sm" />
        <strong>{strings.events.notice()}</strong>
        <time dateTime={message.createdAt} title={titleOf(message.createdAt)}>
          {dates.time(message.createdAt)}
        </time>
      </p>
      {message.body === null ? (
        <p className="bs-note">
          <Ban aria-hidden className="bs-icon-sm" />
          {strings.message.erased}
        </p>
      ) : (
        <MessageText text={message.body} />
      )}
    </div>
  )
}
