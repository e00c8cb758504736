import { ChatError } from '@bedside/core'
import { QuickReplies } from '@bedside/react'
import type { Example } from './example.ts'

const nothing = () => {}
const replies = [
  { id: 'q1', title: 'Come fasting', body: 'Please come without breakfast.', locale: null, isShared: true },
  { id: 'q2', title: 'Thanks', body: 'Thank you for telling us.', locale: null, isShared: false },
]

export const example: Example = {
  about:
    'The clinic’s ready-made answers, for staff. A chosen one is put where the cursor is, to be read over and sent.',
  states: {
    'Two answers': () => <QuickReplies load={() => Promise.resolve(replies)} onChoose={nothing} />,
    None: () => <QuickReplies load={() => Promise.resolve([])} onChoose={nothing} />,
    'Out of reach': () => (
      <QuickReplies load={() => Promise.reject(new ChatError('offline'))} onChoose={nothing} />
    ),
  },
}
