import { AwayNotice } from '@bedside/react'
import { doctor } from '../src/testing/clinic.ts'
import type { Example } from './example.ts'

/** An absence that is over is not shown. */
const backAt = new Date(Math.ceil(Date.now() / 86_400_000 + 4) * 86_400_000 + 9 * 3_600_000).toISOString()
const away = (note: string | null) => ({ userId: doctor.id, backAt, note })
const note = 'I am at a congress. Dr. Ortega reads your messages on Tuesday and Thursday.'

export const example: Example = {
  about:
    'Above the composer, for the patient’s side: the doctor is away, until when, and what to do meanwhile.',
  states: {
    'With a note and a number': () => (
      <AwayNotice away={away(note)} doctor={doctor} canWrite phone="+44 20 7946 0000" />
    ),
    'Without a number': () => <AwayNotice away={away(null)} doctor={doctor} canWrite />,
    'Where one cannot write': () => <AwayNotice away={away(null)} doctor={doctor} />,
    'A note in another script': () => (
      <AwayNotice away={away('أعود يوم الاثنين. يُرجى الاتصال بالعيادة.')} doctor={doctor} />
    ),
  },
}
