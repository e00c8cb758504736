import { useId } from 'react'
import { useText } from '../strings/strings-provider.tsx'
import { CopyButton } from './copy-button.tsx'

/** What somebody was writing at the moment when writing ended: shown, so that it can be said in another way. */
export function UnsentWords({ text }: { text: string }) {
  const { strings } = useText()
  const id = useId()
  return (
    <section className="bs-unsent" aria-labelledby={id}>
      <p id={id}>{strings.closed.written}</p>
      <blockquote className="bs-message-text" dir="auto">
        {text}
      </blockquote>
      <CopyButton text={text} />
    </section>
  )
}
