/**
 * The conversation: history above, new messages below, and the reader's place kept (see `use-reading-position.ts`). Of a
 * long one only what is near the screen is in the page, and whatever has the focus.
 */
import { isWritten, type ReadyChat } from '@bedside/core'
import { ArrowDown } from 'lucide-react'
import { type ReactNode, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import { useText } from '../strings/strings-provider.tsx'
import { createItemReader } from './chat-items.ts'
import { ChatRow } from './chat-row.tsx'
import { HistoryStart } from './history-start.tsx'
import { IncomingAnnouncer, since } from './incoming-announcer.tsx'
import { LastIndex, ListBox, ListItem } from './list-item.tsx'
import type { MessageVerbs } from './message-actions.tsx'
import { useIsPrinting } from './printing.tsx'
import { useFocusedKey } from './use-focused-key.ts'
import { useIsHistoryAdded } from './use-is-history-added.ts'
import { useReadingPosition } from './use-reading-position.ts'
import { useShownMessage } from './use-shown-message.ts'
import { useUnread } from './use-unread.ts'

/** What scrolls must be reachable by keyboard, though it is no control. */
const focusable = { tabIndex: 0 }
/** To the first message that was not read. */
const UNREAD_KEY = 'U'
/** So that one sees what stood before it. */
const QUOTED_TOP_PX = 96
const START = { is: 'start', key: 'start' } as const

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
  const list = useRef<VirtualizerHandle>(null)
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

  const readItems = useMemo(() => createItemReader(), [])
  const items = useMemo(
    () => [START, ...readItems(messages, outgoing, { timeZone, openedAtReadSeq, me })],
    [readItems, messages, outgoing, openedAtReadSeq, me, timeZone],
  )
  const unread = useUnread(chat, items, canLoadOlder, onLoadOlder)
  const placeOf = useCallback(
    (seq: number) =>
      items.findIndex(item => 'message' in item && 'seq' in item.message && item.message.seq === seq),
    [items],
  )
  const { isFollowing, goToEnd, goToItem, settle } = useReadingPosition({
    container,
    list,
    items,
    placeOf,
    unreadIndex: unread.index,
    isOpening: unread.isOpening,
    isEmpty: items.length === 1,
    onSeen: see,
    onNearStart: nearStart,
  })
  const focused = useFocusedKey(items)
  const isPrinting = useIsPrinting()
  const isHistoryAdded = useIsHistoryAdded(items)

  const showFound = useCallback(
    (index: number) => {
      goToItem(index, QUOTED_TOP_PX, row => row?.querySelector<HTMLElement>('.bs-row')?.focus())
    },
    [goToItem],
  )
  const show = useShownMessage({
    items,
    isOver: !chat.hasOlder || chat.olderError !== null,
    canLoadOlder,
    onLoadOlder,
    onFound: showFound,
  })

  // One's own message is always shown, wherever one was reading.
  const newestOutgoing = outgoing.at(-1)?.id
  const shownOutgoing = useRef(newestOutgoing)
  useEffect(() => {
    if (newestOutgoing !== undefined && newestOutgoing !== shownOutgoing.current) goToEnd()
    shownOutgoing.current = newestOutgoing
  }, [newestOutgoing, goToEnd])

  const newCount = since(messages, seenSeq).filter(
    message => isWritten(message) && message.senderId !== me,
  ).length
  const latestMineSeq = messages.findLast(message => message.senderId === me)?.seq ?? null

  return (
    <div className="bs-messages">
      <h2 id={titleId} className="bs-sr-only">
        {strings.chat.messages}
      </h2>
      <section
        ref={container}
        className="bs-scroller"
        aria-labelledby={titleId}
        aria-keyshortcuts={unread.index < 0 ? undefined : UNREAD_KEY}
        onKeyDown={event => {
          const isWriting = event.target instanceof HTMLElement && event.target.matches('input, textarea')
          const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey
          if (isWriting || !isPlain) return
          if (event.key.toUpperCase() === UNREAD_KEY && unread.index >= 0) goToItem(unread.index)
          // What a browser scrolls to smoothly has moved before it arrives.
          else if (event.key === 'End') goToEnd()
          else if (event.key === 'Home') goToItem(0)
          else return
          event.preventDefault()
        }}
        {...focused.listeners}
        {...focusable}
      >
        {items.length === 1 ? (
          <div className="bs-list-empty">
            <HistoryStart chat={chat} onLoadOlder={onLoadOlder} />
            {empty}
          </div>
        ) : (
          <LastIndex value={items.length - 1}>
            <Virtualizer
              ref={list}
              data={items}
              shift={isHistoryAdded}
              keepMounted={isPrinting ? [...items.keys()] : focused.indexes}
              onResize={settle}
              as={ListBox}
              item={ListItem}
            >
              {item =>
                item.is === 'start' ? (
                  <div key={item.key} className="bs-item-start">
                    <HistoryStart chat={chat} onLoadOlder={onLoadOlder} />
                  </div>
                ) : (
                  <ChatRow
                    key={item.key}
                    item={item}
                    chat={chat}
                    verbs={verbs}
                    latestMineSeq={latestMineSeq}
                    onRetry={onRetry}
                    onDiscard={onDiscard}
                    onShow={show}
                  />
                )
              }
            </Virtualizer>
          </LastIndex>
        )}
      </section>
      {!isFollowing && (
        <button
          type="button"
          className="bs-pill"
          data-state={newCount > 0 ? 'new' : 'quiet'}
          onClick={() => {
            container.current?.focus()
            goToEnd()
          }}
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
