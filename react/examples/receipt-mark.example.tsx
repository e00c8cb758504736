import { ReceiptMark, type ReceiptMarkState } from '@bedside/react'
import { NOW } from '../src/testing/clinic.ts'
import type { Example } from './example.ts'

const STATES = {
  queued: 0,
  sending: 0,
  sent: 0,
  delivered: 0,
  read: 0,
  failed: 0,
} satisfies Record<ReceiptMarkState, unknown>

export const example: Example = {
  about: 'How far a message of one’s own has come. The word is always there for who hears the page.',
  states: {
    ...Object.fromEntries(
      (Object.keys(STATES) as ReceiptMarkState[]).map(state => [
        state,
        () => <ReceiptMark state={state} isWordy />,
      ]),
    ),
    'read today': () => <ReceiptMark state="read" at={new Date().toISOString()} isWordy />,
    'delivered on another day': () => <ReceiptMark state="delivered" at={NOW} isWordy />,
  },
}
