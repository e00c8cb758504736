import { UnreadLine } from '@bedside/react'
import type { Example } from './example.ts'

export const example: Example = {
  about: 'Before the first message that was new when the chat was opened.',
  states: { 'New messages': () => <UnreadLine /> },
}
