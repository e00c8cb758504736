import { TypingIndicator } from '@bedside/react'
import { doctor, patient } from '../src/testing/clinic.ts'
import { people } from './conversation.ts'
import type { Example } from './example.ts'

export const example: Example = {
  about: 'Who is writing now. Its line keeps its height, so that nothing jumps.',
  states: {
    Nobody: () => <TypingIndicator typing={[]} participants={people} />,
    One: () => <TypingIndicator typing={[doctor.id]} participants={people} />,
    Two: () => <TypingIndicator typing={[doctor.id, patient.id]} participants={people} />,
  },
}
