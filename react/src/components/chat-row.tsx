import type { ReadyChat } from '@bedside/core'
import type { ChatItem } from './chat-items.ts'
import { ClinicNotice } from './clinic-notice.tsx'
import { DateLine } from './date-line.tsx'
import type { MessageVerbs } from './message-actions.tsx'
import { MessageRow } from './message-row.tsx'
import { SystemEventLine } from './system-event.tsx'
import { UnreadLine } from './unread-line.tsx'

export interface ChatRowProps {
  item: ChatItem
  chat: ReadyChat
  verbs: MessageVerbs | undefined
  /** The last message of one's own in the whole chat: its receipt is written out. */
  latestMineSeq: number | null
  onRetry(id: string): void
  onDiscard(id: string): void
  /** Goes to another message, where one is answered. */
  onShow?: ((id: string) => void) | undefined
}

/** One row of the conversation, whatever it is. */
export function ChatRow({ item, ...props }: ChatRowProps) {
  const { chat } = props
  switch (item.is) {
    case 'day':
      return <DateLine at={item.at} />
    case 'unread':
      return <UnreadLine />
    case 'event':
      return item.message.event?.type === 'notice' ? (
        <ClinicNotice message={item.message} />
      ) : (
        <SystemEventLine message={item.message} participants={chat.room.participants} />
      )
    case 'message':
    case 'outgoing':
      return <MessageRow item={item} {...props} />
  }
}
