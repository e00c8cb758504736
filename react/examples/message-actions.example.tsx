import { MessageActions, MessageBubble } from '@bedside/react'
import { doctor, message, patient } from '../src/testing/clinic.ts'
import type { Example } from './example.ts'

const mine = message(2, patient.id, 'I will be ten minutes late.', { createdAt: new Date().toISOString() })
const theirs = message(3, doctor.id, 'No problem, thank you for telling us.')
const verbs = { onReply: () => {}, onEdit: () => {}, onRetract: () => Promise.resolve() }

export const example: Example = {
  about:
    'What can be done with a message: answer, copy, and for one’s own edit and remove while there is time.',
  states: {
    'One’s own': () => (
      <MessageActions message={mine} isMine canWrite {...verbs}>
        <MessageBubble message={mine} isMine />
      </MessageActions>
    ),
    'Somebody else’s': () => (
      <MessageActions message={theirs} isMine={false} canWrite {...verbs}>
        <MessageBubble message={theirs} isMine={false} />
      </MessageActions>
    ),
    'Where nothing can be written': () => (
      <MessageActions message={mine} isMine canWrite={false} {...verbs}>
        <MessageBubble message={mine} isMine />
      </MessageActions>
    ),
  },
}
