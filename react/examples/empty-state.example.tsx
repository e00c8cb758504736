import { EmptyState } from '@bedside/react'
import { CalendarDays } from 'lucide-react'
import type { Example } from './example.ts'

export const example: Example = {
  about: 'A place where nothing is yet, and what to do about it.',
  states: {
    'No appointments': () => (
      <EmptyState icon={<CalendarDays />} title="No appointments">
        <p>Call the clinic to book one.</p>
      </EmptyState>
    ),
  },
}
