import { useText } from '../strings/strings-provider.tsx'

/** Beside the name of somebody who has the chat open now. Of who has not there is none: its colour says nothing by itself. */
export function PresenceDot() {
  const { strings } = useText()
  return (
    <span className="bs-presence" title={strings.chat.isHere}>
      <span className="bs-sr-only">{strings.chat.isHere}</span>
    </span>
  )
}
