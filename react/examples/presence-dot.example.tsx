import { PresenceDot } from '@bedside/react'
import { doctor } from '../src/testing/clinic.ts'
import type { Example } from './example.ts'

export const example: Example = {
  about:
    'Beside the name of somebody who has the chat open now, with words for who hears it or points at it.',
  states: {
    'In the chat now': () => (
      <p>
        {doctor.displayName} <PresenceDot />
      </p>
    ),
  },
}
