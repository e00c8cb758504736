import { ChatError } from '@bedside/core'
import { OutgoingActions } from '@bedside/react'
import type { Example } from './example.ts'

const nothing = () => {}

export const example: Example = {
  about: 'Below a message that was refused: why, and the choice between sending it again and dropping it.',
  states: {
    'The server is gone': () => (
      <OutgoingActions error={new ChatError('unavailable')} onRetry={nothing} onDiscard={nothing} />
    ),
    'The chat was closed meanwhile': () => (
      <OutgoingActions
        error={new ChatError('reply-blocked', { detail: 'room_closed' })}
        onRetry={nothing}
        onDiscard={nothing}
      />
    ),
  },
}
