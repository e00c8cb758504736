import type { ReadyChat } from '@bedside/core'
import type { ChatItem } from '@bedside/react'
import type { ReactNode } from 'react'

export interface ListProps {
  chat: ReadyChat
  items: readonly ChatItem[]
  /** The latest change was at the start. */
  isHistoryAdded: boolean
  children(item: ChatItem): ReactNode
}
