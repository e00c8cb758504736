/** The product's own, with all that it keeps: place, focus, what was seen, what is announced. */
import { MessageList } from '@bedside/react'
import type { ListProps } from './list.ts'

const nothing = () => {}
const verbs = { onReply: nothing, onEdit: nothing, onRetract: () => Promise.reject(new Error('No server.')) }

export function List({ chat }: ListProps) {
  return (
    <MessageList
      chat={chat}
      verbs={verbs}
      onLoadOlder={nothing}
      onRetry={nothing}
      onDiscard={nothing}
      onSeen={nothing}
      empty={null}
    />
  )
}
