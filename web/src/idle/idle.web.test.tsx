// @vitest-environment happy-dom
import type { Profile } from '@bedside/core'
import { appointment, doctor, patient, readyChat } from '@bedside/react/testing'
import { createMemoryHistory } from '@tanstack/react-router'
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { App } from '../app.tsx'
import { createFakeSession, listOf } from '../testing/fake-session.ts'
import { idleAt, limitsFor, nextLookMs } from './idle.ts'

const KEY = 'bedside-active-at'
const START = Date.parse('2026-11-26T09:00:00Z')
const CHAT = '/appointments/a1/chat'
const MINUTE = 60_000

beforeEach(() => {
  localStorage.clear()
  vi.useFakeTimers({ now: START, toFake: ['Date', 'setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
})

afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

async function open(as: Profile = doctor, path = CHAT) {
  const history = createMemoryHistory({ initialEntries: [path] })
  const session = createFakeSession(
    {
      lists: { upcoming: listOf([appointment()]), past: listOf([]) },
      rooms: { a1: readyChat() },
      accounts: { 'margaret@example.com': patient },
    },
    as,
  )
  const config = { url: '', key: '', demoAccounts: [], passwordReset: true, idle: {} }
  render(<App session={session} config={config} history={history} />)
  return { history, session }
}

const chat = () => document.querySelector('textarea')
const warning = () => screen.queryByRole('alertdialog', { hidden: true })
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms))
/** As a lid that is closed: time goes by, nothing runs. */
const sleep = (ms: number) => vi.setSystemTime(Date.now() + ms)
const wake = () => act(() => window.dispatchEvent(new Event('focus')))
const elsewhere = (at: number) =>
  act(() => {
    localStorage.setItem(KEY, String(at))
    window.dispatchEvent(new StorageEvent('storage', { key: KEY }))
  })

describe('U94 who does nothing is warned and signed off', () => {
  test('U94 staff after a quarter of an hour, patients after half an hour, in the installed app after a day’s round', () => {
    const minutes = (...args: Parameters<typeof limitsFor>) => limitsFor(...args).signOffMs / MINUTE
    expect([minutes('doctor', false), minutes('admin', true)]).toEqual([15, 15])
    expect([minutes('patient', false), minutes('patient', true)]).toEqual([30, 720])
    expect(limitsFor('doctor', false, { staffSeconds: 30 })).toEqual({ signOffMs: 30_000, warningMs: 10_000 })
  })

  test('U94 at every moment: active, warned, over; and it is looked again when that changes', () => {
    const limits = { signOffMs: 100_000, warningMs: 20_000 }
    const at = (ms: number) => {
      const idle = idleAt(START + ms, START, limits)
      return idle.is === 'warning' ? idle.secondsLeft : idle.is
    }
    expect([-5_000, 0, 79_999, 80_000, 80_500, 99_001, 99_999, 100_000, 9e9].map(at)).toEqual([
      ...['active', 'active', 'active', 20, 20, 1, 1, 'over', 'over'],
    ])
    expect(idleAt(START, 0, limits)).toEqual({ is: 'over' })
    expect([0, 79_000, 80_000, 80_500].map(ms => nextLookMs(START + ms, START, limits))).toEqual([
      ...[80_000, 1_000, 1_000, 500],
    ])
  })

  test('U94 a warning counts down; then the page is gone, the reason stands there, and signing in leads back', async () => {
    const { history, session } = await open()
    await screen.findByRole('textbox')
    await pass(14 * MINUTE - 5_000)
    expect(warning()).toBeNull()
    await pass(10_000)
    expect(warning()?.textContent).toMatch(/Are you still there\?.*is kept\..*5[0-9] seconds left/)
    await pass(60_000)
    expect(chat()).toBeNull()
    await pass(2_000)
    expect(session.current.is).toBe('signed-out')
    await screen.findByRole('heading', { level: 1, name: 'Sign in' })
    expect(screen.getByRole('status').textContent).toMatch(/nothing happened for a while/)
    fireEvent.change(screen.getByLabelText('Email address'), { target: { value: 'margaret@example.com' } })
    fireEvent.change(screen.getByLabelText('Password'), { target: { value: 'x' } })
    fireEvent.click(screen.getByRole('button', { name: 'Sign in' }))
    await screen.findByRole('textbox')
    expect(history.location.pathname).toBe(CHAT)
    await pass(5 * MINUTE)
    expect(chat()).not.toBeNull()
  })

  test('U94 whoever types, taps or scrolls is there; what the page does of itself is nobody', async () => {
    await open()
    const field = await screen.findByRole('textbox')
    for (const type of ['keydown', 'pointerdown', 'wheel', 'touchstart', 'input']) {
      await pass(13 * MINUTE)
      act(() => field.dispatchEvent(new Event(type, { bubbles: true })))
    }
    await pass(13 * MINUTE)
    expect(warning()).toBeNull()
    act(() => field.dispatchEvent(new Event('scroll', { bubbles: true })))
    act(() => field.dispatchEvent(new Event('pointermove', { bubbles: true })))
    await pass(2 * MINUTE - 5_000)
    expect(warning()).not.toBeNull()
  })

  test('U94 staying takes an answer, and Escape is one', async () => {
    await open()
    await screen.findByRole('textbox')
    await pass(14 * MINUTE + 5_000)
    fireEvent.keyDown(document.body, { key: 'a' })
    expect(warning()).not.toBeNull()
    fireEvent.click(screen.getByRole('button', { name: 'Stay signed in', hidden: true }))
    expect(warning()).toBeNull()
    await pass(14 * MINUTE + 5_000)
    const dialog = warning()
    if (dialog) fireEvent(dialog, new Event('cancel', { cancelable: true }))
    expect(warning()).toBeNull()
    await pass(10 * MINUTE)
    expect(chat()).not.toBeNull()
  })
})

describe('U95 all tabs of a browser are one', () => {
  test('U95 what is done in another tab counts, and takes the warning away here', async () => {
    await open()
    await screen.findByRole('textbox')
    await pass(10 * MINUTE)
    elsewhere(Date.now())
    await pass(10 * MINUTE)
    expect(warning()).toBeNull()
    await pass(4 * MINUTE + 5_000)
    expect(warning()).not.toBeNull()
    elsewhere(Date.now())
    expect(warning()).toBeNull()
    await pass(10 * MINUTE)
    expect(chat()).not.toBeNull()
  })

  test('U95 where another tab signed off, this one shows nothing any more', async () => {
    await open()
    await screen.findByRole('textbox')
    elsewhere(0)
    expect(chat()).toBeNull()
  })
})

describe('U96 a machine that slept past the time', () => {
  test('U96 shows nothing on waking', async () => {
    const { session } = await open()
    await screen.findByRole('textbox')
    sleep(16 * MINUTE)
    wake()
    expect(chat()).toBeNull()
    expect(warning()).toBeNull()
    await pass(2_000)
    expect(session.current.is).toBe('signed-out')
  })

  test('U96 a key that wakes it is no sign of the one who was there', async () => {
    await open()
    const field = await screen.findByRole('textbox')
    sleep(16 * MINUTE)
    fireEvent.keyDown(field, { key: 'a' })
    expect(chat()).toBeNull()
  })

  test('U96 a page that is opened after the time never shows what was there', async () => {
    localStorage.setItem(KEY, String(START - 16 * MINUTE))
    const { session } = await open()
    const seen: boolean[] = []
    for (let i = 0; i < 20; i++) {
      seen.push(chat() !== null)
      await pass(100)
    }
    expect(seen).not.toContain(true)
    expect(session.current.is).toBe('signed-out')
  })

  test('U96 a patient who comes back sooner goes on, and a clock that was set back signs nobody off', async () => {
    localStorage.setItem(KEY, String(START + 90 * MINUTE))
    await open(patient)
    await screen.findByRole('textbox')
    await pass(20 * MINUTE)
    expect(chat()).not.toBeNull()
  })
})
