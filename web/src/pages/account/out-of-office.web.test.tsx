// @vitest-environment happy-dom
import { ChatError, type OutOfOffice, type Profile, type Session } from '@bedside/core'
import { doctor, NOW, patient } from '@bedside/react/testing'
import { createMemoryHistory } from '@tanstack/react-router'
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { App } from '../../app.tsx'
import { fromCivil, toCivil } from '../../form/civil-time.ts'
import { createFakeSession, listOf } from '../../testing/fake-session.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(NOW), toFake: ['Date'] })
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

const set: OutOfOffice = {
  startsAt: '2026-11-23T08:00:00.000Z',
  backAt: '2026-11-30T09:00:00.000Z',
  note: 'At a congress.',
}

function open(absence: OutOfOffice | null | undefined, as: Profile = doctor) {
  const session = createFakeSession(
    {
      ...{ lists: { upcoming: listOf([]), past: listOf([]) }, rooms: {}, accounts: {} },
      ...(absence !== undefined && { absence }),
    },
    as,
  )
  const history = createMemoryHistory({ initialEntries: ['/account'] })
  const config = { url: '', key: '', demoAccounts: [], passwordReset: true, idle: {} }
  render(<App session={session} config={config} history={history} />)
  return { chat: chatOf(session) }
}
function chatOf({ current }: Session) {
  if (current.is !== 'signed-in') throw new Error('nobody is signed in')
  return {
    set: vi.spyOn(current.chat, 'setOutOfOffice'),
    clear: vi.spyOn(current.chat, 'clearOutOfOffice'),
    get: vi.spyOn(current.chat, 'outOfOffice'),
  }
}

/** Another section of the page has a place for its own. */
const alertOf = async (text: string) => (await screen.findByText(text)).closest<HTMLElement>('[role=alert]')
const field = (label: string | RegExp) => screen.findByLabelText<HTMLInputElement>(label)
const fill = async (label: string | RegExp, value: string) =>
  fireEvent.change(await field(label), { target: { value } })
const press = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }))
const problemOf = async (label: string | RegExp) => {
  const input = await field(label)
  const ids = input.getAttribute('aria-describedby')?.split(' ') ?? []
  return document.getElementById(ids.at(-1) ?? '')?.textContent ?? ''
}

describe('U76 a doctor sets when they are away', () => {
  test('U76 until when, in their own zone; the rest may stay empty', async () => {
    const { chat } = open(null, { ...doctor, timeZone: 'America/New_York' })
    await fill('Back on', '2026-11-30T09:00')
    await press('Set out of office')
    expect(await screen.findByText(/^You are away\. Back on Monday 30 November at 0?9:00\.$/)).toBeTruthy()
    expect(chat.set).toHaveBeenCalledExactlyOnceWith({
      ...{ backAt: '2026-11-30T14:00:00.000Z', startsAt: null, note: null },
    })
    const said = screen.getByText(/Your patients see it/)
    await waitFor(() => expect(document.activeElement).toBe(said))
  })

  test('U76 from when, and with which words', async () => {
    const { chat } = open(null)
    await fill('Back on', '2026-12-10T08:30')
    await fill('Away from (optional)', '2026-12-01T18:00')
    await fill('Note for your patients (optional)', '  At a congress.  ')
    await press('Set out of office')
    expect(await screen.findByText(/You are away from Tuesday 1 December at 18:00\./)).toBeTruthy()
    expect(screen.getByText('At a congress.').getAttribute('dir')).toBe('auto')
    expect(chat.set).toHaveBeenCalledExactlyOnceWith({
      ...{ backAt: '2026-12-10T08:30:00.000Z', startsAt: '2026-12-01T18:00:00.000Z', note: 'At a congress.' },
    })
  })

  test.each<[string, string, string, string, string, string]>([
    ['nothing', '', '', '', 'Back on', 'Enter the day and the time when you are back.'],
    ['a moment that is over', '2026-11-23T09:59', '', '', 'Back on', 'Enter a moment that is still to come.'],
    [
      'an end before the beginning',
      '2026-12-01T09:00',
      '2026-12-02T09:00',
      '',
      'Back on',
      'Enter a moment after the one from which you are away.',
    ],
    [
      'too long a note',
      '2026-12-01T09:00',
      '',
      '\u{1f600}'.repeat(302),
      'Note for your patients (optional)',
      'The note is 2 characters too long. Shorten it.',
    ],
  ])('U76 %s is told of in place', async (_, back, start, note, label, problem) => {
    const { chat } = open(null)
    await fill('Back on', back)
    await fill('Away from (optional)', start)
    await fill('Note for your patients (optional)', note)
    await press('Set out of office')
    expect(await problemOf(label)).toBe(problem)
    expect((await field(label)).getAttribute('aria-invalid')).toBe('true')
    expect(document.activeElement).toBe(await field(label))
    expect(chat.set).not.toHaveBeenCalled()
  })

  test('U76 half a date is no empty one', async () => {
    const { chat } = open(null)
    await fill('Back on', '2026-12-01T09:00')
    const start = await field('Away from (optional)')
    Object.defineProperty(start, 'validity', { value: { badInput: true } })
    await press('Set out of office')
    expect(await problemOf('Away from (optional)')).toBe('Enter a day and a time, or leave it empty.')
    expect(chat.set).not.toHaveBeenCalled()
  })

  test('U76 what the server refuses is told of, and what was entered stays', async () => {
    const { chat } = open(null)
    chat.set.mockRejectedValueOnce(new ChatError('offline'))
    await fill('Back on', '2026-12-01T09:00')
    await press('Set out of office')
    expect((await alertOf('Out of office is not saved yet'))?.textContent).toMatch(/You are offline/)
    expect((await field('Back on')).value).toBe('2026-12-01T09:00')
    // By the server's clock it is over.
    chat.set.mockRejectedValueOnce(new ChatError('invalid', { detail: 'back_at' }))
    await press('Set out of office')
    expect(await screen.findByText('Enter a moment that is still to come.')).toBeTruthy()
    await press('Set out of office')
    expect(await screen.findByText(/^You are away/)).toBeTruthy()
  })

  test('U76 what is set is shown, changed and cleared', async () => {
    const { chat } = open(set)
    expect(await screen.findByText(/^You are away\. Back on Monday 30 November/)).toBeTruthy()
    await press('Change')
    expect((await field('Back on')).value).toBe('2026-11-30T09:00')
    const back = await field('Back on')
    await waitFor(() => expect(document.activeElement).toBe(back))
    await press('Go back')
    await press('Change')
    await fill('Back on', '2026-12-02T09:00')
    await press('Set out of office')
    expect(await screen.findByText(/Back on Wednesday 2 December/)).toBeTruthy()
    chat.clear.mockRejectedValueOnce(new ChatError('unavailable'))
    await press('Clear out of office')
    expect(await alertOf('Out of office is not cleared yet')).toBeTruthy()
    await press('Clear out of office')
    expect(await screen.findByText(/Your patients no longer see it/)).toBeTruthy()
    expect((await field('Back on')).value).toBe('')
  })

  test('U76 what cannot be loaded can be tried again', async () => {
    const { chat } = open(undefined)
    const alert = await alertOf('What you have set could not be loaded.')
    chat.get.mockResolvedValueOnce(set)
    fireEvent.click(within(alert as HTMLElement).getByRole('button', { name: 'Try again' }))
    expect(await screen.findByText(/^You are away/)).toBeTruthy()
  })

  test('U76 patients have nothing to set', async () => {
    open(null, patient)
    await screen.findByRole('heading', { level: 1, name: 'Your account' })
    expect(screen.queryByText('Out of office')).toBeNull()
  })
})

describe('U76 a day and a time are those of the zone', () => {
  test.each([
    ['Europe/Madrid', '2026-11-30T09:00', '2026-11-30T08:00:00.000Z'],
    ['Asia/Kolkata', '2026-11-30T00:15', '2026-11-29T18:45:00.000Z'],
    ['Pacific/Kiritimati', '2026-12-01T00:00', '2026-11-30T10:00:00.000Z'],
    // The clocks change in this night.
    ['Europe/Madrid', '2026-03-29T01:30', '2026-03-29T00:30:00.000Z'],
    ['Europe/Madrid', '2026-03-29T03:30', '2026-03-29T01:30:00.000Z'],
    ['America/New_York', '2026-11-01T03:00', '2026-11-01T08:00:00.000Z'],
  ])('U76 in %s, %s', (zone, civil, iso) => {
    expect(fromCivil(civil, zone)).toBe(iso)
    expect(toCivil(iso, zone)).toBe(civil)
  })

  test.each(['', '2026-11-30', '12026-11-30T09:00', '2026-13-30T09:00'])('U76 %j is none', civil => {
    expect(fromCivil(civil, 'Europe/Madrid')).toBeNull()
  })

  test('U76 one that the clocks leave out is within the hour around it', () => {
    const at = Date.parse(fromCivil('2026-03-29T02:30', 'Europe/Madrid') ?? '')
    expect(Math.abs(at - Date.parse('2026-03-29T01:00:00.000Z'))).toBeLessThanOrEqual(3_600_000)
  })
})
