import { EmergencyNotice } from '@bedside/react'
import { clinic } from './conversation.ts'
import type { Example } from './example.ts'

export const example: Example = {
  about:
    'Above a patient’s composer, always: this is no place for emergencies, and how soon an answer comes.',
  states: {
    'While the clinic is open': () => <EmergencyNotice clinic={clinic} />,
    'While it is closed': () => (
      <EmergencyNotice clinic={{ ...clinic, opensAt: new Date(Date.now() + 40_000_000).toISOString() }} />
    ),
    'Before the clinic is known': () => <EmergencyNotice />,
  },
}
