import { ChatError } from '@bedside/core'
import { MessageList } from '@bedside/react'
import { outgoing, readyChat } from '../src/testing/clinic.ts'
import { conversation } from './conversation.ts'
import type { Example } from './example.ts'

const nothing = () => {}

export const example: Example = {
  about: 'The messages, grouped by sender and day, with those that are still on their way at the end.',
  states: {
    'With unread messages': () => (
      <MessageList
        chat={readyChat({ messages: conversation, openedAtReadSeq: 3 })}
        onLoadOlder={nothing}
        onRetry={nothing}
        onDiscard={nothing}
        onSeen={nothing}
        empty={null}
      />
    ),
    'Waiting, and refused': () => (
      <MessageList
        chat={readyChat({
          messages: conversation,
          openedAtReadSeq: 5,
          outgoing: [
            outgoing('o1', 'I will be ten minutes late.', {
              is: 'failed',
              error: new ChatError('unavailable'),
            }),
            outgoing('o2', 'Sorry.', { is: 'queued', waitsFor: 'earlier' }),
          ],
        })}
        onLoadOlder={nothing}
        onRetry={nothing}
        onDiscard={nothing}
        onSeen={nothing}
        empty={null}
      />
    ),
  },
}
