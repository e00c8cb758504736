// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { ErrorBoundary } from './error-boundary.tsx'

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

let isBroken = false

function Fragile() {
  if (isBroken) throw new Error('broken on purpose')
  return <p>whole</p>
}

test('U11 an error stays in its place, and can be tried again or left behind', () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  isBroken = true
  const view = (resetKey: string) => (
    <>
      <p>beside</p>
      <ErrorBoundary
        resetKey={resetKey}
        fallback={retry => (
          <button type="button" onClick={retry}>
            again
          </button>
        )}
      >
        <Fragile />
      </ErrorBoundary>
    </>
  )
  const { rerender } = render(view('a'))
  expect(screen.getByText('beside')).toBeTruthy()
  fireEvent.click(screen.getByText('again'))
  expect(screen.queryByText('whole')).toBeNull()
  isBroken = false
  fireEvent.click(screen.getByText('again'))
  expect(screen.getByText('whole')).toBeTruthy()

  isBroken = true
  rerender(view('a'))
  expect(screen.getByText('again')).toBeTruthy()
  isBroken = false
  rerender(view('b'))
  expect(screen.getByText('whole')).toBeTruthy()
})
