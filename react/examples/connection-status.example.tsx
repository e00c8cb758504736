import { ConnectionStatus } from '@bedside/react'
import type { Example } from './example.ts'

const inAMoment = () => new Date(Date.now() + 20_000).toISOString()
const nothing = () => {}

export const example: Example = {
  about:
    'Says when the chat is out of reach, when it tries again, and how many messages wait. Silent while all is well.',
  states: {
    'Connecting for the first time': () => (
      <ConnectionStatus connection={{ is: 'connecting' }} onReconnect={nothing} />
    ),
    'As it was at the last visit': () => (
      <ConnectionStatus connection={{ is: 'connecting' }} freshness="cached" onReconnect={nothing} />
    ),
    'Trying again': () => (
      <ConnectionStatus
        connection={{ is: 'reconnecting', attempt: 3, nextTryAt: inAMoment() }}
        queued={2}
        onReconnect={nothing}
      />
    ),
    'Not let in': () => (
      <ConnectionStatus connection={{ is: 'blocked', nextTryAt: inAMoment() }} onReconnect={nothing} />
    ),
    Offline: () => <ConnectionStatus connection={{ is: 'offline' }} queued={1} onReconnect={nothing} />,
  },
}
