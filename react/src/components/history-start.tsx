import type { ReadyChat } from '@bedside/core'
import { useText } from '../strings/strings-provider.tsx'

/** The top of the conversation: its beginning, or the way to what came before. */
export function HistoryStart({ chat, onLoadOlder }: { chat: ReadyChat; onLoadOlder(): void }) {
  const { strings } = useText()
  if (chat.hasOlder && chat.freshness === 'cached') {
    return <p className="bs-history-start">{strings.list.olderLater}</p>
  }
  if (!chat.hasOlder) {
    return chat.messages.length === 0 ? null : <p className="bs-history-start">{strings.list.start}</p>
  }
  const state = chat.isLoadingOlder ? 'loading' : chat.olderError !== null ? 'failed' : 'more'
  const label = {
    loading: strings.list.loadingOlder,
    failed: strings.app.tryAgain,
    more: strings.list.loadOlder,
  }[state]
  return (
    <div className="bs-history-start" data-state={state}>
      {state === 'failed' && <p role="alert">{strings.list.olderFailed}</p>}
      <button type="button" className="bs-button" aria-disabled={state === 'loading'} onClick={onLoadOlder}>
        {label}
      </button>
    </div>
  )
}
