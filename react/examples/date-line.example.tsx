import { DateLine } from '@bedside/react'
import type { Example } from './example.ts'

export const example: Example = {
  about: 'Stands between two days, in the person’s own zone.',
  states: {
    Today: () => <DateLine at={new Date().toISOString()} />,
    Yesterday: () => <DateLine at={new Date(Date.now() - 86_400_000).toISOString()} />,
    'Long ago': () => <DateLine at="2024-02-29T12:00:00.000Z" />,
  },
}
