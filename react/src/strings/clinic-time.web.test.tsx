// @vitest-environment happy-dom
import { cleanup, render } from '@testing-library/react'
import { afterEach, describe, expect, test } from 'vitest'
import { MessageBubble } from '../components/message-bubble.tsx'
import { doctor, message } from '../testing/clinic.ts'
import { ClinicZone } from './clinic-time.tsx'
import { StringsProvider } from './strings-provider.tsx'

afterEach(cleanup)

function titleFor(timeZone: string, clinicZone: string | null) {
  const { container } = render(
    <StringsProvider locale="en-GB" timeZone={timeZone}>
      <ClinicZone timeZone={clinicZone}>
        <MessageBubble message={message(1, doctor.id, 'Good morning')} isMine={false} />
      </ClinicZone>
    </StringsProvider>,
  )
  return container.querySelector('time')?.title
}

describe('U78 the title of a message’s time', () => {
  test('U78 has the clinic’s where its clock shows another', () => {
    expect(titleFor('America/New_York', 'Europe/London')).toMatch(
      /^23 Nov 2026, 0?4:01\nAt the clinic: 23 Nov 2026, 0?9:01$/,
    )
  })

  test.each([
    ['the reader is there', 'Europe/London', 'Europe/London'],
    ['both clocks show the same', 'Atlantic/Canary', 'Europe/London'],
    ['the clinic’s zone is not known', 'America/New_York', null],
    ['this browser does not know the zone', 'America/New_York', 'Mars/Olympus'],
  ])('U78 has nothing more where %s', (_, zone, clinicZone) => {
    expect(titleFor(zone, clinicZone)).toMatch(/^23 Nov 2026, \d?\d:01$/)
  })
})
