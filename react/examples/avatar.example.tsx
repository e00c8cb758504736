import type { Role } from '@bedside/core'
import { Avatar } from '@bedside/react'
import type { Example } from './example.ts'

const of = (name: string, role: Role) => () => <Avatar name={name} role={role} />

export const example: Example = {
  about: 'Initials of a person, beside the name: never instead of it.',
  states: {
    'A patient': of('Margaret Ellis', 'patient'),
    'A doctor': of('Dr. Amara Okafor', 'doctor'),
    'In Arabic': of('ليلى حداد', 'patient'),
  },
}
