import { MessageBubble, ReceiptMark } from '@bedside/react'
import { doctor, message, patient } from '../src/testing/clinic.ts'
import type { Example } from './example.ts'

export const example: Example = {
  about: 'One message: text, edited, answering another, removed, or gone because its time was over.',
  states: {
    'One’s own': () => (
      <MessageBubble
        message={message(1, patient.id, 'Should I come without breakfast?')}
        isMine
        receipt={<ReceiptMark state="read" />}
      />
    ),
    'Somebody else’s': () => (
      <MessageBubble message={message(2, doctor.id, 'Yes please.\nWater is fine.')} isMine={false} />
    ),
    'An answer': () => (
      <MessageBubble
        message={message(3, doctor.id, 'Take them afterwards.', { replyTo: 'm1' })}
        isMine={false}
        quote={{ name: 'Margaret Ellis', text: 'Should I take my tablets?' }}
      />
    ),
    Edited: () => (
      <MessageBubble
        message={message(4, doctor.id, 'At ten, not at eleven.', { editedAt: '2026-11-23T09:30:00.000Z' })}
        isMine={false}
      />
    ),
    Removed: () => (
      <MessageBubble
        message={message(5, doctor.id, null, { retractedAt: '2026-11-23T09:30:00.000Z' })}
        isMine={false}
      />
    ),
    'Erased, when its time was over': () => (
      <MessageBubble
        message={message(6, patient.id, null, { erasedAt: '2036-11-23T09:30:00.000Z' })}
        isMine
      />
    ),
    'One long word': () => <MessageBubble message={message(7, doctor.id, 'a'.repeat(400))} isMine={false} />,
  },
}
