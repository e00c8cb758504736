import { memo } from 'react'
import { LinkedText } from './linked-text.tsx'

/** A message's words: its links, its line breaks, its own direction. */
export const MessageText = memo(function MessageText({ text }: { text: string }) {
  return (
    <p className="bs-message-text" dir="auto">
      <LinkedText text={text} />
    </p>
  )
})
