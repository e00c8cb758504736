/** One message that the server has. What kind it is decides how it looks; every kind has a form, known or not. */
import type { Message } from '@bedside/core'
import { Ban, FileText, Image } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTimeTitle } from '../strings/clinic-time.tsx'
import { isolate } from '../strings/isolate.ts'
import { useText } from '../strings/strings-provider.tsx'
import { MessageText } from './message-text.tsx'
import { useIsPrinting } from './printing.tsx'

export interface MessageBubbleProps {
  message: Message
  isMine: boolean
  /** The message that this one answers, as far as it is loaded. */
  quote?: { name: string; text: string | null } | null
  /** Goes there. */
  onShowQuoted?: (() => void) | undefined
  /** A ReceiptMark, for one's own. */
  receipt?: ReactNode
}

export function MessageBubble({ message, isMine, quote, onShowQuoted, receipt }: MessageBubbleProps) {
  const { strings, dates } = useText()
  const titleOf = useTimeTitle()
  const absence = absenceOf(message)
  return (
    <div
      className="bs-bubble"
      data-mine={isMine || undefined}
      data-state={absence ?? (message.editedAt ? 'edited' : 'plain')}
      data-seq={message.seq}
    >
      {message.replyTo !== null && absence === null && <Quote quote={quote ?? null} onShow={onShowQuoted} />}
      <BubbleContent message={message} isMine={isMine} />
      <p className="bs-bubble-meta">
        {message.editedAt !== null && absence === null && (
          <span title={strings.message.editedAt(dates.dayAndTime(message.editedAt))}>
            {strings.message.edited}
          </span>
        )}
        <time dateTime={message.createdAt} title={titleOf(message.createdAt)}>
          {dates.time(message.createdAt)}
        </time>
        {receipt}
      </p>
    </div>
  )
}

/** Why there is nothing to be read of it any more. */
export function absenceOf(message: Message): 'erased' | 'retracted' | null {
  if (message.erasedAt !== null) return 'erased'
  return message.retractedAt === null ? null : 'retracted'
}

function BubbleContent({ message, isMine }: { message: Message; isMine: boolean }) {
  const { strings } = useText()
  const isPrinting = useIsPrinting()
  const absence = absenceOf(message)
  if (absence !== null) {
    const retracted = isMine && !isPrinting ? strings.message.retractedMine : strings.message.retracted
    return (
      <p className="bs-note">
        <Ban aria-hidden className="bs-icon-sm" />
        {absence === 'erased' ? strings.message.erased : retracted}
      </p>
    )
  }
  return (
    <>
      {message.kind === 'image' && (
        <AttachmentRow icon={<Image aria-hidden />} label={strings.message.image} />
      )}
      {message.kind === 'file' && (
        <AttachmentRow icon={<FileText aria-hidden />} label={strings.message.file} />
      )}
      {message.body !== null && message.body !== '' && <MessageText text={message.body} />}
    </>
  )
}

function AttachmentRow({ icon, label }: { icon: ReactNode; label: string }) {
  const { strings } = useText()
  return (
    <div className="bs-attachment">
      {icon}
      <p>
        <strong>{label}</strong>
        <span>{strings.message.attachmentPending}</span>
      </p>
    </div>
  )
}

function Quote({
  quote,
  onShow,
}: {
  quote: { name: string; text: string | null } | null
  onShow: (() => void) | undefined
}) {
  const { strings } = useText()
  const words = quote ? (
    <>
      <span className="bs-quote-name">{strings.message.replyTo(isolate(quote.name))}</span>
      {quote.text !== null && <span dir="auto">{quote.text}</span>}
    </>
  ) : (
    <span>{strings.message.replyToMissing}</span>
  )
  return (
    <blockquote className="bs-quote">
      {onShow ? (
        <button type="button" onClick={onShow}>
          {words}
        </button>
      ) : (
        words
      )}
    </blockquote>
  )
}
