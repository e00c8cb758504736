// @vitest-environment happy-dom
import type { Clinic, Profile } from '@bedside/core'
import { appointment, NOW, patient, readyChat, settings } from '@bedside/react/testing'
import { createMemoryHistory } from '@tanstack/react-router'
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { App } from '../app.tsx'
import { createFakeSession, listOf } from '../testing/fake-session.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(NOW), toFake: ['Date'] })
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

/** Somebody who is not where their clinic is. */
const travelling: Profile = { ...patient, timeZone: 'America/New_York' }

async function open(path: string, as: Profile, clinic?: Clinic) {
  const session = createFakeSession(
    {
      lists: { upcoming: listOf([appointment()]), past: listOf([]) },
      rooms: { a1: readyChat() },
      accounts: {},
      ...(clinic && { settings: clinic }),
    },
    as,
  )
  const history = createMemoryHistory({ initialEntries: [path] })
  const config = { url: '', key: '', demoAccounts: [], passwordReset: true, idle: {} }
  render(<App session={session} config={config} history={history} />)
  await screen.findByRole('heading', { level: 1 })
}
const LIST = '/appointments'
/** The language decides on the spaces around the dash. */
const THERE = /^At the clinic: 14:30\s?–\s?15:00$/
const CHAT = '/appointments/a1/chat'

describe('U78 where the clinic’s clock shows another time', () => {
  test('U78 it stands with the appointment in the list, in text that needs no pointer', async () => {
    await open(LIST, travelling, settings())
    expect((await screen.findByText(/^0?9:30\s?–\s?10:00$/)).closest('article')).toBeTruthy()
    expect(await screen.findByText(THERE)).toBeTruthy()
  })

  test('U78 and in the details', async () => {
    await open(CHAT, travelling, settings())
    expect(await screen.findByText(THERE)).toBeTruthy()
  })

  test('U78 with the day, where that is another one there', async () => {
    await open(LIST, { ...patient, timeZone: 'Pacific/Auckland' }, settings())
    expect(await screen.findByText('At the clinic: 23 Nov 2026, 14:30')).toBeTruthy()
  })

  test('U78 nothing is added where the reader is there', async () => {
    await open(LIST, patient, settings())
    expect(await screen.findByText(/^14:30\s?–\s?15:00$/)).toBeTruthy()
    expect(screen.queryByText(/At the clinic/)).toBeNull()
  })
})
