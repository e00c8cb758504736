import { useText } from '../strings/strings-provider.tsx'

/** Between what was read before this visit and what came since. */
export function UnreadLine() {
  const { strings } = useText()
  return (
    <h3 className="bs-unread-line" data-unread-line>
      <span>{strings.list.unreadLine}</span>
    </h3>
  )
}
