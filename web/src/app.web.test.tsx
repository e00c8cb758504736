// @vitest-environment happy-dom
import { type AppointmentListState, ChatError, type ChatState, type Profile } from '@bedside/core'
import { appointment, doctor, message, patient, readyChat } from '@bedside/react/testing'
import { createMemoryHistory } from '@tanstack/react-router'
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { App } from './app.tsx'
import type { DemoAccount } from './config.ts'
import { createFakeSession, listOf } from './testing/fake-session.ts'

afterEach(cleanup)

interface Opened {
  as?: Profile
  chat?: ChatState
  upcoming?: AppointmentListState
  demoAccounts?: DemoAccount[]
}

function open(path: string, options: Opened = {}) {
  const history = createMemoryHistory({ initialEntries: [path] })
  const session = createFakeSession(
    {
      lists: { upcoming: options.upcoming ?? listOf([appointment()]), past: listOf([]) },
      rooms: options.chat ? { a1: options.chat } : {},
      accounts: { 'margaret@example.com': patient },
    },
    options.as ?? null,
  )
  render(
    <App
      session={session}
      config={{ url: '', key: '', demoAccounts: options.demoAccounts ?? [], passwordReset: true, idle: {} }}
      history={history}
    />,
  )
  return { history, session }
}

const heading = (name: string | RegExp) => screen.findByRole('heading', { level: 1, name })

async function signIn(email: string, password = 'secret') {
  fireEvent.change(await screen.findByLabelText('Email address'), { target: { value: email } })
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: password } })
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }))
}

describe('signing in', () => {
  test('U22 is asked for before any page, and leads back to it', async () => {
    const { history } = open('/appointments/a1/chat', { chat: readyChat() })
    await heading('Sign in')
    expect(history.location.search).toContain('next=')
    await signIn('margaret@example.com')
    await heading(/Amara Okafor/)
    expect(history.location.pathname).toBe('/appointments/a1/chat')
  })

  test.each([
    'https://evil.example/login',
    'http://127.0.0.1:9/x',
    '//evil.example',
    '/\\\\evil.example',
    'mailto:a@b.example',
  ])('U20 and stays in this app, whatever the address says: %s', async next => {
    const { history } = open(`/sign-in?next=${encodeURIComponent(next)}`, { as: patient })
    await heading('Appointments')
    expect(history.location.pathname).toBe('/appointments')
  })

  test('U22 signing out leaves nothing of the page', async () => {
    const { history, session } = open('/appointments', { as: patient })
    await screen.findByText('Dr. Amara Okafor')
    await act(() => session.signOut())
    await heading('Sign in')
    expect(screen.queryByText('Dr. Amara Okafor')).toBeNull()
    expect(history.location.search).toBe('')
    expect(screen.getByRole('status').textContent).toBe('You are signed out.')
  })

  test('U23 says what is wrong, and keeps what was typed', async () => {
    open('/sign-in')
    await heading('Sign in')
    fireEvent.click(screen.getByRole('button', { name: 'Sign in' }))
    expect(screen.getByText('Enter your email address.')).toBeTruthy()
    expect(screen.getByText('Enter your password.')).toBeTruthy()
    await signIn('nobody@example.com')
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toMatch(/email address or the password is not right/)
    expect(screen.getByLabelText<HTMLInputElement>('Email address').value).toBe('nobody@example.com')
    await vi.waitFor(() => expect(document.activeElement).toBe(alert))
  })

  test('U24 demo accounts stand there only where the server names them, and take one click', async () => {
    open('/sign-in')
    await heading('Sign in')
    expect(screen.queryByText('Demo clinic')).toBeNull()
    cleanup()
    const account = { email: 'margaret@example.com', password: 'x', label: 'Margaret Ellis', role: 'patient' }
    open('/sign-in', { demoAccounts: [account] })
    fireEvent.click(await screen.findByRole('button', { name: /Margaret Ellis/ }))
    await heading('Appointments')
  })
})

describe('the appointments', () => {
  test('U25 show with whom, as what, when, where, and what is unread; nothing clinical', async () => {
    open('/appointments', { as: patient })
    const card = (await screen.findByText('Dr. Amara Okafor')).closest('article')
    for (const text of [
      'Doctor, \u2068Cardiology',
      '14:30',
      'Harbour Clinic',
      'Confirmed',
      '2 unread messages',
    ]) {
      expect(card?.textContent).toContain(text)
    }
    expect(card?.textContent).not.toContain('Blood pressure')
    await waitFor(() => expect(document.title).toBe('(2) Appointments · Bedside'))
  })

  test('U25 show the patient to the doctor', async () => {
    open('/appointments', { as: doctor })
    expect(await screen.findByRole('link', { name: /Chat with .*Margaret Ellis/ })).toBeTruthy()
  })

  test('U33 show the doctor to who writes for a patient, and for whom', async () => {
    open('/appointments', { as: { ...patient, id: 'p9', displayName: 'Daniel Ellis' } })
    const link = await screen.findByRole('link', { name: /Chat with .*Amara Okafor/ })
    expect(link.closest('article')?.textContent).toMatch(/For .*Margaret Ellis/)
    cleanup()
    open('/appointments', { as: patient })
    const own = await screen.findByRole('link', { name: /Chat with .*Amara Okafor/ })
    expect(own.closest('article')?.textContent).not.toContain('Margaret Ellis')
  })

  test('U25 have an address each for upcoming and past', async () => {
    const { history } = open('/appointments', { as: patient })
    fireEvent.click(await screen.findByRole('link', { name: 'Past' }))
    await screen.findByText('No past appointments')
    expect(history.location.search).toBe('?show=past')
  })
})

describe('the chat’s page', () => {
  test('U26 has no name in the tab’s title, but how many messages are new', async () => {
    const chat = readyChat({ messages: [message(1, doctor.id, 'hello')] })
    open('/appointments/a1/chat', { as: patient, chat })
    await heading(/Amara Okafor/)
    await waitFor(() => expect(document.title).toBe('(1) Appointment chat · Bedside'))
  })

  test('U27 looks the same for a room that is missing and one that is forbidden', async () => {
    const pages: string[] = []
    for (const kind of ['not-found', 'forbidden'] as const) {
      open('/appointments/a1/chat', { as: patient, chat: { is: 'failed', error: new ChatError(kind) } })
      await screen.findByText('This chat cannot be shown')
      pages.push(document.body.innerHTML.replaceAll(/id="[^"]*"/g, ''))
      cleanup()
    }
    expect(pages[0]).toBe(pages[1])
  })

  test('U36 says that appointments are those of an earlier visit', async () => {
    const upcoming = { ...listOf([appointment()]), freshness: 'cached' as const }
    open('/appointments', { as: patient, upcoming })
    await screen.findByText('You see your appointments as they were at your last visit.')
    expect(screen.getByRole('link', { name: /Chat with/ })).toBeTruthy()
  })

  test('U28 shows nothing of a chat that was taken away', async () => {
    open('/appointments/a1/chat', { as: patient, chat: { is: 'revoked' } })
    await screen.findByText('You are no longer part of this chat')
    expect(screen.queryByRole('textbox')).toBeNull()
    expect(screen.queryByText('Dr. Amara Okafor')).toBeNull()
  })

  test('U29 gives the focus to the heading when the page changes', async () => {
    open('/appointments', { as: patient, chat: readyChat() })
    fireEvent.click(await screen.findByRole('link', { name: /Chat with/ }))
    const title = await heading(/Amara Okafor/)
    await waitFor(() => expect(document.activeElement).toBe(title))
  })

  test('U30 speaks the person’s language, dates and all', async () => {
    const spanish: Profile = { ...patient, locale: 'es-ES', timeZone: 'Europe/Madrid' }
    open('/appointments', { as: spanish })
    await heading('Citas')
    expect(screen.getByText(/15:30/)).toBeTruthy()
    expect(document.documentElement.lang).toBe('es-ES')
    expect(document.documentElement.dir).toBe('ltr')
  })
})
