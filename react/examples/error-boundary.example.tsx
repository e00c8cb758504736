import { ErrorBoundary } from '@bedside/react'
import { useState } from 'react'
import type { Example } from './example.ts'

export const example: Example = {
  about: 'Keeps what breaks from taking the rest with it: one around each message, each room and each page.',
  states: { 'Something that breaks when asked to': Fragile },
}

function Fragile() {
  const [isBroken, setIsBroken] = useState(false)
  return (
    <ErrorBoundary
      fallback={retry => (
        <p>
          This could not be shown.{' '}
          <button
            type="button"
            className="bs-button"
            onClick={() => {
              setIsBroken(false)
              retry()
            }}
          >
            Try again
          </button>
        </p>
      )}
    >
      {isBroken ? <Broken /> : null}
      <button type="button" className="bs-button" onClick={() => setIsBroken(true)}>
        Break it
      </button>
    </ErrorBoundary>
  )
}

function Broken(): never {
  throw new Error('Broken on purpose, by the example.')
}
