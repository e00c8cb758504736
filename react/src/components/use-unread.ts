/** Where a chat begins: at the first message that was not read, fetched if it is not too far back, else at the end. */
import type { ReadyChat } from '@bedside/core'
import { useEffect, useMemo, useState } from 'react'

/** More than these nobody reads one after another; and each fifty are a call. */
export const UNREAD_FETCHED_MAX = 500

export interface Unread {
  /** Of the unread line; -1: there is none. */
  index: number
  /** What was not read is still being fetched, or nothing is known yet but what was here at the last visit. */
  isOpening: boolean
}

export function useUnread(
  chat: ReadyChat,
  items: readonly { is: string }[],
  canLoadOlder: boolean,
  onLoadOlder: () => void,
): Unread {
  const { messages, openedAtReadSeq, freshness, hasOlder, olderError } = chat
  const [isOpening, setIsOpening] = useState(true)
  const isBefore = hasOlder && olderError === null && (messages[0]?.seq ?? 0) > openedAtReadSeq + 1
  const isWorthIt = (messages.at(-1)?.seq ?? 0) - openedAtReadSeq <= UNREAD_FETCHED_MAX
  if (isOpening && freshness === 'live' && !(isBefore && isWorthIt)) setIsOpening(false)
  useEffect(() => {
    if (isOpening && canLoadOlder && isBefore && isWorthIt) onLoadOlder()
  }, [isOpening, canLoadOlder, isBefore, isWorthIt, onLoadOlder])
  const index = useMemo(() => items.findIndex(item => item.is === 'unread'), [items])
  return { index, isOpening }
}
