import * as bedside from '@bedside/react'
import { StringsProvider } from '@bedside/react'
import { cleanup, render } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { contrastOf } from './contrast.ts'
import { entries } from './registry.ts'

afterEach(cleanup)

it('U100 every component that the package exports has a live example', () => {
  const components = Object.keys(bedside).filter(name => /^[A-Z]/.test(name))
  expect(entries.map(({ name }) => name).sort()).toEqual(components.sort())
})

const states = entries.flatMap(({ name, states }) =>
  Object.entries(states).map(([title, State]) => [name, title, State] as const),
)

it.each(states)('U100 the example of %s shows: %s', async (name, title, State) => {
  const complaints = vi.spyOn(console, 'error')
  const { container } = render(
    <StringsProvider locale="en-GB" timeZone="Europe/London">
      <State />
    </StringsProvider>,
  )
  // Nobody types: that line is there, and empty.
  const isBlank = name === 'TypingIndicator' && title === 'Nobody'
  // Another language's table is loaded first.
  if (!isBlank) await vi.waitFor(() => expect(container.textContent).not.toBe(''))
  expect(complaints).not.toHaveBeenCalled()
  complaints.mockRestore()
})

it('U101 the contrast of two colours is as WCAG counts it', () => {
  expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21)
  expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  expect(contrastOf('#ffffff', '#ffffff')).toBe(1)
})
