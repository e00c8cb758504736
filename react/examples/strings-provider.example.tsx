import { DateLine, StringsProvider } from '@bedside/react'
import type { Example } from './example.ts'

export const example: Example = {
  about: 'Gives everything below it a person’s language and time zone.',
  states: {
    'Spanish, in Madrid': () => (
      <StringsProvider locale="es-ES" timeZone="Europe/Madrid">
        <DateLine at="2026-02-28T23:30:00.000Z" />
      </StringsProvider>
    ),
    'A language without a table': () => (
      <StringsProvider locale="ja-JP" timeZone="Asia/Tokyo">
        <DateLine at="2026-02-28T23:30:00.000Z" />
      </StringsProvider>
    ),
  },
}
