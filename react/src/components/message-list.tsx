/** The conversation: history above, new messages below, and the reader's place kept (see `use-reading-position.ts`). */
import { groupMessages, isWritten, type ReadyChat } from '@bedside/core'
import { ArrowDown } from 'lucide-react'
import { type ReactNode, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react'
import { useText } from '../strings/strings-provider.tsx'
import { ChatRow } from './chat-row.tsx'
import { HistoryStart } from './history-start.tsx'
import { IncomingAnnouncer } from './incoming-announcer.tsx'
import type { MessageVerbs } from './message-actions.tsx'
import { useReadingPosition } from './use-reading-position.ts'

/** What scrolls must be reachable by keyboard, though it is no control. */
const focusable = { tabIndex: 0 }

export interface MessageListProps {
  chat: ReadyChat
  /** What can be done with a message; without them nothing can. */
  verbs?: MessageVerbs
  onLoadOlder(): void
  onRetry(id: string): void
  onDiscard(id: string): void
  /** Everything up to this seq has been on the screen. Called often; never twice for the same. */
  onSeen(seq: number): void
  /** Shown while nobody has written. */
  empty: ReactNode
}

export function MessageList({
  chat,
  verbs,
  onLoadOlder,
  onRetry,
  onDiscard,
  onSeen,
  empty,
}: MessageListProps) {
  const { strings, timeZone } = useText()
  const { messages, outgoing, openedAtReadSeq, me } = chat
  const titleId = useId()
  const container = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const [seenSeq, setSeenSeq] = useState(openedAtReadSeq)

  useEffect(() => {
    if (seenSeq > openedAtReadSeq) onSeen(seenSeq)
  }, [seenSeq, openedAtReadSeq, onSeen])
  const see = useCallback((seq: number) => setSeenSeq(before => Math.max(before, seq)), [])
  const isOlderIdle = !chat.isLoadingOlder && chat.olderError === null
  const canLoadOlder = chat.hasOlder && isOlderIdle && chat.freshness === 'live'
  const nearStart = useCallback(() => {
    if (canLoadOlder) onLoadOlder()
  }, [canLoadOlder, onLoadOlder])
  const { isFollowing, goToEnd } = useReadingPosition({
    container,
    content,
    onSeen: see,
    onNearStart: nearStart,
  })

  // One's own message is always shown, wherever one was reading.
  const newestOutgoing = outgoing.at(-1)?.id
  const shownOutgoing = useRef(newestOutgoing)
  useEffect(() => {
    if (newestOutgoing !== undefined && newestOutgoing !== shownOutgoing.current) goToEnd()
    shownOutgoing.current = newestOutgoing
  }, [newestOutgoing, goToEnd])

  const items = useMemo(
    () => groupMessages(messages, outgoing, { timeZone, openedAtReadSeq, me }),
    [messages, outgoing, openedAtReadSeq, me, timeZone],
  )
  const newCount = messages.filter(
    message => message.seq > seenSeq && isWritten(message) && message.senderId !== me,
  ).length
  const latestMineSeq = messages.findLast(message => message.senderId === me)?.seq ?? null

  return (
    <div className="bs-messages">
      <h2 id={titleId} className="bs-sr-only">
        {strings.chat.messages}
      </h2>
      <section ref={container} className="bs-scroller" aria-labelledby={titleId} {...focusable}>
        <div ref={content} className="bs-list">
          <HistoryStart chat={chat} onLoadOlder={onLoadOlder} />
          {items.length === 0 && empty}
          {items.map(item => (
            <ChatRow
              key={item.key}
              item={item}
              chat={chat}
              verbs={verbs}
              latestMineSeq={latestMineSeq}
              onRetry={onRetry}
              onDiscard={onDiscard}
            />
          ))}
        </div>
      </section>
      {!isFollowing && (
        <button
          type="button"
          className="bs-pill"
          data-state={newCount > 0 ? 'new' : 'quiet'}
          onClick={goToEnd}
        >
          <ArrowDown aria-hidden className="bs-icon-sm" />
          {newCount > 0 ? (
            strings.list.newMessages(newCount)
          ) : (
            <span className="bs-sr-only">{strings.list.toLatest}</span>
          )}
        </button>
      )}
      <IncomingAnnouncer chat={chat} />
    </div>
  )
}
