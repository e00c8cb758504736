// @vitest-environment happy-dom
import type { ConnectionState } from '@bedside/core'
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ConnectionStatus } from './connection-status.tsx'

const NOW = '2026-11-23T10:00:00.000Z'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(NOW) })
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

function show(connection: ConnectionState, queued = 0) {
  const onReconnect = vi.fn()
  const view = (now: ConnectionState) => (
    <ConnectionStatus connection={now} queued={queued} onReconnect={onReconnect} />
  )
  const { rerender, container } = render(view(connection))
  return { onReconnect, container, change: (now: ConnectionState) => rerender(view(now)) }
}

describe('U17 the connection', () => {
  test('is quiet while live', () => {
    expect(show({ is: 'live' }).container.textContent).toBe('')
  })

  test('counts down to the next try, for the eye only, and tries at once when asked', () => {
    const nextTryAt = new Date(Date.parse(NOW) + 8_000).toISOString()
    const { container, onReconnect, change } = show({ is: 'reconnecting', attempt: 2, nextTryAt })
    const countdown = container.querySelector('.bs-countdown')
    expect(countdown?.textContent).toBe('Next try in 8 s')
    expect(countdown?.getAttribute('aria-hidden')).toBe('true')
    act(() => vi.advanceTimersByTime(3_000))
    expect(countdown?.textContent).toBe('Next try in 5 s')
    fireEvent.click(screen.getByRole('button', { name: 'Try now' }))
    expect(onReconnect).toHaveBeenCalledTimes(1)
    change({ is: 'reconnecting', attempt: 2, nextTryAt: null })
    expect(countdown?.textContent).toBe('Trying now…')
  })

  test('says that messages come more slowly where Realtime lets nobody in, and tries again when asked', () => {
    const nextTryAt = new Date(Date.parse(NOW) + 30_000).toISOString()
    const { container, onReconnect } = show({ is: 'blocked', nextTryAt })
    expect(screen.getByRole('status').textContent).toMatch(/a few seconds longer/)
    expect(container.querySelector('.bs-countdown')?.textContent).toBe('Next try in 30 s')
    fireEvent.click(screen.getByRole('button', { name: 'Try now' }))
    expect(onReconnect).toHaveBeenCalledTimes(1)
  })

  test('says how many messages wait', () => {
    expect(show({ is: 'offline' }, 2).container.textContent).toMatch(/2 messages will be sent/)
  })

  test('says for a moment that it is back, but not on the first connection', () => {
    const { container, change } = show({ is: 'connecting' })
    change({ is: 'live' })
    expect(container.textContent).toBe('')
    change({ is: 'offline' })
    change({ is: 'live' })
    expect(container.textContent).toBe('Connected again')
    act(() => vi.advanceTimersByTime(4_000))
    expect(container.textContent).toBe('')
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('U80 what was missed', () => {
  test('is worth a word only where it takes its time, and then the connection is back', () => {
    const { container, change } = show({ is: 'offline' })
    change({ is: 'catching-up' })
    act(() => vi.advanceTimersByTime(1_499))
    expect(container.textContent).toBe('')
    act(() => vi.advanceTimersByTime(1))
    expect(screen.getByRole('status').textContent).toBe('Fetching what came meanwhile…')
    change({ is: 'live' })
    expect(container.textContent).toBe('Connected again')
    act(() => vi.advanceTimersByTime(4_000))
    change({ is: 'catching-up' })
    act(() => vi.advanceTimersByTime(1_000))
    change({ is: 'live' })
    act(() => vi.advanceTimersByTime(1_000))
    expect(container.textContent).toBe('')
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('U36 a chat of an earlier visit', () => {
  test.each<[ConnectionState, string]>([
    [{ is: 'connecting' }, 'Connecting… You see this chat as it was at your last visit.'],
    [
      { is: 'offline' },
      'You are offline. You can keep writing: messages are sent when you are back. You see this chat as it was at your last visit.',
    ],
  ])('says so while the connection is %o', (connection, sentence) => {
    render(<ConnectionStatus connection={connection} freshness="cached" onReconnect={() => {}} />)
    expect(screen.getByRole('status').textContent).toBe(sentence)
  })
})
