import { ClinicZone, useClinicTime, useText } from '@bedside/react'
import { appointment } from '../src/testing/clinic.ts'
import type { Example } from './example.ts'

const { startsAt, endsAt } = appointment()

function Visit() {
  const { dates } = useText()
  return (
    <p>
      {dates.timeRange(startsAt, endsAt)}
      <br />
      {useClinicTime().range(startsAt, endsAt)}
    </p>
  )
}

const at = (timeZone: string) => () => (
  <ClinicZone timeZone={timeZone}>
    <Visit />
  </ClinicZone>
)

export const example: Example = {
  about: 'Gives what is below it the clinic’s time, for readers whose clock shows another one.',
  states: {
    'The same time at the clinic': at('Europe/London'),
    'Another hour': at('Europe/Madrid'),
    'Another day': at('Pacific/Auckland'),
  },
}
