// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, test } from 'vitest'
import { isolate } from '../strings/isolate.ts'
import { StringsProvider } from '../strings/strings-provider.tsx'
import { doctor, otherDoctor, participant, patient } from '../testing/clinic.ts'
import { TypingIndicator } from './typing-indicator.tsx'

afterEach(cleanup)

const nurse = { ...otherDoctor, id: 'd3', displayName: 'Nurse Bell' }
const participants = [patient, doctor, otherDoctor, nurse].map(each => participant(each))

describe('who types', () => {
  test.each([
    [[], ''],
    [['d1'], `${isolate('Dr. Amara Okafor')} is typing…`],
    [['d1', 'd2'], `${isolate('Dr. Amara Okafor')} and ${isolate('Dr. Luis Ortega')} are typing…`],
    [['d1', 'd2', 'd3'], '3 people are typing…'],
    [['nobody', 'd2'], `${isolate('Dr. Luis Ortega')} is typing…`],
  ])('U34 is said in words: %j', (typing, text) => {
    render(<TypingIndicator typing={typing} participants={participants} />)
    expect(screen.getByRole('status').textContent).toBe(text)
  })

  test('U34 is said in the reader’s language, in a line that stays when it is over', async () => {
    const { rerender } = render(
      <StringsProvider locale="es-ES" timeZone="Europe/Madrid">
        <TypingIndicator typing={['d1']} participants={participants} />
      </StringsProvider>,
    )
    const line = await screen.findByRole('status')
    expect(line.textContent).toContain('está escribiendo…')
    rerender(
      <StringsProvider locale="es-ES" timeZone="Europe/Madrid">
        <TypingIndicator typing={[]} participants={participants} />
      </StringsProvider>,
    )
    expect(screen.getByRole('status')).toBe(line)
    expect(line.textContent).toBe('')
  })
})
